"""S3-FIFO: three queues without any order but that of arrival. Most of what comes once leaves through the small one, quickly.

Yang, Zhang, Qiu, Yue, Vigfusson: FIFO queues are all you need for cache eviction. SOSP 2023, algorithm 1. What was used more than once in the
small queue moves to the main one, the rest to the ghosts; what comes back from the ghosts enters the main one, where a use buys one more round,
three at most. The count begins anew when an extent moves to the main queue, as in its authors' library. Sizes are in frames.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy

MOST_USES = 3


@dataclass(frozen=True, slots=True)
class S3FIFOParameters:
    """`small` is the share of the budget for the small queue, 0.01 to 0.9; `promoted` the uses that lead to the main one, 1 to 3."""

    small: float = 0.1
    promoted: int = 2


class S3FIFO(ListPolicy):
    """See above."""

    def __init__(self, parameters: S3FIFOParameters | None = None) -> None:
        super().__init__()
        self._parameters = parameters or S3FIFOParameters()
        self._budget = 0
        self._frames: dict[int, int] = {}
        self._uses: dict[int, int] = {}
        self._small: OrderedDict[int, None] = OrderedDict()
        self._main: OrderedDict[int, None] = OrderedDict()
        self._ghosts: OrderedDict[int, int] = OrderedDict()
        self._small_frames = 0
        self._ghost_frames = 0

    def insert(self, item: Item) -> None:
        self._frames[item.id], self._uses[item.id] = item.frames, 0
        if item.id in self._ghosts:
            self._ghost_frames -= self._ghosts.pop(item.id)
            self._main[item.id] = None
            return
        self._small[item.id] = None
        self._small_frames += item.frames

    def hit(self, extent: int) -> None:
        if extent in self._uses:
            self._uses[extent] = min(MOST_USES, self._uses[extent] + 1)

    def remove(self, extent: int) -> None:
        if extent not in self._frames:
            return
        frames = self._frames.pop(extent)
        del self._uses[extent]
        if extent in self._main:
            del self._main[extent]
            return
        del self._small[extent]
        self._small_frames -= frames
        self._ghosts[extent] = frames
        self._ghost_frames += frames
        while self._ghosts and self._ghost_frames > (1 - self._parameters.small) * self._budget:
            self._ghost_frames -= self._ghosts.popitem(last=False)[1]

    def victims(self, view: View) -> Iterator[int]:
        self._budget = view.budget_frames
        yielded = 0
        for _ in range((MOST_USES + 2) * len(self._frames)):
            left = self._small_frames - yielded
            if self._small and (left >= self._parameters.small * self._budget or not self._main):
                extent = next(iter(self._small))
                if self._uses[extent] >= self._parameters.promoted:
                    del self._small[extent]
                    self._small_frames -= self._frames[extent]
                    self._main[extent], self._uses[extent] = None, 0
                    continue
                yield extent
                yielded += self._frames.get(extent, 0)
                if extent in self._small:
                    self._small.move_to_end(extent)
            elif self._main:
                extent = next(iter(self._main))
                if self._uses[extent]:
                    self._uses[extent] -= 1
                else:
                    yield extent
                if extent in self._main:
                    self._main.move_to_end(extent)
