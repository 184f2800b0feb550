"""An origin: somebody who may have the bytes of pages. What it gives is believed when it was hashed, and not before. Legend: B bytes."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Protocol


class Tier(StrEnum):
    """Kinds of origins, as `policy.toml` and reports call them."""

    DISK = "disk"
    PEERS = "peers"
    OBJECTS = "objects"


class Origin(Protocol):
    """Called by several threads at once."""

    @property
    def tier(self) -> Tier:
        """What kind it is."""

    @property
    def name(self) -> str:
        """What errors and reports call it; no secret is in it."""

    def fetch(self, hashes: Sequence[bytes], pages_B: memoryview) -> Collection[int]:
        """Writes pages that it has into a buffer of as many pages as there are hashes, one behind the other.

        Returns which ones, by their place in `hashes`; the others it does not have. Raises OSError, AweighError: it failed.
        """


def grouped(numbers: Sequence[int]) -> list[range]:
    """Ascending numbers as runs of neighbours."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found
