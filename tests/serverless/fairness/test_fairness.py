"""Whose turn it is: shares over time, what is refused, and that nothing is ever lost."""

from collections import Counter, deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aweigh.serverless.fairness.events import Arrived, Left, Produced, Refuse, Start
from aweigh.serverless.fairness.fairness import Fairness
from aweigh.serverless.fairness.tenant import WRITTEN, cost


class World:
    """Workers that write a token a second for every call that runs. Calls are numbered as they come."""

    def __init__(self, places: int, max_wait: float = 1e9) -> None:
        self.fairness = Fairness(places, max_wait)
        self.now, self.calls = 0.0, 0
        self.tenant: dict[int, str] = {}
        self.left: dict[int, int] = {}  # of calls that run: tokens that they will still write
        self.sizes: dict[int, tuple[int, int]] = {}
        self.started: list[int] = []
        self.refused: list[Refuse] = []
        self.had: Counter[str] = Counter()

    def ask(self, tenant: str, prompt: int = 10, new: int = 10) -> int:
        self.calls += 1
        self.tenant[self.calls], self.sizes[self.calls] = tenant, (prompt, new)
        self.obey(self.fairness.handle(Arrived(self.calls, tenant, prompt, new, self.now)))
        return self.calls

    def obey(self, instructions: list[Start | Refuse]) -> None:
        for instruction in instructions:
            if isinstance(instruction, Refuse):
                self.refused.append(instruction)
                continue
            prompt, new = self.sizes[instruction.call]
            self.started.append(instruction.call)
            self.left[instruction.call] = new
            self.had[self.tenant[instruction.call]] += prompt

    def leave(self, call: int) -> None:
        self.left.pop(call, None)
        self.obey(self.fairness.handle(Left(call, self.now)))

    def second(self) -> None:
        self.now += 1.0
        for call in list(self.left):
            self.left[call] -= 1
            self.had[self.tenant[call]] += int(WRITTEN)
            self.obey(self.fairness.handle(Produced(call, 1, self.now)))
            if not self.left[call]:
                self.leave(call)


def test_who_asks_alone_has_all_places() -> None:
    world = World(3)
    assert [world.ask("a") for _ in range(3)] == world.started
    world.ask("a")
    assert len(world.started) == 3 and world.fairness.waiting == 1


def rates(greedy: int) -> dict[str, int]:
    """What nine tenants have that ask for the next answer when they have one, beside one of which so many calls always wait."""
    world = World(64)
    names = [f"t{number}" for number in range(9)]
    pending: dict[str, int] = {}
    for _ in range(400):
        while world.fairness.waiting < greedy:
            world.ask("greedy", 10, 5 + world.calls % 11)
        for name in names:
            if name not in pending or (pending[name] in world.started and pending[name] not in world.left):
                pending[name] = world.ask(name, 10, 10)
        world.second()
    return {name: world.had[name] for name in names}


def test_a_tenant_that_asks_fifty_times_as_much_takes_nothing_from_the_others() -> None:
    alone, beside = rates(0), rates(450)
    assert min(beside.values()) >= 0.95 * min(alone.values())


@pytest.mark.parametrize("new", [(5, 50), (50, 50), (8, 1)])
def test_shares_are_of_tokens_and_not_of_calls(new: tuple[int, int]) -> None:
    """Two tenants that always have calls waiting differ by a bound that does not grow."""
    world = World(4)
    queues = {"a": new[0], "b": new[1]}
    differences = []
    for second in range(400):
        for tenant, length in queues.items():
            while sum(world.tenant[call] == tenant for call in range(1, world.calls + 1)) < second + 20:
                world.ask(tenant, 10, length)
        world.second()
        differences.append(abs(world.had["a"] - world.had["b"]))
    bound = 4 * cost(10, max(new)) + 10
    assert max(differences) <= bound


def test_who_comes_back_is_not_paid_for_having_been_away() -> None:
    world = World(1)
    world.ask("away", 10, 1)
    world.second()
    for _ in range(40):
        world.ask("busy", 10, 10)
    for _ in range(200):
        world.second()
    late = [world.ask("away", 10, 10) for _ in range(10)]
    for _ in range(100):
        world.second()
    turns = [world.tenant[call] for call in world.started if call >= late[0] or world.tenant[call] == "busy"]
    after = turns[-10:]
    assert 3 <= after.count("busy") <= 7, "they take turns from now on"


def test_what_would_wait_for_too_long_is_refused_at_once_and_told_when_to_come() -> None:
    world = World(2, max_wait=30.0)
    for _ in range(6):
        world.ask("a", 10, 10)
    for _ in range(15):
        world.second()
    assert not world.refused
    for _ in range(20):
        world.ask("a", 10, 10)
    (first, *_) = world.refused
    assert 1.0 <= first.seconds <= 30.0
    waiting = world.fairness.waiting
    assert world.ask("b", 10, 10) not in [refused.call for refused in world.refused], "others wait for their own only"
    assert world.fairness.waiting == waiting + 1


def test_nothing_is_refused_before_anything_was_seen() -> None:
    world = World(1, max_wait=0.0)
    for _ in range(50):
        world.ask("a")
    assert not world.refused


def test_a_call_that_gives_up_while_it_waits_is_not_started() -> None:
    world = World(1)
    world.ask("a")
    second, third = world.ask("a"), world.ask("a")
    world.leave(second)
    world.leave(1)
    assert world.started == [1, third]


class Machine(RuleBasedStateMachine):
    """Any events: every call is started once or refused, places are never exceeded and never stand empty while somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(4, max_wait=40.0)
        self.here: deque[int] = deque()

    @rule(tenant=st.sampled_from("abcd"), prompt=st.integers(1, 50), new=st.integers(1, 9))
    def ask(self, tenant: str, prompt: int, new: int) -> None:
        call = self.world.ask(tenant, prompt, new)
        if call not in [refused.call for refused in self.world.refused]:
            self.here.append(call)

    @precondition(lambda self: self.here)
    @rule(place=st.integers(0, 99))
    def leave(self, place: int) -> None:
        call = self.here[place % len(self.here)]
        self.here.remove(call)
        self.world.leave(call)

    @rule()
    def second(self) -> None:
        self.world.second()
        over = [call for call in self.here if call in self.world.started and call not in self.world.left]
        for call in over:
            self.here.remove(call)

    @invariant()
    def places_are_used(self) -> None:
        world = self.world
        assert world.fairness.running == len(world.left) <= 4 + 1
        assert len(world.left) >= 4 or not world.fairness.waiting
        running = Counter(world.tenant[call] for call in world.left)
        idle = [call for call in self.here if call not in world.left and not running[world.tenant[call]]]
        assert not idle or len(world.left) == 5
        assert len(set(world.started)) == len(world.started)
        assert world.fairness.waiting + world.fairness.running == len(self.here)


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
