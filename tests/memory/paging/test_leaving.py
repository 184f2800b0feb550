"""Who may go, and when: never under a kernel that reads it, and everybody in the end. Against a device whose streams end in any pace."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.strategies import integers, sets

from aweigh.memory.paging.leaving import Leaving

REGIONS, STREAMS = range(5), range(3)


@dataclass(frozen=True)
class Mark:
    """A fence without a device."""

    stream: int
    number: int

    def has_passed(self) -> bool:
        raise AssertionError("who decides asks no device")

    def wait(self) -> None:
        raise AssertionError("who decides waits for no device")


def test_what_nobody_read_goes_at_once() -> None:
    leaving = Leaving()
    leaving.go(3)
    assert leaving.awaited() is None and leaving.gone() == [3] and not leaving


def test_the_last_fence_of_each_stream_counts() -> None:
    leaving = Leaving()
    first, second, other = Mark(1, 1), Mark(1, 3), Mark(2, 2)
    leaving.used([7, 8], first)
    leaving.used([7], second)
    leaving.used([7], other)
    leaving.go(7)
    leaving.go(8)
    assert leaving.gone() == []
    leaving.passed(first)
    assert leaving.gone() == [8]
    assert leaving.awaited() in (second, other)
    leaving.passed(second)
    assert leaving.gone() == [] and leaving.awaited() == other
    leaving.passed(other)
    assert leaving.gone() == [7] and leaving.awaited() is None


def test_a_number_that_is_given_again_begins_without_fences() -> None:
    leaving = Leaving()
    leaving.used([7], Mark(1, 1))
    leaving.go(7)
    leaving.passed(Mark(1, 1))
    assert leaving.gone() == [7]
    leaving.go(7)
    assert leaving.gone() == [7]


def test_what_was_told_to_go_is_not_read_any_more() -> None:
    leaving = Leaving()
    leaving.used([7], Mark(1, 1))
    leaving.go(7)
    with pytest.raises(AssertionError, match="nobody reads"):
        leaving.used([7], Mark(1, 2))
    with pytest.raises(AssertionError, match="goes once"):
        leaving.go(7)


class Departure(RuleBasedStateMachine):
    """`reads` is the truth: which kernels of which stream read which region, and how far each stream has come."""

    @initialize()
    def begin(self) -> None:
        self.leaving = Leaving()
        self.number = 0
        self.reads: list[tuple[int, int, int]] = []  # region, stream, number
        self.going: set[int] = set()
        self.done = dict.fromkeys(STREAMS, 0)

    @rule(regions=sets(integers(0, REGIONS[-1])), stream=integers(0, STREAMS[-1]))
    def use(self, regions: set[int], stream: int) -> None:
        held = regions - self.going
        self.number += 1
        self.leaving.used(held, Mark(stream, self.number))
        self.reads += [(region, stream, self.number) for region in held]

    @rule(region=integers(0, REGIONS[-1]))
    def go(self, region: int) -> None:
        if region not in self.going:
            self.leaving.go(region)
            self.going.add(region)

    @rule(stream=integers(0, STREAMS[-1]), number=integers(0, 40))
    def end(self, stream: int, number: int) -> None:
        self.done[stream] = max(self.done[stream], min(number, self.number))
        self.leaving.passed(Mark(stream, self.done[stream]))

    @rule()
    def wait_as_the_thread_does(self) -> None:
        fence = self.leaving.awaited()
        if fence is not None:
            assert any(
                region in self.going and stream == fence.stream and self.done[stream] < number <= fence.number
                for region, stream, number in self.reads
            ), "nobody waits for what is done, or for what nobody waits for"
            self.done[fence.stream] = max(self.done[fence.stream], fence.number)
            self.leaving.passed(fence)

    @rule()
    def leave(self) -> None:
        gone = self.leaving.gone()
        assert len(set(gone)) == len(gone) and set(gone) <= self.going
        open_reads = {region for region, stream, number in self.reads if number > self.done[stream]}
        assert open_reads.isdisjoint(gone), "it is read"
        assert self.going - set(gone) <= open_reads, "nobody waits who need not"
        self.going -= set(gone)
        self.reads = [entry for entry in self.reads if entry[0] not in gone]

    @invariant()
    def somebody_is_waited_for_while_somebody_waits(self) -> None:
        assert len(self.leaving) == len(self.going)

    def teardown(self) -> None:
        for _ in range(len(STREAMS) * len(REGIONS) + 1):
            self.wait_as_the_thread_does()
        self.leave()
        assert not self.going


TestDeparture = Departure.TestCase
TestDeparture.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
