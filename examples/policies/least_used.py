"""A policy of one's own for the arena: gives up what was used least, and lets old uses count for less. Name it as least_used:LeastUsed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from aweigh.memory.policy.base import Drop, Policy, Record, View


class LeastUsed(Policy):
    """`half_life`: seconds after which a use counts half."""

    def __init__(self, half_life: float = 60.0) -> None:
        self.half_life, self.aged, self.uses = half_life, 0.0, Counter[int]()

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            self.uses[record.extent] += record.uses
        if records and records[-1].time > self.aged + self.half_life:
            self.aged, self.uses = records[-1].time, Counter({extent: n // 2 for extent, n in self.uses.items()})

    def suggest(self, view: View) -> Iterator[Drop]:
        for extent in sorted(view.resident, key=self.uses.__getitem__):
            if view.droppable(extent):
                yield Drop(extent, cost=view.item(extent).fetch_seconds * self.uses[extent])
