"""The memory in which a tape's values lie: addresses that stay, pages that come when they are first written.

One block per thread that runs steps serves all tapes of that thread, since what lies in it matters only while one of them is played. What was
given back is taken again by the next value of its size, longest free first, so that a model's layers use the same lines of a cache one after
the other and neighbours in a tape seldom the same.
"""

import mmap
import threading
from bisect import bisect_right
from collections import defaultdict, deque
from math import prod

import torch
from torch import Tensor

SIZE = 16 << 20
_ALIGNMENT = 64


class Full(Exception):
    """There is no more room."""


class Block:
    """Memory of one thread."""

    def __init__(self) -> None:
        self.bytes_B = torch.frombuffer(mmap.mmap(-1, SIZE), dtype=torch.uint8)
        self.address = self.bytes_B.data_ptr()


class Room:
    """What one tape takes of a block."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._end = 0
        self._starts: list[int] = []
        self._sizes: dict[int, int] = {}
        self._free: defaultdict[int, deque[int]] = defaultdict(deque)

    def take(self, shape: tuple[int, ...], dtype: torch.dtype, *, fresh: bool = False) -> Tensor:
        """Returns an uninitialised contiguous tensor; `fresh`: where nothing of this tape was before. Raises Full."""
        size = prod(shape) * dtype.itemsize
        room = -(-max(size, 1) // _ALIGNMENT) * _ALIGNMENT
        free = self._free[room]
        if free and not fresh:
            start = free.popleft()
        else:
            start, self._end = self._end, self._end + room
            if self._end > SIZE:
                raise Full
            self._starts.append(start)
            self._sizes[start] = room
        return self._block.bytes_B[start : start + size].view(dtype).view(shape)

    def give(self, start: int) -> None:
        """Gives back what `start_of` returned for it."""
        self._free[self._sizes[start]].append(start)

    def start_of(self, tensor: Tensor) -> int | None:
        """Where the memory begins that a tensor, or the one that it is a view of, was given; None for one that is not of the block."""
        at = tensor.data_ptr() - self._block.address
        if not 0 <= at < self._end:
            return None
        return self._starts[bisect_right(self._starts, at) - 1]


_local = threading.local()


def block() -> Block:
    """Returns the block of this thread."""
    found: Block | None = getattr(_local, "block", None)
    if found is None:
        with torch.inference_mode(False):
            found = _local.block = Block()
    return found
