"""The pager: the thread-safe shell around manager, mover and frames. It decides nothing.

Events go into the manager under one lock, and what it answers is obeyed under the same: a drop is a few microseconds of `mremap`, a fetch a
queue's push. Waiting happens outside, on one condition.

A step needs what its model needs. A model that fits keeps its ticket from step to step, and pays nothing for it (`soften`); the first wish that
is not fulfilled at once takes such tickets back from models that do not compute at the moment, after telling when they last did.
"""

import dataclasses
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.host import HostFrames, HostPlace
from aweigh.memory.mover.core import Moved, Outcome
from aweigh.memory.paging.carrier import Carrier
from aweigh.memory.paging.report import ArenaReport
from aweigh.memory.policy.base import Item, Policy, Record
from aweigh.memory.policy.default import default_policy
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.region import Region
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.events import Priority
from aweigh.memory.residency.manager import Manager
from aweigh.proto.errors import AweighError, Overloaded

_TAKING = 0.25  # seconds that keys and values wait for reads that are being cancelled
PATIENCE = 60.0  # seconds that a run waits for weights, unless others wait for the thread that it runs on


@dataclass(slots=True)
class _Paged:
    """A region that somebody maps."""

    region: Region
    place: HostPlace
    models: dict[str, int]  # by name, place in the order of use
    leaving: bool = False


class Pager:
    """All regions of one arena. Every method may be called from any thread."""

    def __init__(
        self,
        frames: int,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        map_cached: bool = True,
        depth: int = 2,
        guess_bytes_per_second: float = 0.0,
        kv_least: int = 0,
        kv_most: int | None = None,
    ) -> None:
        """
        Args:
            map_cached: regions that the page cache holds are mapped and not read.
            depth: stages that a step asks for ahead of the one that computes.
            guess_bytes_per_second: what the policy's guesses may move; 0: nothing is guessed.
            kv_least, kv_most: frames that are kept for keys and values, and that they may take; None: all.

        Raises MemoryError, ValueError.
        """
        self.frames = HostFrames(frames)
        self.patience = PATIENCE
        self.on_ready: Callable[[int], None] = lambda ticket: None
        self._clock = clock
        self.depth = depth
        self.policy = policy or default_policy()
        self._manager = Manager(self.policy, guess_bytes_per_second)
        self._carrier = Carrier(self.frames, self._moved, map_cached=map_cached)
        self._changed = threading.Condition(threading.RLock())
        self._paged: dict[int, _Paged] = {}
        self._tickets = itertools.count(1)
        self._ready: set[int] = set()
        self._refused: dict[int, AweighError] = {}
        self._watched: set[int] = set()
        self._soft: dict[int, tuple[tuple[int, ...], float]] = {}  # tickets that may be taken back: extents, last use
        self._most_kv = frames // 2 if kv_most is None else kv_most
        self._closed = False
        self._feed(ev.SetBudget(frames, clock(), kv_least, kv_most))
        if guess_bytes_per_second:
            threading.Thread(target=self._tick, name="pager", daemon=True).start()

    # Regions

    def add(self, region: Region) -> int:
        """Its number. Nothing is fetched. Raises MemoryError if there are no addresses for it."""
        with self._changed:
            number = self._manager.numbers(1)[0]
            self._paged[number] = _Paged(region, self.frames.reserve(region.frames), {})
            self._register([number])
            return number

    def place(self, number: int) -> HostPlace:
        """Where a region is while it is resident."""
        return self._paged[number].place

    def order(self, model: str, numbers: Iterable[int]) -> None:
        """Says in which order a model uses its regions."""
        with self._changed:
            ordered = list(dict.fromkeys(numbers))
            for order, number in enumerate(ordered):
                self._paged[number].models[model] = order
            self._register(ordered)

    def disown(self, model: str, numbers: Iterable[int]) -> None:
        """A model does not use these regions any more; others may."""
        with self._changed:
            owned = [
                number for number in dict.fromkeys(numbers) if self._paged[number].models.pop(model, None) is not None
            ]
            self._register(owned)

    def remove(self, numbers: Sequence[int]) -> None:
        """Nobody maps these regions any more; nobody holds a ticket for them."""
        with self._changed:
            self._take_back()
            for number in numbers:
                self._paged[number].leaving = True
            self._feed(ev.Forget(tuple(numbers)))
            for number in numbers:
                self._let_go(number)

    # Tickets

    def need(self, numbers: Sequence[int], model: str, priority: Priority = Priority.NOW) -> int:
        """Asks for regions, to be resident at once until `release`. Returns the ticket; see `wait`."""
        with self._changed:
            ticket = next(self._tickets)
            self._feed(ev.Need(ticket, tuple(numbers), priority, self._clock(), model))
            if ticket not in self._ready:
                self._take_back()
            return ticket

    def hold(self, number: int, region: Region) -> int | None:
        """A ticket for a region that is resident now; None if it is not: nothing is brought for it."""
        with self._changed:
            paged = self._paged.get(number)
            if paged is None or paged.region is not region or not self._manager.is_resident(number):
                return None
            ticket = self.need([number], "")
            if ticket in self._ready:
                return ticket
            self.release(ticket)  # others wait for their frames already
            return None

    def hurry(self, ticket: int) -> None:
        """What was wanted next is wanted now."""
        with self._changed:
            if ticket not in self._ready and ticket not in self._refused:
                self._feed(ev.Raise(ticket, Priority.NOW, self._clock()))

    def wait(self, ticket: int, patience: float) -> bool:
        """Whether a ticket is ready, at the latest after so many seconds. Raises what the manager refused it with."""
        with self._changed:
            self._changed.wait_for(lambda: ticket in self._ready or ticket in self._refused, patience)
            if ticket in self._refused:
                raise self._refused.pop(ticket)
            return ticket in self._ready

    def late(self, numbers: Iterable[int]) -> int:
        """How many of these regions are not resident at this moment."""
        with self._changed:
            return sum(not self._manager.is_resident(number) for number in numbers)

    def watch(self, ticket: int) -> bool:
        """Has `on_ready` called when a ticket that is not ready becomes so, or is refused. False if that is so already."""
        with self._changed:
            if ticket in self._ready or ticket in self._refused:
                return False
            self._watched.add(ticket)
            return True

    def release(self, ticket: int, uses: Sequence[int] = ()) -> None:
        """Gives a ticket back, ready or not. `uses`: regions that were read under it."""
        with self._changed:
            self._soft.pop(ticket, None)
            self._end(ticket, uses, self._clock())

    def soften(self, ticket: int, numbers: tuple[int, ...]) -> None:
        """Keeps a ticket until somebody else needs its frames: ask `firm` before using it again."""
        with self._changed:
            self._soft[ticket] = numbers, self._clock()

    def firm(self, ticket: int) -> bool:
        """Whether a softened ticket still holds; if so, nobody takes it back from now on."""
        with self._changed:
            return self._soft.pop(ticket, None) is not None

    # Frames for other things

    def take_frames(self, count: int) -> bool:
        """Takes frames out of the pool for keys and values, if they can be had without waiting for anybody."""
        with self._changed:
            ticket = next(self._tickets)
            self._feed(ev.TakeFrames(ticket, count, self._clock()))
            if ticket not in self._ready and ticket not in self._refused:
                self._take_back()
            if ticket not in self._ready and ticket not in self._refused and self._carrier.busy:
                # A cancelled read gives its frames when it ends, and most end soon.
                self._changed.wait_for(lambda: ticket in self._ready or ticket in self._refused, _TAKING)
            if ticket in self._ready:
                self._ready.discard(ticket)
                return True
            if self._refused.pop(ticket, None) is None:
                self._feed(ev.Withdraw(ticket, self._clock()))
            return False

    def give_frames(self, count: int) -> None:
        """Gives such frames back; they are in the pool again."""
        with self._changed:
            self._feed(ev.GiveFrames(count, self._clock()))

    def reserve(self, count: int) -> HostPlace:
        """Addresses that frames are taken for later. Raises MemoryError."""
        with self._changed:
            return self.frames.reserve(count)

    def back(self, place: HostPlace, first: int, count: int) -> None:
        """Puts frames that were taken into a reserved place."""
        with self._changed:
            self.frames.back(place, first, count)

    def strip(self, place: HostPlace, first: int, count: int) -> None:
        """Takes them out; `give_frames` follows."""
        with self._changed:
            self.frames.strip(place, first, count)

    def set_policy(self, policy: Policy) -> None:
        """Another policy from now on. The one before, if it has a process, is ended."""
        with self._changed:
            before, self.policy = self.policy, policy
            self._feed(ev.SetPolicy(policy, self._clock()))
        before.close()

    @property
    def resident_frames(self) -> int:
        """Frames of weights that are there or on their way."""
        with self._changed:
            return self._manager.frames_used

    @property
    def most_kv_bytes(self) -> int:
        """What keys and values may have; half of the arena, unless it was said."""
        return self._most_kv * FRAME_BYTES

    def report(self) -> ArenaReport:
        """Who has what at this moment."""
        with self._changed:
            manager, policy = self._manager, self.policy
            name = policy.name if isinstance(policy, UserPolicy) else type(policy).__name__
            regions = {number: paged.place.frames for number, paged in self._paged.items()}
            resident = frozenset(manager.resident)
            counters = dataclasses.replace(manager.counters)
            return ArenaReport(
                self.frames.frames, manager.frames_used, self.kv_frames, name, counters, regions, resident
            )

    @property
    def kv_frames(self) -> int:
        """Frames that keys and values have."""
        with self._changed:
            return self.frames.frames - self._manager.frames_free - self._manager.frames_used

    def close(self) -> None:
        """Ends the threads."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._carrier.close()
        self.policy.close()

    def check_integrity(self) -> None:
        """Proves that manager and frames agree."""
        with self._changed:
            self._manager.check_integrity()
            self.frames.check_integrity()
            for number in self._manager.resident:
                place = self._paged[number].place
                assert len(place.held) == place.frames or place.shows_file
            backed = sum(len(paged.place.held) for paged in self._paged.values())
            assert backed <= self._manager.frames_used

    # Under the lock

    def _register(self, numbers: Iterable[int]) -> None:
        self._feed(ev.Register(tuple([self._item(number) for number in numbers])))

    def _item(self, number: int) -> Item:
        paged = self._paged[number]
        region = paged.region
        order = min(paged.models.values(), default=0)
        return Item(
            number,
            region.frames,
            region.length,
            tuple(paged.models),
            order,
            region.seconds(self._carrier.bytes_per_second),
        )

    def _tick(self) -> None:
        """Wakes the manager when its policy may guess something new."""
        with self._changed:
            while not self._closed:
                due = self._manager.next_decision_time()
                self._changed.wait(None if due is None else max(0.0, due - self._clock()))
                if due is not None and not self._closed and self._clock() >= due:
                    self._feed(ev.Tick(self._clock()))

    def _take_back(self) -> None:
        """Releases every ticket that is only kept for convenience, the longest unused first."""
        soft = sorted(self._soft.items(), key=lambda entry: entry[1][1])
        self._soft.clear()
        for ticket, (numbers, used) in soft:
            self._end(ticket, numbers, used)

    def _end(self, ticket: int, uses: Sequence[int], now: float) -> None:
        self._watched.discard(ticket)
        if uses:
            self._feed(ev.Used(tuple([Record(now, number, 1) for number in uses])))
        if ticket in self._ready:
            self._ready.discard(ticket)
            self._feed(ev.Release(ticket, now))
        elif self._refused.pop(ticket, None) is None:
            self._feed(ev.Withdraw(ticket, now))

    def _feed(self, event: ev.Event) -> None:
        pending = [event]
        while pending:
            current = pending.pop(0)
            for instruction in self._manager.handle(current):
                answer = self._obey(instruction)
                if answer is not None:
                    pending.append(answer)
            if isinstance(current, ev.Dropped | ev.Failed):
                self._let_go(current.id)

    def _obey(self, instruction: ev.Instruction) -> ev.Event | None:
        match instruction:
            case ev.Fetch(number, priority):
                paged = self._paged[number]
                try:
                    if self._carrier.bring(number, paged.region, paged.place, priority):
                        return ev.Arrived(number, self._clock())
                except (OSError, MemoryError) as error:
                    return ev.Failed(number, Overloaded(f"there is no room to bring weights: {error}"), self._clock())
            case ev.Cancel(number):
                self._carrier.cancel(number)
            case ev.Drop(number):
                self.frames.empty(self._paged[number].place)
                return ev.Dropped(number, self._clock())
            case ev.Ready(ticket) | ev.Grant(ticket):
                self._ready.add(ticket)
                self._tell(ticket)
            case ev.Refuse(ticket, error):
                self._ready.discard(ticket)
                self._refused[ticket] = error
                self._tell(ticket)
        return None

    def _moved(self, outcome: Outcome) -> None:
        with self._changed:
            now = self._clock()
            number = outcome.extent
            paged = self._paged[number]
            if (ended := self._carrier.came(outcome, paged.region, paged.place)) is None:
                return
            if isinstance(ended, Moved):
                self._feed(ev.Arrived(number, now))
            elif ended.reason is None:
                self._feed(ev.Dropped(number, now))
            else:
                self._feed(ev.Failed(number, ended.reason, now))
            self._let_go(number)

    def _let_go(self, number: int) -> None:
        """Gives the addresses of a region back that nobody maps and that nothing moves."""
        paged = self._paged.get(number)
        if paged is None or not paged.leaving or self._manager.knows(number):
            return
        del self._paged[number]
        self.frames.release(paged.place)

    def _tell(self, ticket: int) -> None:
        self._changed.notify_all()
        if ticket in self._watched:
            self._watched.discard(ticket)
            self.on_ready(ticket)
