"""A manager whose policy is a user's that goes wrong: it misses no request, and waits for nobody."""

import time
from pathlib import Path

import pytest
from tests.memory.residency.shell import Shell, item

from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.lru import LRU
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.residency import events as ev

HERE = Path(__file__).parent
FRAMES = 13  # what makes these policies go wrong
EXTENTS = 20
SLOWEST = 10.0  # seconds of a request, on a machine with other things to do; the budget is 0.010


class Requests:
    """One extent after another, of which FRAMES fit."""

    def __init__(self, policy: Policy) -> None:
        self.shell = Shell(FRAMES, [item(number) for number in range(EXTENTS)], policy)
        self.number = 0

    def go_on(self) -> bool:
        """The next request. Returns whether its extent was there."""
        self.number += 1
        began = time.monotonic()
        found = self.shell.use(self.number, self.number * 7 % EXTENTS if self.number % 3 else self.number % 5)
        assert time.monotonic() - began < SLOWEST
        assert not self.shell.refused and self.shell.manager.frames_used <= FRAMES
        return found


@pytest.mark.parametrize("name", ["Loops", "Raises", "Vanishes", "Swells", "Shouts", "Strays"])
def test_requests_go_on_as_with_the_default(name: str) -> None:
    policy = UserPolicy(f"policies:{name}", LRU(), {}, HERE)
    requests, plain = Requests(policy), Requests(LRU())
    while not policy.off:
        requests.go_on()
        plain.go_on()
    for _ in range(100):
        requests.go_on()
        plain.go_on()
    assert [requests.go_on() for _ in range(200)] == [plain.go_on() for _ in range(200)], "for good"


def test_a_policy_is_swapped_while_requests_are_open() -> None:
    shell = Shell(FRAMES, [item(number) for number in range(EXTENTS)])
    shell.use(1, *range(FRAMES))
    shell.need(2, 0, 1)
    policy = UserPolicy("policies:Good", LRU(), {}, HERE, lambda: 0.0, budget=20.0)
    shell.tell(ev.SetPolicy(policy, shell.now()))
    assert shell.manager.resident[:2] and shell.ready == {2}
    policy.close()
