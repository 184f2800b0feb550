"""The arena of a CPU: files and contents are mapped whole, once; what is made of them lies in anonymous memory. Legend: B bytes.

Today a file's mapping is its tier: the page cache decides what is resident. Extents are counted all the same, so that whoever takes
residency over finds who uses what.
"""

from collections.abc import Callable

import psutil
import torch
from torch import Tensor

from aweigh.memory.core import Extent
from aweigh.memory.mapping import Anonymous
from aweigh.memory.sources import Source


class HostArena:
    """`aweigh.memory.arena.Arena` over mmap."""

    device = torch.device("cpu")
    granule = 4096

    def __init__(self) -> None:
        self._uses: dict[Extent, int] = {}
        self._made: dict[Extent, Tensor] = {}
        self._files: dict[str, Tensor] = {}
        self._extents_of_file: dict[str, int] = {}

    def map(self, source: Source, extent: Extent) -> Tensor:
        """See `Arena.map`."""
        name = source.name
        assert extent.source == name, "an extent is mapped from its own file"
        assert extent.offset + extent.length <= source.size, "a leaf that was proved has no extent outside the file"
        if name not in self._files:
            self._files[name] = source.map()
        if extent not in self._uses:
            self._extents_of_file[name] = self._extents_of_file.get(name, 0) + 1
        self._uses[extent] = self._uses.get(extent, 0) + 1
        return self._files[name][extent.offset : extent.offset + extent.length]

    def make(self, extent: Extent, fill: Callable[[Tensor], None]) -> Tensor:
        """See `Arena.make`."""
        made = self._made.get(extent)
        if made is None:
            available = psutil.virtual_memory().available
            if extent.length > available:
                raise MemoryError(f"{extent.length} bytes are wanted, {available} are available")
            made = Anonymous(extent.length).bytes_B if extent.length else torch.empty(0, dtype=torch.uint8)
            fill(made)
            self._made[extent] = made
        self._uses[extent] = self._uses.get(extent, 0) + 1
        return made

    def unmap(self, extent: Extent) -> None:
        """See `Arena.unmap`. The file's mapping goes with its last extent, once no view is left."""
        self._uses[extent] -= 1
        if self._uses[extent]:
            return
        del self._uses[extent]
        if self._made.pop(extent, None) is not None:
            return
        self._extents_of_file[extent.source] -= 1
        if not self._extents_of_file[extent.source]:
            del self._extents_of_file[extent.source]
            del self._files[extent.source]

    def reserve(self, size: int) -> Anonymous:
        """See `Arena.reserve`."""
        return Anonymous(size)

    def mapped_bytes(self) -> int:
        """See `Arena.mapped_bytes`."""
        return sum(extent.length for extent in self._uses)

    def check_integrity(self) -> None:
        """Proves that counts and maps agree."""
        assert all(uses > 0 for uses in self._uses.values())
        files: dict[str, int] = {}
        for extent in self._uses:
            if extent not in self._made:
                files[extent.source] = files.get(extent.source, 0) + 1
        assert files == self._extents_of_file and files.keys() == self._files.keys()
        assert self._made.keys() <= self._uses.keys()
