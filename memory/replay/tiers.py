"""Where virtual bytes come from: one queue per tier, the most urgent first, one transfer at a time at the tier's full rate.

A deep queue hides the latency of all requests but the first, so it is paid once per busy period. What was fetched stays in the tiers above
the lowest as long as there is room, least recently fetched out first.
"""

import heapq
import itertools
from collections import OrderedDict
from dataclasses import dataclass

from aweigh.memory.residency.events import Priority


@dataclass(frozen=True, slots=True)
class Tier:
    """`bytes` that it holds (0: everything), how fast it gives them, and how long the first takes (seconds)."""

    name: str
    bytes_per_second: float
    latency_seconds: float = 0.0
    bytes: int = 0


class TierQueue:
    """Fetches from one tier in virtual time."""

    def __init__(self, tier: Tier) -> None:
        self.tier = tier
        self.moved_bytes = 0
        self._serial = itertools.count()
        self._waiting: list[tuple[int, int, int]] = []
        self._urgency: dict[int, int] = {}
        self._current: int | None = None
        self._kept: OrderedDict[int, int] = OrderedDict()
        self._kept_bytes = 0

    def holds(self, extent: int) -> bool:
        return not self.tier.bytes or extent in self._kept

    def keep(self, extent: int, size: int) -> None:
        """A copy of it stays here for a while."""
        if not self.tier.bytes or size > self.tier.bytes:
            return
        self._kept_bytes += size - self._kept.pop(extent, 0)
        self._kept[extent] = size
        while self._kept_bytes > self.tier.bytes:
            self._kept_bytes -= self._kept.popitem(last=False)[1]

    def ask(self, extent: int, priority: Priority) -> None:
        """Queues a fetch, or makes it more urgent."""
        if extent == self._current or self._urgency.get(extent, 99) <= priority:
            return
        self._urgency[extent] = priority
        heapq.heappush(self._waiting, (priority, next(self._serial), extent))

    def cancel(self, extent: int) -> bool:
        """Takes a fetch off the queue. Returns whether it was not too late."""
        return self._urgency.pop(extent, None) is not None

    def start(self, sizes: dict[int, int], idle: bool) -> tuple[int, float] | None:
        """The next transfer and how long it takes, if the tier has nothing to do and something waits. `idle`: it rested before."""
        while self._current is None and self._waiting:
            priority, _, extent = heapq.heappop(self._waiting)
            if self._urgency.get(extent) != priority:
                continue
            del self._urgency[extent]
            self._current = extent
            self.moved_bytes += sizes[extent]
            wait = self.tier.latency_seconds if idle else 0.0
            return extent, wait + sizes[extent] / self.tier.bytes_per_second
        return None

    def finish(self) -> None:
        """The transfer is over."""
        self._current = None
