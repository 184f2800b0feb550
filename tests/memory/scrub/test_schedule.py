"""The order and the pace of looks, in virtual time."""

import itertools
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from aweigh.memory.scrub.schedule import STEP_BYTES, Schedule

MB = 1 << 20
PERIOD = 1000.0


class Life:
    """Looks when the schedule says so; `looked` are the times at which a region was done."""

    def __init__(self, period: float = PERIOD, most: float = 1e9) -> None:
        self.schedule = Schedule(period, most)
        self.time = 0.0
        self.looked: dict[int, list[float]] = {}
        self.bytes = 0

    def arrive(self, number: int, size: int) -> None:
        self.schedule.arrived(number, size, self.time)
        self.looked[number] = [self.time]

    def until(self, time: float) -> None:
        while (due := self.schedule.next_time(self.time)) is not None and due <= time:
            self.time = max(self.time, due)
            number, begin, end = self.schedule.next() or (0, 0, 0)
            assert 0 < end - begin <= STEP_BYTES
            self.bytes += end - begin
            if self.schedule.looked(number, end, self.time):
                self.looked[number].append(self.time)
        self.time = time


def test_each_is_looked_at_within_a_period_at_an_even_pace() -> None:
    life = Life()
    for number in range(10):
        life.arrive(number, 10 * MB)
    life.until(PERIOD / 2)
    assert 45 * MB < life.bytes < 66 * MB
    life.until(20 * PERIOD)
    assert all(gap <= PERIOD for times in life.looked.values() for gap in gaps(times))
    assert 19 * 100 * MB < life.bytes < 24 * 100 * MB, "and hardly more often"
    assert life.schedule.late == 0


def gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in itertools.pairwise(times)]


def test_the_rate_is_bounded_and_what_is_late_is_counted() -> None:
    life = Life(PERIOD, most=1.0 * MB)
    for number in range(3):
        life.arrive(number, 1000 * MB)
    life.until(6 * PERIOD)
    assert life.bytes <= 6 * PERIOD * MB + STEP_BYTES
    assert life.schedule.late > 0 and all(len(times) == 3 for times in life.looked.values())


def test_nobody_catches_up_in_a_burst() -> None:
    life = Life(PERIOD, most=10.0 * MB)
    life.arrive(1, 100 * MB)
    life.time = 5 * PERIOD
    before = life.bytes
    life.until(life.time + 1.0)
    assert life.bytes - before <= 10 * MB + 2 * STEP_BYTES


def test_what_is_gone_is_not_looked_at() -> None:
    schedule = Schedule(PERIOD, 1e9)
    assert schedule.next() is None and schedule.next_time(0.0) is None
    schedule.arrived(7, 3 * MB, 1.0)
    assert schedule.next() == (7, 0, 2 * MB) and 7 in schedule
    assert not schedule.looked(7, 2 * MB, 2.0)
    assert schedule.next() == (7, 2 * MB, 3 * MB)
    schedule.gone(7)
    schedule.gone(7)
    assert schedule.next() is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, PERIOD), st.sampled_from(["come", "go"]), st.integers(1, 16 * MB)), max_size=12),
    st.integers(0, 2**32),
)
def test_every_deadline_is_met_whoever_comes_and_goes(events: list[tuple[float, str, int]], pick: int) -> None:
    life = Life()
    there: list[int] = []
    for number, (pause, what, size) in enumerate(events):
        life.until(life.time + pause)
        if what == "come":
            life.arrive(number, size)
            there.append(number)
        elif there:
            gone = there.pop(pick % len(there))
            assert life.time - life.looked.pop(gone)[-1] <= PERIOD
            life.schedule.gone(gone)
    life.until(life.time + 2 * PERIOD)
    assert all(gap <= PERIOD for times in life.looked.values() for gap in gaps([*times, life.time]))
    assert life.schedule.late == 0


def test_deciding_costs_little() -> None:
    """2 000 regions of 4 MiB are looked at in 4 000 steps, in less than a millisecond each."""
    count = 2000
    life = Life(60.0)
    for number in range(count):
        life.arrive(number, 2 * STEP_BYTES)
    began = time.process_time()
    life.until(60.0)
    assert life.bytes >= 2 * count * STEP_BYTES
    assert time.process_time() - began < 1e-3 * 2 * count
