"""Memory as byte tensors: a mapped file, and anonymous memory. Legend: B bytes.

A tensor made by `torch.frombuffer` holds a reference to its buffer, and so to the mapping: memory is unmapped when the last view
of it is gone and not before. That makes a use after unmapping impossible by construction.

Files are mapped MAP_PRIVATE and PROT_READ: no kernel can write into a weight. A file that shrinks while it is mapped raises
SIGBUS at use; checkpoints are written once and renamed, so truncation in place is left to the person who does it.
"""

import contextlib
import mmap
import warnings
from math import inf

import torch
from torch import Tensor

# Below this size transparent huge pages have nothing to give.
_HUGE = 1 << 21
_MAP_NORESERVE = 0x4000  # Linux; Python names it from 3.12 on


def map_file(descriptor: int, size: int) -> Tensor:
    """Returns a whole file as a read-only uint8 [size]. The descriptor may be closed afterwards.

    Raises OSError as mmap does, ValueError if the file is shorter than `size` by now.
    """
    if size == 0:
        return torch.empty(0, dtype=torch.uint8)
    mapped = mmap.mmap(descriptor, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
    with contextlib.suppress(OSError):  # advice that a file system does not take is no failure
        mapped.madvise(mmap.MADV_WILLNEED)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given buffer is not writable")
        return torch.frombuffer(mapped, dtype=torch.uint8)


class Anonymous:
    """Zeroed private memory, page-aligned, that costs nothing until it is touched.

    `bytes_B` is uint8 [size]. Views of it keep the memory alive, also after this object is gone.
    """

    def __init__(self, size: int) -> None:
        """Raises MemoryError if the address range cannot be had."""
        assert size > 0
        try:
            self._mapped = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_NORESERVE)
        except OSError as error:
            raise MemoryError(f"{size} bytes cannot be reserved: {error}") from error
        if size >= _HUGE:
            self._mapped.madvise(mmap.MADV_HUGEPAGE)
        self.bytes_B: Tensor = torch.frombuffer(self._mapped, dtype=torch.uint8)

    def want(self, offset: int, length: int, before: float = inf) -> bool:
        """Untouched memory costs nothing and is always there."""
        return True

    def forget(self, offset: int, length: int) -> None:
        """Gives the memory of a page-aligned range back to the system; it reads as zeros afterwards."""
        self._mapped.madvise(mmap.MADV_DONTNEED, offset, length)
