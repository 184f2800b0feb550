"""Access records: who used which extent when, and how often.

A source counts; records are made when somebody asks. The runner's source is exact: it bumps one integer per run of a Program
function (and per expert that was hit), which costs nothing next to the run; every slot that the function reads was then read once.
Sources that sample (performance counters, page faults) yield the same records under their own name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from aweigh.memory.core import Extent


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """`uses` of `pages` pages from `first_page` of an extent, up to `time` (seconds, the caller's clock), by a source."""

    time: float
    source: str
    extent: str
    first_page: int
    pages: int
    uses: int
    instruction: int | None = None
    thread: int | None = None
    address: int | None = None


class AccessSource(Protocol):
    """Something that knows of accesses."""

    @property
    def name(self) -> str:
        """What stands in its records."""

    def records(self, time: float) -> Iterator[AccessRecord]:
        """Everything since the source began, one record per extent that was used."""


class ExactSource:
    """Counts of the Program runner, summed per extent."""

    name = "runner"

    def __init__(self) -> None:
        self._uses: dict[Extent, int] = {}

    def add(self, extent: Extent, uses: int) -> None:
        """Adds uses of an extent that were counted elsewhere."""
        if uses:
            self._uses[extent] = self._uses.get(extent, 0) + uses

    def records(self, time: float) -> Iterator[AccessRecord]:
        """See `AccessSource.records`."""
        for extent, uses in self._uses.items():
            yield AccessRecord(time, self.name, extent.name, extent.first_page, extent.pages, uses)
