"""Every list policy against its definition, and all policies against MIN."""

import dataclasses
import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.memory.policy import references
from tests.memory.residency.shell import Shell, item

from aweigh.memory.policy.aged_lfu import AgedLFU, AgedLFUParameters
from aweigh.memory.policy.arc import ARC
from aweigh.memory.policy.base import Drop, Policy, Suggestion, View
from aweigh.memory.policy.clock import Clock
from aweigh.memory.policy.gdsf import GDSF
from aweigh.memory.policy.lru import LRU
from aweigh.memory.policy.minimum import Minimum, most_hit_bytes
from aweigh.memory.policy.s3_fifo import S3FIFO
from aweigh.memory.policy.sieve import Sieve
from aweigh.memory.policy.table import POLICIES
from aweigh.memory.policy.two_queue import TwoQueue

Reference = Callable[[Sequence[int], int], list[bool]]
PAIRS: dict[str, tuple[Callable[[], Policy], Reference]] = {
    "lru": (LRU, references.lru),
    "clock": (Clock, references.clock),
    "lfu": (lambda: AgedLFU(AgedLFUParameters(1e6)), references.lfu),
    "gdsf": (GDSF, references.gdsf),
    "2q": (TwoQueue, references.two_queue),
    "arc": (ARC, references.arc),
    "s3-fifo": (S3FIFO, references.s3_fifo),
    "sieve": (Sieve, references.sieve),
}
TRACES = st.lists(st.integers(0, 9), min_size=1, max_size=60)


class Honest(Policy):
    """Fails when the policy inside suggests to drop what cannot be dropped."""

    def __init__(self, inside: Policy) -> None:
        self.inside = inside
        self.observe, self.arrived, self.dropped = inside.observe, inside.arrived, inside.dropped  # type: ignore[method-assign]
        self.wakes = inside.wakes  # type: ignore[method-assign]
        self.guesses = inside.guesses

    def suggest(self, view: View) -> Iterator[Suggestion]:
        for suggestion in self.inside.suggest(view):
            if isinstance(suggestion, Drop):
                assert view.droppable(suggestion.extent)
            yield suggestion


def hits(policy: Policy, trace: Sequence[int], budget: int, guesses: float = 0.0) -> list[bool]:
    """What a manager with this policy makes of a trace of uses, each an extent of one frame."""
    extents = [dataclasses.replace(item(number), fetch_seconds=0.001) for number in range(max(trace) + 1)]
    shell = Shell(budget, extents, Honest(policy), guesses)
    return [shell.use(ticket, extent) for ticket, extent in enumerate(trace)]


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=60)
@given(trace=TRACES, budget=st.integers(1, 7))
def test_a_list_policy_is_what_its_paper_says(name: str, trace: list[int], budget: int) -> None:
    make, reference = PAIRS[name]
    assert hits(make(), trace, budget) == reference(trace, budget)


@settings(max_examples=60)
@given(trace=TRACES, budget=st.integers(1, 7))
def test_minimum_is_belady(trace: list[int], budget: int) -> None:
    found = sum(hits(Minimum(trace), trace, budget))
    assert found == sum(references.minimum(trace, budget))
    frames = [1] * 10
    assert found <= most_hit_bytes(trace, frames, frames, budget)


@pytest.mark.parametrize("name", POLICIES)
@settings(max_examples=25)
@given(trace=TRACES, budget=st.integers(1, 7))
def test_no_policy_hits_more_than_minimum(name: str, trace: list[int], budget: int) -> None:
    """And none suggests to drop what is not there; guesses are off, since they are no hits of a list."""
    assert sum(hits(POLICIES[name].build({}), trace, budget)) <= sum(references.minimum(trace, budget))


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_with_guesses_on_is_honest_too(name: str) -> None:
    draw = random.Random(name)
    trace = [min(11, int(draw.expovariate(0.3))) for _ in range(400)]
    hits(POLICIES[name].build({}), trace, 5, guesses=1e12)


def brute_most(trace: Sequence[int], frames: Sequence[int], budget: int) -> int:
    """The most bytes that can be hit, by trying everything."""
    best: dict[frozenset[int], int] = {frozenset(): 0}
    for use in trace:
        following: dict[frozenset[int], int] = {}
        for here, hit in best.items():
            gained = hit + (frames[use] if use in here else 0)
            full = here | {use}
            for drop in range(1 << len(full)):
                kept = frozenset(e for at, e in enumerate(sorted(full)) if not drop >> at & 1 or e == use)
                if sum(frames[e] for e in kept) <= budget:
                    following[kept] = max(following.get(kept, 0), gained)
        best = following
    return max(best.values(), default=0)


@settings(max_examples=40)
@given(
    trace=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    frames=st.lists(st.integers(1, 3), min_size=5, max_size=5),
)
def test_the_bound_for_sizes_is_one(trace: list[int], frames: list[int]) -> None:
    assert brute_most(trace, frames, 5) <= most_hit_bytes(trace, frames, frames, 5)


def test_parameters_have_bounds_and_defaults_lie_in_them() -> None:
    for entry in POLICIES.values():
        defaults = entry.defaults()
        assert defaults.keys() == entry.bounds.keys()
        entry.build(defaults)
    with pytest.raises(ValueError, match=r"small must be from 0\.01 to 0\.9"):
        POLICIES["s3-fifo"].build({"small": 3})
    with pytest.raises(ValueError, match="no parameter 'smal'"):
        POLICIES["s3-fifo"].build({"smal": 0.3})
    with pytest.raises(ValueError, match="has no parameters"):
        POLICIES["lru"].build({"size": 1})
