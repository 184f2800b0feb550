"""The arena of an accelerator that has no bound: an extent is copied when it is mapped, and stays. Legend: B bytes.

For any device that torch knows. With a bound a CUDA device has the paged arena (`paging/arena.py`), behind the same verbs; nothing above knows the difference,
since addresses come from the address table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import torch
from torch import Tensor

from aweigh.memory.core import Extent
from aweigh.memory.sources import Source


@dataclass(frozen=True, slots=True)
class DeviceFrames:
    """Memory of torch's allocator. It cannot be given back in part, so `forget` does nothing."""

    bytes_B: Tensor

    def want(self, offset: int, length: int, before: float = inf) -> bool:
        """See `Frames.want`."""
        return True

    def forget(self, offset: int, length: int) -> None:
        """See `Frames.forget`."""


class DeviceArena:
    """`aweigh.memory.arena.Arena` for any torch device, by copies."""

    granule = 4096

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._uses: dict[Extent, int] = {}
        self._bytes: dict[Extent, Tensor] = {}

    def map(self, source: Source, extent: Extent) -> Tensor:
        """See `Arena.map`."""

        def fill(bytes_B: Tensor) -> None:
            bytes_B.copy_(source.map()[extent.offset : extent.offset + extent.length])

        return self.make(extent, fill)

    def make(self, extent: Extent, fill: Callable[[Tensor], None]) -> Tensor:
        """See `Arena.make`."""
        made = self._bytes.get(extent)
        if made is None:
            try:
                made = torch.empty(extent.length, dtype=torch.uint8, device=self.device)
            except torch.OutOfMemoryError as error:
                raise MemoryError(str(error)) from error
            fill(made)
            self._bytes[extent] = made
        self._uses[extent] = self._uses.get(extent, 0) + 1
        return made

    def unmap(self, extent: Extent) -> None:
        """See `Arena.unmap`."""
        self._uses[extent] -= 1
        if not self._uses[extent]:
            del self._uses[extent], self._bytes[extent]

    def reserve(self, size: int) -> DeviceFrames:
        """See `Arena.reserve`."""
        try:
            return DeviceFrames(torch.zeros(size, dtype=torch.uint8, device=self.device))
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error

    def mapped_bytes(self) -> int:
        """See `Arena.mapped_bytes`."""
        return sum(extent.length for extent in self._uses)
