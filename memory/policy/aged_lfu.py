"""LFU with aging: drops what was used least, where a use counts half after a half-life.

Lee et al.: LRFU: a spectrum of policies that subsumes the least recently used and least frequently used policies. IEEE Transactions
on Computers 50(12), 2001. A half-life near 0 makes LRU, an endless one LFU, which never forgets a model that was popular once.

The score of an extent is the sum of 2 ** ((t - now) / half_life) over its uses at t. Its logarithm grows by the same amount for all while
time passes, so log2(sum of 2 ** (t / half_life)) orders extents for good, and is updated at uses only. What left keeps its score.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Item, Record, View
from aweigh.memory.policy.list_policy import ListPolicy
from aweigh.memory.policy.ranking import Ranking


@dataclass(frozen=True, slots=True)
class AgedLFUParameters:
    """`half_life` in seconds, 0.1 to 1e6."""

    half_life: float = 300.0


class AgedLFU(ListPolicy):
    """See above."""

    def __init__(self, parameters: AgedLFUParameters | None = None) -> None:
        super().__init__()
        self._half_life = (parameters or AgedLFUParameters()).half_life
        self._scores: dict[int, float] = {}
        self._ranking = Ranking()

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            use = record.time / self._half_life
            score = self._scores.get(record.extent, -math.inf)
            low, high = (score, use) if score < use else (use, score)
            score = self._scores[record.extent] = high + math.log2(1.0 + 2.0 ** (low - high))
            if record.extent in self._ranking.keys:
                self._ranking.put(record.extent, score)

    def insert(self, item: Item) -> None:
        self._ranking.put(item.id, self._scores.get(item.id, -math.inf))

    def hit(self, extent: int) -> None:
        """Uses are counted as they are observed."""

    def remove(self, extent: int) -> None:
        self._ranking.remove(extent)

    def victims(self, view: View) -> Iterator[int]:
        return self._ranking.ascending()
