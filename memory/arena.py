"""The arena: where extents are while kernels read them. Legend: B bytes.

The same verbs for every device: `map` and `unmap` an extent, `make` one that no file holds, `reserve` memory for frames. An extent
is mapped once and every model that shares it reaches it through its own address table. Extents are counted: what was mapped n
times is gone after n unmaps. Addresses are `data_ptr()` of what `map` and `make` return.
"""

from collections.abc import Callable
from math import inf
from typing import Protocol

import torch
from torch import Tensor

from aweigh.memory.core import PAGE_BYTES, Extent
from aweigh.memory.device_arena import DeviceArena
from aweigh.memory.host_arena import HostArena
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.medium import medium_for
from aweigh.memory.paging.pager import Pager
from aweigh.memory.scrub.schedule import PERIOD_SECONDS
from aweigh.memory.sources import Source


class Frames(Protocol):
    """Memory that is reserved at once and used piece by piece."""

    @property
    def bytes_B(self) -> Tensor:
        """uint8 [size] on the arena's device; zero where it was never written."""

    def want(self, offset: int, length: int, before: float = inf) -> bool:
        """Makes this range (multiples of 4096) usable. False: others hold what it would take; of weights only those that were last used
        before that time in seconds give way."""

    def forget(self, offset: int, length: int) -> None:
        """Says that the content of this range (multiples of 4096) is worth nothing. It may cost no memory until it is written."""


class Arena(Protocol):
    """One device's memory. Not thread-safe: the owner of the worker's models calls it from one thread at a time."""

    @property
    def device(self) -> torch.device:
        """Where the bytes are."""

    @property
    def granule(self) -> int:
        """What is reserved is used in multiples of so many bytes."""

    def map(self, source: Source, extent: Extent) -> Tensor:
        """Makes an extent of an open file or a content readable and counts one use more.

        Returns:
            uint8 [length], read-only. Valid until `unmap` of the last use; a view that outlives it stays readable on the host.

        Raises:
            MemoryError: the device has no room for it.
            CheckpointInvalid: the file cannot be mapped.
        """

    def make(self, extent: Extent, fill: Callable[[Tensor], None]) -> Tensor:
        """Like `map`, for an extent that is computed: `fill` is called with its uint8 [length] if it is not there yet."""

    def unmap(self, extent: Extent) -> None:
        """Gives one use back."""

    def reserve(self, size: int) -> Frames:
        """Memory for KV blocks. Raises MemoryError."""

    def mapped_bytes(self) -> int:
        """Bytes of distinct extents that are mapped or made."""


def arena_for(device: torch.device, size: int = 0, host_bytes: int = 0) -> Arena:
    """Returns a fresh arena of a device. `size` in bytes bounds it, 0: nothing is bounded, files are mapped or copied.

    `host_bytes` of pinned memory keep what leaves an accelerator. Raises MemoryError, ValueError."""
    if size:
        medium = medium_for(device, host_bytes)
        return PagedArena(Pager(size // PAGE_BYTES, scrub_seconds=PERIOD_SECONDS, open_medium=medium))
    return HostArena() if device.type == "cpu" else DeviceArena(device)
