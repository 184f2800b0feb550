"""Who is asked first: the fastest, or as the operator says; who fails is passed over, and asked again some day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, floats, lists, tuples

from aweigh.memory.tiers.origin import Origin, Tier, grouped
from aweigh.memory.tiers.ranking import Ranking
from aweigh.memory.tiers.standing import FIRST_REST, LONGEST_REST, Standing

MB = 1_000_000


@dataclass(frozen=True)
class Named:
    tier: Tier
    name: str

    def fetch(self, hashes: Sequence[bytes], pages_B: memoryview) -> Collection[int]:
        raise NotImplementedError


DISK, NEAR, FAR = Named(Tier.DISK, "disk"), Named(Tier.PEERS, "near"), Named(Tier.PEERS, "far")
OBJECTS = Named(Tier.OBJECTS, "objects")
ALL: list[Origin] = [OBJECTS, FAR, NEAR, DISK]


def names(origins: Sequence[Origin]) -> list[str]:
    return [origin.name for origin in origins]


def test_the_disk_is_asked_first_until_a_peer_is_known_to_be_faster() -> None:
    ranking = Ranking()
    assert names(ranking.ranked(ALL, 0.0)) == ["disk", "far", "near", "objects"]
    for _ in range(20):
        ranking.of(DISK).took(4 * MB, 0.04, 1.0)
    assert names(ranking.ranked(ALL, 1.0))[0] == "far"
    ranking.of(NEAR).took(400 * MB, 0.2, 1.0)
    assert names(ranking.ranked(ALL, 1.0)) == ["near", "far", "disk", "objects"]
    assert ranking.bytes_per_second(ALL, 1.0) > 1e9


def test_an_operator_orders_tiers_and_leaves_some_out() -> None:
    ranking = Ranking([Tier.OBJECTS, Tier.PEERS])
    ranking.of(NEAR).took(400 * MB, 0.1, 0.0)
    assert names(ranking.ranked(ALL, 0.0)) == ["objects", "near", "far"]


def test_asking_in_vain_makes_a_peer_slower_and_time_forgives() -> None:
    ranking = Ranking()
    for _ in range(50):
        ranking.of(NEAR).took(0, 0.01, 0.0)
    assert names(ranking.ranked([NEAR, OBJECTS], 0.0)) == ["objects", "near"]
    assert names(ranking.ranked([NEAR, OBJECTS], 600.0)) == ["near", "objects"]


def test_who_fails_rests_twice_as_long_each_time() -> None:
    standing, now, rests = Standing(1e9), 0.0, []
    for _ in range(9):
        standing.failed(0.0, now)
        begin = now
        while standing.rests(now):
            now += 0.5
        rests.append(now - begin)
    assert rests[:4] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST, 8 * FIRST_REST] and rests[-1] == LONGEST_REST
    standing.took(MB, 0.001, now)
    standing.failed(0.0, now)
    assert standing.rests(now + 0.9) and not standing.rests(now + FIRST_REST)


def test_a_liar_rests_longest_at_once() -> None:
    standing = Standing(1e9)
    standing.failed(0.0, 0.0, lied=True)
    assert standing.rests(LONGEST_REST - 1) and not standing.rests(LONGEST_REST)


def test_who_rests_is_not_asked_but_an_object_store_is_last() -> None:
    ranking = Ranking()
    for origin in ALL:
        ranking.of(origin).failed(1.0, 0.0)
    assert names(ranking.ranked(ALL, 0.1)) == ["disk", "objects"]
    assert set(names(ranking.ranked(ALL, FIRST_REST))) == {"disk", "objects", "near", "far"}


@given(lists(tuples(floats(0, 100), booleans(), floats(0, 1e9), floats(0, 100))))
def test_numbers_stay_numbers(events: list[tuple[float, bool, float, float]]) -> None:
    standing, now = Standing(1e8), 0.0
    for later, failed, count, seconds in events:
        now += later
        if failed:
            standing.failed(seconds, now)
        else:
            standing.took(int(count), seconds, now)
        assert 0 < standing.bytes_per_second(now) < 1e18
        assert not standing.rests(now + LONGEST_REST)


@pytest.mark.parametrize(
    ("numbers", "runs"), [([], []), ([3], [range(3, 4)]), ([0, 1, 3, 4, 5], [range(2), range(3, 6)])]
)
def test_neighbours(numbers: list[int], runs: list[range]) -> None:
    assert grouped(numbers) == runs
