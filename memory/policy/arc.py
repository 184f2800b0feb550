"""ARC: two LRU lists, for what was used once and more often, and two lists of what left them that move the border between the two.

Megiddo, Modha: ARC: a self-tuning, low overhead replacement cache. FAST 2003. T1 and T2 are `once` and `often`, B1 and B2 what left them,
p the `target` of T1. Sizes are in frames, c is the budget. The ghost lists are trimmed after an insertion rather than before it, which
comes to the same; p moves before the victim is chosen, as there, since the manager says what is wanted.
"""

from collections import OrderedDict
from collections.abc import Iterator

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy


class _Sized(OrderedDict[int, int]):
    """Extents with their frames, least recent first, and the sum."""

    frames = 0

    def add(self, extent: int, frames: int) -> None:
        self[extent] = frames
        self.frames += frames

    def take(self, extent: int) -> int:
        frames = self.pop(extent)
        self.frames -= frames
        return frames


class ARC(ListPolicy):
    """Has no parameters."""

    def __init__(self) -> None:
        super().__init__()
        self._budget = 0
        self._target = 0.0
        self._once, self._often, self._left_once, self._left_often = _Sized(), _Sized(), _Sized(), _Sized()
        self._adapted: set[int] = set()

    def insert(self, item: Item) -> None:
        returns = item.id in self._left_once or item.id in self._left_often or item.id in self._adapted
        self._adapt(item.id)
        self._adapted.discard(item.id)
        for ghosts in (self._left_once, self._left_often):
            if item.id in ghosts:
                ghosts.take(item.id)
        (self._often if returns else self._once).add(item.id, item.frames)
        while self._left_once and self._once.frames + self._left_once.frames > self._budget:
            self._left_once.take(next(iter(self._left_once)))
        lists = (self._once, self._often, self._left_once, self._left_often)
        while self._left_often and sum(one.frames for one in lists) > 2 * self._budget:
            self._left_often.take(next(iter(self._left_often)))

    def _adapt(self, extent: int) -> None:
        """Moves the border once for what comes back."""
        once, often = self._left_once.frames, self._left_often.frames
        if extent in self._adapted or not (extent in self._left_once or extent in self._left_often):
            return
        self._adapted.add(extent)
        if extent in self._left_once:
            self._target = min(self._budget, self._target + max(often / once, 1) * self._left_once[extent])
        else:
            self._target = max(0.0, self._target - max(once / often, 1) * self._left_often[extent])

    def hit(self, extent: int) -> None:
        if extent in self._once:
            self._often.add(extent, self._once.take(extent))
        elif extent in self._often:
            self._often.move_to_end(extent)

    def remove(self, extent: int) -> None:
        for lived, ghosts in ((self._once, self._left_once), (self._often, self._left_often)):
            if extent in lived:
                ghosts.add(extent, lived.take(extent))

    def victims(self, view: View) -> Iterator[int]:
        self._budget = view.budget_frames
        for extent in view.wanted:
            self._adapt(extent)
        from_often = any(extent in self._left_often for extent in view.wanted[:1])
        remain, often = self._once.frames, iter(self._often)
        for extent, frames in self._once.items():
            while not (remain > self._target or (from_often and remain == self._target)):
                if (other := next(often, None)) is None:
                    break
                yield other
            yield extent
            remain -= frames
        yield from often
