"""Random lives of a manager: whatever happens, its invariants hold and no ticket is lost."""

import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.memory.residency.shell import Shell, item

from aweigh.memory.policy.base import Drop, Fetch, Item, Pin, Policy, Prefer, Record, Suggestion, Unpin, View
from aweigh.memory.policy.lru import LRU
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.events import Priority
from aweigh.proto.errors import CheckpointInvalid

COUNT = 12


class Hostile(Policy):
    """Suggests anything, of anything, at any time."""

    guesses = True

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def suggest(self, view: View):  # type: ignore[no-untyped-def]
        draw = self._draw
        while draw.random() < 0.95:
            extent = draw.randrange(-2, COUNT + 3)
            cost = draw.choice((0.0, 1.0, -1.0, float("nan"), float("inf")))
            kinds: list[Suggestion] = [Drop(extent, cost), Fetch(extent, cost), Pin(extent, cost), Unpin(extent)]
            yield draw.choice([*kinds, Prefer(extent, "tier")])

    def wakes(self, time: float) -> float | None:
        return time + 0.05


class Machine(RuleBasedStateMachine):
    """Events in any order that a correct shell can produce. The shell of the tests proves the invariants after each."""

    @initialize(
        budget=st.integers(6, 16),
        sizes=st.lists(st.integers(1, 3), min_size=COUNT, max_size=COUNT),
        seed=st.none() | st.integers(0, 99),
    )
    def begin(self, budget: int, sizes: list[int], seed: int | None) -> None:
        self.items: list[Item] = [item(number, size) for number, size in enumerate(sizes)]
        self.shell = Shell(budget, self.items, LRU() if seed is None else Hostile(seed), rate=1e12)
        self.known = set(range(COUNT))
        self.asked: dict[int, tuple[int, ...]] = {}
        self.takes: dict[int, int] = {}
        self.urgent: dict[int, bool] = {}
        self.ended: set[int] = set()
        self.given = 0
        self.last = 0
        self.spoiled: dict[int, set[int]] = {}  # by ticket that was ready, what turned out to be wrong under it

    def _open(self) -> list[int]:
        return [ticket for ticket in (*self.asked, *self.takes) if ticket not in self.ended]

    def _settled(self) -> None:
        """Tickets that ended since the last look, and frames that were granted."""
        for ticket in self.shell.refused:
            self.ended.add(ticket)
        for ticket in self.shell.granted:
            if ticket not in self.ended:
                self.ended.add(ticket)
                self.given += self.takes[ticket]

    @rule(ids=st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=5), priority=st.sampled_from(list(Priority)))
    def need(self, ids: set[int], priority: Priority) -> None:
        wanted = tuple(extent for extent in ids if extent in self.known)
        if not wanted:
            return
        self.last += 1
        self.asked[self.last] = wanted
        self.urgent[self.last] = priority is Priority.NOW
        self.shell.need(self.last, *wanted, priority=priority, model="m")
        self._settled()

    @rule(frames=st.integers(1, 6))
    def take(self, frames: int) -> None:
        self.last += 1
        self.takes[self.last] = frames
        self.urgent[self.last] = True
        self.shell.tell(ev.TakeFrames(self.last, frames, self.shell.now()))
        self._settled()

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def give(self, data: st.DataObject) -> None:
        frames = data.draw(st.integers(1, self.given))
        self.given -= frames
        self.shell.tell(ev.GiveFrames(frames, self.shell.now()))
        self._settled()

    @precondition(lambda self: self.shell.ready)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        ticket = data.draw(st.sampled_from(sorted(self.shell.ready)))
        self.ended.add(ticket)
        for extent in self.asked[ticket]:
            there = self.shell.manager.is_resident(extent) or extent in self.spoiled.get(ticket, ())
            assert there and extent not in self.shell.leaving, "what is held is there"
        self.spoiled.pop(ticket, None)
        records = tuple(Record(self.shell.now(), extent, 3) for extent in self.asked[ticket])
        self.shell.tell(ev.Used(records))
        self.shell.release(ticket)
        self._settled()

    @precondition(lambda self: self._open())
    @rule(data=st.data(), withdraw=st.booleans())
    def change_mind(self, data: st.DataObject, withdraw: bool) -> None:
        ticket = data.draw(st.sampled_from(self._open()))
        if not withdraw:
            self.urgent[ticket] = True
            self.shell.tell(ev.Raise(ticket, Priority.NOW, self.shell.now()))
        else:
            self.ended.add(ticket)
            self.shell.ready.discard(ticket)
            self.shell.tell(ev.Withdraw(ticket, self.shell.now()))
        self._settled()

    @precondition(lambda self: self.shell.fetching)
    @rule(data=st.data(), fails=st.integers(0, 4))
    def answer_fetch(self, data: st.DataObject, fails: int) -> None:
        extent = data.draw(st.sampled_from(sorted(self.shell.fetching)))
        if fails:
            self.shell.arrive(extent)
        else:
            del self.shell.fetching[extent]
            self.shell.tell(ev.Failed(extent, CheckpointInvalid("a page is bad."), self.shell.now()))
        self._settled()

    @precondition(lambda self: self.shell.fetching)
    @rule(data=st.data())
    def stall(self, data: st.DataObject) -> None:
        extent = data.draw(st.sampled_from(sorted(self.shell.fetching)))
        self.shell.tell(ev.Stalled(extent, self.shell.now()))
        self._settled()

    @precondition(lambda self: self.shell.manager.resident)
    @rule(data=st.data(), twice=st.booleans())
    def damage(self, data: st.DataObject, twice: bool) -> None:
        extent = data.draw(st.sampled_from(self.shell.manager.resident))
        holders = {ticket for ticket in self.shell.ready if extent in self.asked[ticket]}
        for ticket in holders:
            self.spoiled.setdefault(ticket, set()).add(extent)
        for _ in range(1 + twice):
            out = self.shell.tell(ev.Damaged(extent, self.shell.now()))
            assert not self.shell.manager.is_resident(extent)
            assert (ev.Drop(extent) in out) <= (not holders), "who may be reading it keeps it"
        assert (extent in self.shell.leaving) == (not holders)
        self._settled()

    @precondition(lambda self: self.shell.leaving)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        self.shell.confirm(data.draw(st.sampled_from(sorted(self.shell.leaving))))
        self._settled()

    @rule(budget=st.integers(0, 40), least=st.integers(0, 3), most=st.none() | st.integers(3, 14))
    def set_budget(self, budget: int, least: int, most: int | None) -> None:
        self.shell.tell(ev.SetBudget(min(16, budget), self.shell.now(), least, most))
        self._settled()

    @rule(seed=st.none() | st.integers(0, 99))
    def swap_policy(self, seed: int | None) -> None:
        self.shell.tell(ev.SetPolicy(LRU() if seed is None else Hostile(seed), self.shell.now()))

    @rule(ids=st.sets(st.integers(0, COUNT - 1), max_size=3))
    def forget_and_register(self, ids: set[int]) -> None:
        gone = tuple(extent for extent in ids if extent in self.known)
        self.shell.tell(ev.Forget(gone))
        self.known -= set(gone)
        self._settled()

    @rule()
    def register(self) -> None:
        unused = self.shell.manager.numbers(COUNT)
        back = [extent for extent in range(COUNT) if extent not in self.known and extent in unused]
        self.shell.tell(ev.Register(tuple(self.items[extent] for extent in back)))
        self.known.update(back)

    @rule()
    def tick(self) -> None:
        due = self.shell.manager.next_decision_time()
        self.shell.tell(ev.Tick(max(self.shell.now(), due or 0.0)))

    @invariant()
    def nothing_fits_and_waits_alone(self) -> None:
        """With nobody to wait for, a ticket does not wait."""
        if not hasattr(self, "shell"):
            return
        waiting = {ticket for ticket in self._open() if self.urgent.get(ticket)} - self.shell.ready
        if not self.shell.fetching and not self.shell.leaving and not self.shell.ready:
            assert not waiting, "nobody holds anything, and somebody waits"

    def teardown(self) -> None:
        """Everybody lets go and everything is answered: each ticket that is still open must come to an end."""
        if not hasattr(self, "shell"):
            return
        for _ in range(10_000):
            self._settled()
            if self.shell.fetching or self.shell.leaving:
                self.shell.answer_all()
            elif self.shell.ready:
                ticket = min(self.shell.ready)
                self.ended.add(ticket)
                self.shell.release(ticket)
            elif hidden := [ticket for ticket in self._open() if not self.urgent[ticket]]:
                self.urgent[hidden[0]] = True
                self.shell.tell(ev.Raise(hidden[0], Priority.NOW, self.shell.now()))
            else:
                break
        assert not self._open(), "a ticket was lost"
        assert self.shell.manager.frames_used <= max(0, self.shell.manager.frames_used + self.shell.manager.frames_free)


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=150, stateful_step_count=60)
