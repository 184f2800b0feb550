"""MIN: drops what will be used last. It knows the future, so it is no policy but the measure of policies.

Belady: A study of replacement algorithms for a virtual-storage computer. IBM Systems Journal 5(2), 1966. With extents of one size nobody who
fetches on demand has more hits. With different sizes the optimum is NP-hard: `most_hit_bytes` is then the bound to compare with, a relaxation
after Berger, Beckmann, Harchol-Balter: Practical bounds on optimal caching with variable object sizes, SIGMETRICS 2018 (PFOO-U): it may
spend the arena's frames over the whole trace, not in each moment, so no policy can reach it.
"""

import math
from collections.abc import Iterator, Sequence

from aweigh.memory.policy.base import Item, Record, View
from aweigh.memory.policy.list_policy import ListPolicy
from aweigh.memory.policy.ranking import Ranking


class Minimum(ListPolicy):
    """`future` are all uses to come, as extents in order; each record that is observed is the next of them."""

    def __init__(self, future: Sequence[int]) -> None:
        super().__init__()
        self._next = next_uses(future)
        self._now = 0
        self._due: dict[int, float] = {}
        for position in range(len(future) - 1, -1, -1):
            self._due[future[position]] = position
        self._ranking = Ranking()

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            self._due[record.extent] = self._next[self._now]
            self._now += 1
            if record.extent in self._ranking.keys:
                self._ranking.put(record.extent, -self._due[record.extent])

    def insert(self, item: Item) -> None:
        self._ranking.put(item.id, -self._due.get(item.id, math.inf))

    def hit(self, extent: int) -> None:
        """Uses are counted as they are observed."""

    def remove(self, extent: int) -> None:
        self._ranking.remove(extent)

    def victims(self, view: View) -> Iterator[int]:
        return self._ranking.ascending()


def next_uses(uses: Sequence[int]) -> list[float]:
    """For each position the position of the next use of the same extent; inf where there is none."""
    found, last = [math.inf] * len(uses), dict[int, int]()
    for position in range(len(uses) - 1, -1, -1):
        found[position] = last.get(uses[position], math.inf)
        last[uses[position]] = position
    return found


def most_hit_bytes(uses: Sequence[int], frames: Sequence[int], bytes_of: Sequence[int], budget: int) -> int:
    """More bytes than this nobody can hit, in a trace of `uses`, with extents of so many frames and bytes each."""
    intervals = [(following - position, uses[position]) for position, following in enumerate(next_uses(uses))]
    left, hit = float(budget * len(uses)), 0.0
    for length, extent in sorted(pair for pair in intervals if pair[0] < math.inf):
        if frames[extent] > budget:
            continue
        share = min(1.0, left / (length * frames[extent]))
        hit += share * bytes_of[extent]
        left -= share * length * frames[extent]
        if left <= 0:
            break
    return math.ceil(hit)
