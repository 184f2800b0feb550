"""GDSF, greedy dual with size and frequency: drops what saves the least time per byte.

Cherkasova: Improving WWW proxies performance with Greedy-Dual-Size-Frequency caching policy. HP Labs HPL-98-69R1, 1998, after Cao and
Irani's GreedyDual-Size (USITS 1997). The key of an extent is clock + uses * fetch_seconds / bytes; the clock is the key of the last victim,
so that what was popular once falls behind. Where all extents come from one tier at one speed, uses alone decide.
"""

from collections.abc import Iterator

from aweigh.memory.policy.base import Item, View
from aweigh.memory.policy.list_policy import ListPolicy
from aweigh.memory.policy.ranking import Ranking


class GDSF(ListPolicy):
    """Has no parameters."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = 0.0
        self._uses: dict[int, int] = {}
        self._worth: dict[int, float] = {}
        self._ranking = Ranking()

    def insert(self, item: Item) -> None:
        self._worth[item.id] = item.fetch_seconds / item.bytes
        self._uses[item.id] = 0
        self.hit(item.id)

    def hit(self, extent: int) -> None:
        if extent in self._uses:
            self._uses[extent] += 1
            self._ranking.put(extent, self._clock + self._uses[extent] * self._worth[extent])

    def remove(self, extent: int) -> None:
        key = self._ranking.remove(extent)
        if key is not None:
            self._clock = max(self._clock, key)
            del self._uses[extent], self._worth[extent]

    def victims(self, view: View) -> Iterator[int]:
        return self._ranking.ascending()
