"""CLOCK: LRU with one bit. A hand goes round; what was used since it last came by stays once more.

Corbató: A paging experiment with the Multics system. MIT Project MAC report MAC-M-384, 1968.
"""

from collections import OrderedDict
from collections.abc import Iterator

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy


class Clock(ListPolicy):
    """Has no parameters. The hand stands before the first of the ring."""

    def __init__(self) -> None:
        super().__init__()
        self._ring: OrderedDict[int, bool] = OrderedDict()

    def insert(self, item: Item) -> None:
        self._ring[item.id] = False

    def hit(self, extent: int) -> None:
        if extent in self._ring:
            self._ring[extent] = True

    def remove(self, extent: int) -> None:
        self._ring.pop(extent, None)

    def victims(self, view: View) -> Iterator[int]:
        for _ in range(2 * len(self._ring)):
            extent, used = next(iter(self._ring.items()))
            if used:
                self._ring[extent] = False
            else:
                yield extent
            if extent in self._ring:
                self._ring.move_to_end(extent)
