"""The runner's source: exact. The runner bumps one integer per run of a Program function (and per expert that was hit), which costs
nothing next to the run; every slot that the function reads was then read once.

Counts are totals; a record is what came on top since the source was asked last. A total that shrank is of a model that was loaded
anew under its old name: all of it is new.
"""

from collections.abc import Callable, Iterator

from aweigh.memory.core import Extent
from aweigh.memory.statistics.record import AccessRecord


class ExactSource:
    """Counts of the Program runner, summed per model and extent. `count` is called by `records`, and adds all totals."""

    name = "runner"

    def __init__(self, count: Callable[["ExactSource"], None] = lambda source: None) -> None:
        self.lost = self.unwatched = 0
        self._count = count
        self._uses: dict[tuple[str, Extent], int] = {}
        self._before: dict[tuple[str, Extent], int] = {}

    def start(self) -> None:
        """See `AccessSource.start`. What was used before is no part of the records."""
        self._uses.clear()
        self._count(self)
        self._before, self._uses = self._uses, {}

    def add(self, extent: Extent, uses: int, model: str = "") -> None:
        """Adds uses of an extent that were counted elsewhere."""
        if uses:
            key = (model, extent)
            self._uses[key] = self._uses.get(key, 0) + uses

    def records(self, time: float) -> Iterator[AccessRecord]:
        """See `AccessSource.records`."""
        self._count(self)
        before, self._before, self._uses = self._before, self._uses, {}
        for key, total in self._before.items():
            uses = total - before.get(key, 0)
            if uses:
                model, extent = key
                new = uses if uses > 0 else total
                yield AccessRecord(time, self.name, extent.name, extent.first_page, extent.pages, new, model)

    def close(self) -> None:
        """See `AccessSource.close`."""
        self._uses.clear()
        self._before.clear()
