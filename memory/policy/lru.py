"""LRU: drops what was used longest ago. The floor that every other policy is compared with.

Mattson, Gecsei, Slutz, Traiger: Evaluation techniques for storage hierarchies. IBM Systems Journal 9(2), 1970.
"""

from collections import OrderedDict
from collections.abc import Iterator

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy


class LRU(ListPolicy):
    """Has no parameters."""

    def __init__(self) -> None:
        super().__init__()
        self._order: OrderedDict[int, None] = OrderedDict()

    def insert(self, item: Item) -> None:
        self._order[item.id] = None

    def hit(self, extent: int) -> None:
        if extent in self._order:
            self._order.move_to_end(extent)

    def remove(self, extent: int) -> None:
        self._order.pop(extent, None)

    def victims(self, view: View) -> Iterator[int]:
        return iter(self._order)
