"""Which resident page is looked at when. Pure: time is a value.

Every region is looked at within a period after it came or was looked at last, the one with the earliest deadline first, page by page, at the lowest
constant rate that meets all deadlines: the greatest, over regions in the order of their deadlines, of the bytes up to there by the time that is left
(Yao, Demers and Shenker: A scheduling model for reduced CPU energy, FOCS 1995). In a steady state that is all resident bytes by the
period. Rejected: one pass after the other at that rate. What came early in a pass that grows, or is last in one that shrinks, is looked at too late.

Prior art: patrol scrubbing of memory controllers, and scrub of ZFS, for memory that has no ECC or more than ECC corrects.
"""

from collections import OrderedDict
from dataclasses import dataclass

PERIOD_SECONDS = 3600.0
MOST_BYTES_PER_SECOND = 200e6
STEP_BYTES = 2 << 20
EARLY = 0.9  # of the period: what is aimed at, so that who wakes late is in time
_REFRESHED = 256  # times per period that the rate is computed, besides when it must be


@dataclass(slots=True)
class _Region:
    size: int
    deadline: float
    done: int = 0


class Schedule:
    """Regions by number. Times in seconds, sizes in bytes."""

    def __init__(self, period: float, most_bytes_per_second: float) -> None:
        """`most_bytes_per_second` is never passed; where it does not do for the period, `late` counts regions."""
        assert period > 0 and most_bytes_per_second > 0
        self.late = 0
        self._period = period
        self._most = most_bytes_per_second
        self._regions: OrderedDict[int, _Region] = OrderedDict()  # in the order of their deadlines
        self._free_at = 0.0  # when the step before was paid for
        self._rate = 0.0
        self._rated_at: float | None = None

    def arrived(self, number: int, size: int, time: float) -> None:
        """A region is resident from now on."""
        assert number not in self._regions and size > 0
        if not self._regions:
            self._free_at = time
        self._regions[number] = _Region(size, time + EARLY * self._period)
        self._rated_at = None

    def gone(self, number: int) -> None:
        """A region is not resident any more, or need not be looked at."""
        self._regions.pop(number, None)

    def __contains__(self, number: int) -> bool:
        return number in self._regions

    def next(self) -> tuple[int, int, int] | None:
        """What is looked at next: a region, and from which of its bytes to which; None if nothing is resident."""
        if not self._regions:
            return None
        number, region = next(iter(self._regions.items()))
        return number, region.done, min(region.size, region.done + STEP_BYTES)

    def next_time(self, time: float) -> float | None:
        """When `next` is to be looked at; None if nothing is resident."""
        if not self._regions:
            return None
        _, begin, end = self.next() or (0, 0, 0)
        return self._free_at + (end - begin) / self._rate_at(time)

    def looked(self, number: int, end: int, time: float) -> bool:
        """A region was looked at up to its byte `end`. Returns whether that was all of it: then it is looked at again a period later."""
        region = self._regions[number]
        self._free_at = time  # an hour in which nobody looked, since the machine slept, say, is no credit for a burst
        region.done = end
        if end < region.size:
            return False
        self.late += time > region.deadline + (1 - EARLY) * self._period
        region.done, region.deadline = 0, time + EARLY * self._period
        self._regions.move_to_end(number)
        return True

    def _rate_at(self, time: float) -> float:
        if self._rated_at is None or time - self._rated_at > self._period / _REFRESHED:
            self._rated_at, self._rate = time, self._needed(time)
        return self._rate

    def _needed(self, time: float) -> float:
        """The lowest rate that meets all deadlines; the highest that is allowed where none does."""
        left, most = 0, 1.0
        for region in self._regions.values():
            left += region.size - region.done
            span = region.deadline - time
            if span <= 0 or left >= most * span:
                most = self._most if span <= 0 else left / span
            if most >= self._most:
                return self._most
        return most
