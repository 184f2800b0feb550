"""2Q: what was used once waits in a short queue; only what comes back after it left that queue enters the long list.

Johnson, Shasha: 2Q: a low overhead high performance buffer management replacement algorithm. VLDB 1994 (the full version). A1in is the short
queue, A1out a list of what left it, Am an LRU list. Sizes are in frames.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy


@dataclass(frozen=True, slots=True)
class TwoQueueParameters:
    """Shares of the budget: `short` for A1in, 0.01 to 0.9; `remembered` for A1out, 0 to 4."""

    short: float = 0.25
    remembered: float = 0.5


class TwoQueue(ListPolicy):
    """See above."""

    def __init__(self, parameters: TwoQueueParameters | None = None) -> None:
        super().__init__()
        self._parameters = parameters or TwoQueueParameters()
        self._budget = 0
        self._short: OrderedDict[int, int] = OrderedDict()
        self._long: OrderedDict[int, int] = OrderedDict()
        self._left: OrderedDict[int, int] = OrderedDict()
        self._returning: set[int] = set()
        self._short_frames = 0
        self._left_frames = 0

    def insert(self, item: Item) -> None:
        if item.id in self._left or item.id in self._returning:
            self._returning.discard(item.id)
            self._left_frames -= self._left.pop(item.id, 0)
            self._long[item.id] = item.frames
            return
        self._short[item.id] = item.frames
        self._short_frames += item.frames

    def hit(self, extent: int) -> None:
        if extent in self._long:
            self._long.move_to_end(extent)

    def remove(self, extent: int) -> None:
        if self._long.pop(extent, None) is not None or extent not in self._short:
            return
        frames = self._short.pop(extent)
        self._short_frames -= frames
        self._left[extent] = frames
        self._left_frames += frames
        while self._left and self._left_frames > self._parameters.remembered * self._budget:
            self._left_frames -= self._left.popitem(last=False)[1]

    def victims(self, view: View) -> Iterator[int]:
        self._budget = view.budget_frames
        self._returning.update(extent for extent in view.wanted if extent in self._left)
        most, remain = self._parameters.short * self._budget, self._short_frames
        long = iter(self._long)
        for extent, frames in self._short.items():
            while remain <= most and (other := next(long, None)) is not None:
                yield other
            yield extent
            remain -= frames
        yield from long
