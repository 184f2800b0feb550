"""Frames and places: what a device's memory is to whoever decides what lies in it. Legend: B bytes.

A frame is 2 MiB of physical memory; a pool has so many and no more. A place is a range of addresses that costs nothing and stays where it
is for as long as somebody may read it, so that views, address tables, compiled code and captured graphs never change. Frames are moved
into a place before it is read and out of it when others need them more. Same four verbs for every device: `reserve`, `back`, `strip`,
`release`.

Rejected: one mapping per extent that is made when it comes and unmapped when it goes. Between the two a stranger (malloc, a library's
buffer) may take the addresses, and a stale view then reads his bytes instead of faulting.
"""

from typing import TYPE_CHECKING, Protocol

from aweigh.memory.core import PAGE_BYTES

if TYPE_CHECKING:
    from torch import Tensor

FRAME_BYTES = PAGE_BYTES


class Place(Protocol):
    """A range of addresses, a multiple of 2 MiB, aligned to that."""

    @property
    def address(self) -> int:
        """Of its first byte."""

    @property
    def frames(self) -> int:
        """How many it takes to back all of it."""

    @property
    def backed(self) -> frozenset[int]:
        """Indices of the frames that are there."""

    @property
    def bytes_B(self) -> "Tensor":
        """uint8 [frames * 2 MiB] on the device. Bytes that are not backed may not be touched: doing so ends the process."""


class FramePool(Protocol):
    """All frames of a device. Not thread-safe, and neither are its places; bytes may be read and written from any thread."""

    @property
    def frames(self) -> int:
        """In all places together, and free."""

    @property
    def free(self) -> int:
        """In no place."""

    def reserve(self, frames: int) -> Place:
        """A place of so many frames, with none of them there. Raises MemoryError if the addresses cannot be had."""

    def back(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """Moves free frames into a place, writable and of any content. `free` suffices, or the caller has a bug."""

    def seal(self, place: Place) -> None:
        """Makes what is backed of a place read-only, until it is stripped."""

    def strip(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """Moves frames out of a place, back to the pool. Nobody reads them any more."""

    def release(self, place: Place) -> None:
        """Strips a place and gives its addresses up, once the last view is gone."""


def frames_for(size: int) -> int:
    """Frames that hold `size` bytes."""
    return -(-size // FRAME_BYTES)
