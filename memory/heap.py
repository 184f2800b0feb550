"""What the C library keeps of the memory that steps free, so that the next step finds it.

torch takes every tensor of a CPU from malloc and gives it back when it is over; reuse is malloc's affair. As it comes, glibc hands what is
larger than 32 MiB straight back to the system, gives every thread a heap whose segments of 64 MiB go as they get empty, and keeps no more
than twice the largest thing that was freed. So a step of a large batch has all of its activations cleared by the system again, page by
page: 180 000 faults in a ViT of base size with 16 pictures, 6 % of its time; 6 000 to 11 000 and at most 1.4 % in smaller steps
(`python -m bench.activations`). Here all threads share one heap, nothing is mapped apart, and the heap keeps as much as the greatest plan of
activations (`aweigh.proto.activations`) that a step of this process needed: its faults are then none.

Rejected: kernels that write into places of an arena (`out=`). Most of the time of modules goes into oneDNN's fused products, which have no
such form; and once there are no faults, all that it could save is what taking a tensor costs, 2 microseconds: 0.4 ms of the 1.7 s of a
BERT of base size with 8 texts.

Of other C libraries nothing is asked; there `keep` and `trim` do nothing.
"""

import ctypes
import os
import platform

# glibc's malloc.h
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_MOST_MAPPED = 1 << 30
_MARGIN = 64 << 20  # what is alive beside a step: its inputs and outputs, packed batches
_MOST_INT = (1 << 31) - 1
_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
MAX_BYTES = min(_MOST_INT, _MEMORY // 8)


class Heap:
    """The one of this process. `bytes` of free memory may stay in it."""

    def __init__(self) -> None:
        self.bytes = 0
        self._library: ctypes.CDLL | None = None

    def hold(self) -> None:
        """From now on it keeps what it was told to. Call before there are threads; there is no way back."""
        if platform.libc_ver()[0] != "glibc":
            return
        self._library = ctypes.CDLL(None)
        self._library.mallopt(_ARENA_MAX, 1)
        self._library.mallopt(_MMAP_THRESHOLD, _MOST_MAPPED)
        self.keep(_MARGIN)

    def keep(self, size: int) -> None:
        """Keeps `size` bytes of activations from now on, if that is more than before and not too much."""
        wanted = min(size + _MARGIN, MAX_BYTES)
        if self._library is not None and wanted > self.bytes:
            self.bytes = wanted
            self._library.mallopt(_TRIM_THRESHOLD, wanted)

    def trim(self) -> None:
        """Gives back to the system all that is free at present."""
        if self._library is not None:
            self._library.malloc_trim(0)


HEAP = Heap()
