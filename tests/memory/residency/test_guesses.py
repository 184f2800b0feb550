"""Fetches on a guess: room, rate, thrash guard, and policies that suggest nonsense."""

import itertools
from collections.abc import Iterator

from tests.memory.residency.shell import Shell, item

from aweigh.memory.policy.base import Drop, Fetch, Pin, Policy, Prefer, Record, Suggestion, Unpin, View
from aweigh.memory.policy.lru import LRU
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.events import Priority

PAGE = 1 << 21


class Says(Policy):
    """Suggests what it was made with."""

    guesses = True

    def __init__(self, *suggestions: Suggestion) -> None:
        self.suggestions = suggestions

    def suggest(self, view: View) -> Iterator[Suggestion]:
        return iter(self.suggestions)


def world(budget: int, count: int, policy: Policy, rate: float = 1e9) -> Shell:
    return Shell(budget, [item(number) for number in range(count)], policy, rate)


def test_a_guess_takes_free_frames() -> None:
    shell = world(2, 4, Says(Fetch(2), Fetch(1), Fetch(3)))
    shell.use(1, 0)
    assert set(shell.manager.resident) == {0, 2}
    shell.use(2, 2)
    counters = shell.manager.counters
    assert counters.guesses == 1 and counters.useful == 1 and counters.hits == 1


def test_a_guess_displaces_only_what_is_cheaper() -> None:
    for price, displaced in ((0.5, True), (2.0, False)):
        shell = world(2, 3, LRU())
        for extent in (0, 1):
            shell.use(extent, extent)
        shell.tell(ev.SetPolicy(Says(Fetch(2, cost=1.0), Drop(0, price), Drop(1, price)), shell.now()))
        shell.answer_all()
        assert shell.manager.is_resident(2) is displaced


def test_a_guess_never_takes_what_is_held_and_gives_way_to_a_need() -> None:
    shell = world(2, 4, Says(Fetch(2, cost=1.0), Drop(0), Drop(1)))
    shell.need(1, 0)
    shell.answer_all()
    shell.need(2, 1)
    shell.answer_all()
    shell.tell(ev.Tick(shell.now()))
    assert not shell.leaving and not shell.fetching
    shell.release(1)
    assert set(shell.leaving) == {0}
    shell.need(3, 3)
    shell.answer_all()
    assert 3 in shell.ready and not shell.manager.is_resident(2)


def test_the_rate_bounds_guesses() -> None:
    shell = world(64, 64, Says(*(Fetch(extent) for extent in range(64))), rate=4 * PAGE)
    shell.tell(ev.Used((Record(1.0, 0, 1),)))
    assert len(shell.fetching) == 4
    when = shell.manager.next_decision_time()
    assert when is not None and 1.0 < when < 1.01
    shell.time = 2.0
    shell.tell(ev.Tick(2.0))
    assert len(shell.fetching) == 8


def test_guesses_stop_while_memory_is_fought_for() -> None:
    shell = world(16, 40, LRU())
    ticket = itertools.count()
    for extent in range(16):
        shell.use(next(ticket), extent)
    for _ in range(12):
        for extent in (16, 0, 17, 1):
            shell.use(next(ticket), extent)
            shell.tell(ev.SetPolicy(_DropsLast(), shell.now()))
    assert shell.manager.counters.refetched > 12
    shell.tell(ev.GiveFrames(0, shell.now()))
    shell.tell(ev.SetBudget(20, shell.now()))
    shell.tell(ev.SetPolicy(Says(Fetch(30), Fetch(31)), shell.now()))
    assert not shell.fetching, "a tenth of the fetches brought back what was just dropped"
    shell.time += 60
    shell.tell(ev.Used((Record(shell.now(), 0, 1),)))
    assert set(shell.fetching) == {30, 31}


class _DropsLast(Policy):
    """Drops what was used last, which is what comes next here."""

    def suggest(self, view: View) -> Iterator[Suggestion]:
        return (Drop(extent) for extent in reversed(list(view.resident)))


def test_nonsense_is_counted_and_the_manager_helps_itself() -> None:
    endless: itertools.cycle[Suggestion] = itertools.cycle(
        [Drop(99), Drop(-1), Fetch(77), Unpin(5000), Prefer(4711, "moon")]
    )
    policy = Says()
    policy.suggest = lambda view: endless  # type: ignore[method-assign]
    shell = world(2, 4, policy)
    for extent in range(4):
        shell.use(extent, extent)
    assert shell.manager.resident == (2, 3)
    assert shell.manager.counters.impossible > 64 and shell.manager.counters.fallback_drops == 2


def test_a_pin_is_a_wish_and_a_need_is_none() -> None:
    shell = world(2, 4, Says(Pin(0, 1e9)))
    shell.use(1, 0)
    shell.use(2, 1)
    shell.use(3, 2)
    assert shell.manager.resident == (0, 2)
    shell.need(4, 2, 3)
    shell.answer_all()
    assert 4 in shell.ready


def test_a_guess_that_becomes_a_need_is_hurried() -> None:
    shell = world(4, 4, Says(Fetch(1)))
    shell.tell(ev.Used((Record(1.0, 0, 1),)))
    assert shell.fetching == {1: Priority.SPECULATIVE}
    assert shell.need(1, 1) == [ev.Fetch(1, Priority.NOW)]


def test_prefer_names_a_tier() -> None:
    shell = world(4, 4, Says(Prefer(1, "host")))
    shell.tell(ev.Used((Record(1.0, 0, 1),)))
    assert shell.manager.preferred_tier(1) == "host" and shell.manager.preferred_tier(0) is None
