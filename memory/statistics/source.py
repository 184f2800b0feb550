"""What a source of access records is."""

from collections.abc import Iterator
from typing import Protocol

from aweigh.memory.statistics.record import AccessRecord


class AccessSource(Protocol):
    """Something that knows of accesses. Belongs to one thread at a time. A source that cannot work here is never replaced in silence
    by another one: whoever asked for it is told why, and whoever reports names the source that ran."""

    lost: int
    """Samples that were seen too late or were not understood, since the source started."""

    unwatched: int
    """Extents that it cannot see, or cannot tell from others, now. They have no records, used or not."""

    @property
    def name(self) -> str:
        """What stands in its records."""

    def start(self) -> None:
        """Begins to watch. Raises OSError where it does not work here."""

    def records(self, time: float) -> Iterator[AccessRecord]:
        """What was used since it was asked last, at most one record per extent, instruction and thread. `time` is now, in the
        caller's clock."""

    def close(self) -> None:
        """Ends watching and leaves the process as it was. May be called at any time, and twice."""
