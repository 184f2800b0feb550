"""SIEVE: one queue and a hand that goes from old to new; what was used since the hand came by stays where it is.

Zhang, Yang, Yue, Vigfusson, Rashmi: SIEVE is simpler than LRU: an efficient turn-key eviction algorithm for web caches. NSDI 2024. The queue is
kept in two parts, what the hand has `passed` and what lies `ahead` of it, each the oldest first; new extents go to the end of the latter.
"""

from collections import OrderedDict
from collections.abc import Iterator

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy


class Sieve(ListPolicy):
    """Has no parameters."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: OrderedDict[int, bool] = OrderedDict()
        self._ahead: OrderedDict[int, bool] = OrderedDict()

    def insert(self, item: Item) -> None:
        self._ahead[item.id] = False

    def hit(self, extent: int) -> None:
        for part in (self._passed, self._ahead):
            if extent in part:
                part[extent] = True

    def remove(self, extent: int) -> None:
        self._passed.pop(extent, None)
        self._ahead.pop(extent, None)

    def victims(self, view: View) -> Iterator[int]:
        for _ in range(2 * (len(self._passed) + len(self._ahead))):
            if not self._ahead:
                self._passed, self._ahead = self._ahead, self._passed
            if not self._ahead:
                return
            extent, used = next(iter(self._ahead.items()))
            if not used:
                yield extent
            if extent in self._ahead:
                del self._ahead[extent]
                self._passed[extent] = False
