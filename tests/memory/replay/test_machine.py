"""Virtual time: what a request waits for can be computed by hand."""

import pytest

from aweigh.memory.policy.lru import LRU
from aweigh.memory.policy.table import POLICIES
from aweigh.memory.replay.machine import Machine
from aweigh.memory.replay.outcome import Outcome
from aweigh.memory.replay.ratios import minimum, ratio
from aweigh.memory.replay.tiers import Tier
from aweigh.memory.replay.workload import Access, Model, Request, Workload

PAGE = 1 << 21
DISK = Tier("disk", 100.0 * PAGE, 0.5)
"""A frame takes 10 ms, the first one after a pause half a second more."""


def play(workload: Workload, budget: int, policy: str = "lru", depth: int = 0, rate: float = 0.0) -> Outcome:
    return Machine(workload, budget, POLICIES[policy].build({}), [DISK], depth, rate).run()


def test_a_cold_request_waits_for_its_bytes_and_a_warm_one_for_nothing() -> None:
    model = Model("m", (10 * PAGE, 20 * PAGE))
    outcome = play(Workload((model,), (Request(1.0, "m", 5, 4), Request(9.0, "m", 5, 1))), 30)
    assert outcome.request_stalls == [pytest.approx(0.1 + 0.2 + 2 * 0.5), 0.0]
    assert outcome.tokens == 5 and outcome.token_stalls == [pytest.approx(1.3)]
    assert outcome.moved_bytes == {"disk": 30 * PAGE} and outcome.moved_per_used == 0.5


def test_fetches_overlap_with_computing() -> None:
    model = Model("m", (10 * PAGE,) * 4, prefill_seconds=0.01)
    apart = play(Workload((model,), (Request(0.0, "m", 40, 1),)), 40, depth=0)
    ahead = play(Workload((model,), (Request(0.0, "m", 40, 1),)), 40, depth=3)
    assert apart.stall_seconds == pytest.approx(4 * 0.6)
    assert ahead.stall_seconds == pytest.approx(0.6), "each layer computes as long as the next one comes"


def test_who_shares_a_fetch_waits_for_it_once() -> None:
    model = Model("m", (100 * PAGE,))
    outcome = play(Workload((model,), (Request(0.0, "m", 1, 1), Request(1.0, "m", 1, 1))), 100)
    assert outcome.request_stalls == [pytest.approx(1.5), pytest.approx(0.5)]
    assert outcome.counters.fetched_bytes == 100 * PAGE


def test_a_model_larger_than_its_arena_streams() -> None:
    model = Model("m", (10 * PAGE,) * 4, step_seconds=0.4)
    workload = Workload((model,), (Request(0.0, "m", 1, 20),))
    lru, ordered = play(workload, 30, depth=1), play(workload, 30, "layer-order", depth=1)
    assert lru.hit_ratio < 0.1 and ordered.hit_ratio > 0.45
    assert ordered.stall_seconds < lru.stall_seconds
    assert lru.tokens == ordered.tokens == 20 and lru.refused == 0


def test_layer_order_comes_close_to_minimum_where_lru_misses_all() -> None:
    model = Model("m", (PAGE,) * 32)
    uses = tuple(Access(float(number), number % 32, 1) for number in range(32 * 40))
    workload = Workload((model,), accesses=uses)
    best = minimum(workload, uses, 24).hits
    assert ratio(workload, uses, 24, LRU()).hits == 0.0
    policy = POLICIES["layer-order"].build({"idle_seconds": 100.0})
    assert ratio(workload, uses, 24, policy).hits > 0.95 * best


def test_an_extent_larger_than_the_arena_is_refused_and_the_rest_goes_on() -> None:
    outcome = play(Workload((Model("m", (PAGE, 9 * PAGE, PAGE)),), (Request(0.0, "m", 1, 2),)), 8)
    assert outcome.refused == 2 and len(outcome.request_stalls) == 1


def test_a_tier_above_the_disk_gives_back_what_was_dropped() -> None:
    models = (Model("a", (10 * PAGE,)), Model("b", (10 * PAGE,)))
    requests = tuple(Request(2.0 * number, "ab"[number % 2], 1, 1) for number in range(6))
    host = Tier("host", 1000.0 * PAGE, 0.0, 40 * PAGE)
    outcome = Machine(Workload(models, requests), 10, LRU(), [host, DISK]).run()
    assert outcome.moved_bytes == {"host": 40 * PAGE, "disk": 20 * PAGE}
    assert outcome.request_stalls[2:] == [pytest.approx(0.01)] * 4


@pytest.mark.parametrize("policy", POLICIES)
def test_a_replay_is_the_same_each_time(policy: str) -> None:
    models = tuple(Model(name, (5 * PAGE,) * 3, 0.001, 0.01) for name in "abcdef")
    requests = tuple(Request(0.11 * n, "abcdef"[n * n % 5 if n % 7 else 5], 20, 5) for n in range(150))
    one, two = (play(Workload(models, requests), 45, policy, depth=1, rate=1e9) for _ in range(2))
    assert one.request_stalls == two.request_stalls and one.counters == two.counters
    assert len(one.request_stalls) == 150 and one.refused == 0


def test_recorded_accesses_are_played_too() -> None:
    model = Model("m", (PAGE, PAGE, PAGE))
    uses = tuple(Access(10.0 * t, extent, 1) for t in range(4) for extent in range(3))
    outcome = play(Workload((model,), accesses=uses), 3)
    assert outcome.counters.misses == 3 and outcome.counters.hits == 9 and outcome.tokens == 4


def test_minimum_of_different_sizes_bounds_all_policies() -> None:
    models = (Model("a", (PAGE, 3 * PAGE, 2 * PAGE)), Model("b", (5 * PAGE, PAGE)))
    uses = tuple(Access(float(n), n * n * 7 % 11 % 5, 1) for n in range(200))
    workload = Workload(models, accesses=uses)
    for budget in (5, 7, 9):
        bound = minimum(workload, uses, budget).bytes
        for entry in POLICIES.values():
            assert ratio(workload, uses, budget, entry.build({})).bytes <= bound
