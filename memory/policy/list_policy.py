"""What the list policies of the textbooks have in common: they insert at a miss, do something at a hit, and have an order of victims.

The use that follows an arrival is that of the miss, so `hit` starts with the second. Victims are read out of a copy-free order that
`dropped` changes between two questions; whoever walks such an order must take what it yields to be refused.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence

from aweigh.memory.policy.base import Drop, Item, Policy, Record, Suggestion, View


class ListPolicy(Policy):
    """Subclasses give `insert`, `hit`, `remove` and `victims`."""

    def __init__(self) -> None:
        self._unused: set[int] = set()

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.extent in self._unused:
                self._unused.discard(record.extent)
            else:
                self.hit(record.extent)

    def arrived(self, item: Item, time: float) -> None:
        self._unused.add(item.id)
        self.insert(item)

    def dropped(self, extent: int, time: float) -> None:
        self._unused.discard(extent)
        self.remove(extent)

    def suggest(self, view: View) -> Iterator[Suggestion]:
        if view.need_frames:
            for extent in self.victims(view):
                if extent not in view.held:
                    yield Drop(extent)

    @abstractmethod
    def insert(self, item: Item) -> None:
        """It came, and was not here."""

    @abstractmethod
    def hit(self, extent: int) -> None:
        """It was used again; or, rarely, it has left since it was used."""

    @abstractmethod
    def remove(self, extent: int) -> None:
        """It left."""

    @abstractmethod
    def victims(self, view: View) -> Iterator[int]:
        """Residents, the first victim first."""
