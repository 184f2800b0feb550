"""Frames and places: what a device's memory is to whoever decides what lies in it. Legend: B bytes.

A frame is 2 MiB of physical memory; a pool has so many and no more. A place is a range of addresses that costs nothing and stays where it
is for as long as somebody may read it, so that views, address tables, compiled code and captured graphs never change. Frames are moved
into a place before it is read and out of it when others need them more. Same verbs for every device: `reserve`, `back`, `strip`, `release`.

A device computes later than it is told to, and taking a frame from under a kernel is a fault. So whoever launched work that reads places takes
a fence then, and a place is stripped when its last fence has passed. What computes at once has no fences.

Rejected: one mapping per extent that is made when it comes and unmapped when it goes. Between the two a stranger (malloc, a library's
buffer) may take the addresses, and a stale view then reads his bytes instead of faulting.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from aweigh.memory.core import PAGE_BYTES

if TYPE_CHECKING:
    import torch
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
    def shows_file(self) -> bool:
        """Whether it shows pages of a file instead, and has no frames."""

    @property
    def bytes_B(self) -> "Tensor":
        """uint8 [frames * 2 MiB] on the device. Bytes that are not backed may not be touched: doing so ends the process."""


class Fence(Protocol):
    """A point in what a stream was told to do. Fences of one stream pass in the order of their numbers."""

    @property
    def stream(self) -> int:
        """Which stream."""

    @property
    def number(self) -> int:
        """Later fences of the stream have greater ones."""

    def has_passed(self) -> bool:
        """Whether all that was launched before it is done. Raises OSError where the device is lost, as `wait` does."""

    def wait(self) -> None:
        """Returns when it has passed. Other threads run meanwhile."""


class FramePool(Protocol):
    """All frames of a device. Not thread-safe, and neither are its places; bytes may be read and written from any thread."""

    @property
    def device(self) -> "torch.device":
        """Whose memory it is."""

    @property
    def is_host(self) -> bool:
        """Whether its bytes are memory of this process, where other things can lie beside it."""

    @property
    def frames(self) -> int:
        """In all places together, and free."""

    @property
    def free(self) -> int:
        """In no place."""

    def touch(self) -> Iterator[None]:
        """Makes every frame that is free at its turn resident, one a step, so that nobody waits for it later. Raises MemoryError."""

    def reserve(self, frames: int) -> Place:
        """A place of so many frames, with none of them there. Raises MemoryError if the addresses cannot be had."""

    def back(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """Moves free frames into a place, writable and of any content. `free` suffices, or the caller has a bug. Raises OSError."""

    def seal(self, place: Place) -> None:
        """Makes what is backed of a place read-only, until it is stripped."""

    def strip(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """Moves frames out of a place, back to the pool. Nobody reads them any more."""

    def empty(self, place: Place) -> None:
        """Strips whatever is there of a place. Raises OSError; what is left can be stripped later."""

    def take_out(self, place: Place, first: int, count: int) -> None:
        """Strips whatever is there of a part of a place. Raises OSError, as `empty`."""

    def release(self, place: Place) -> None:
        """Empties a place and gives its addresses up, once the last view is gone."""

    def fence(self) -> Fence | None:
        """A fence behind all that the calling thread has launched; None where work is done when its call returns. From any thread."""

    def writing(self) -> AbstractContextManager[object]:
        """What is written inside is in memory when it is left, and waits for nothing that others have launched. From any thread."""

    def check_integrity(self) -> None:
        """Proves that every frame is in one place or free."""


@runtime_checkable
class ShowsFiles(Protocol):
    """A pool whose places can show a file's pages: those of a CPU."""

    def show(self, place: Place, at: int, descriptor: int, offset: int, length: int) -> None:
        """Lets an empty place show a file's pages from its byte `at` on, read-only and without frames. May be called for several parts.

        `at` and `offset` are multiples of 4096. Raises OSError. `FramePool.empty` ends it.
        """


def frames_for(size: int) -> int:
    """Frames that hold `size` bytes."""
    return -(-size // FRAME_BYTES)
