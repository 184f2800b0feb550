"""A pool: the runs of equal blocks that one structure borrows from the device's store (see `kv.py`, at its head).

What a block holds is the business of who derives from it: keys and values of some tokens, or the recurrent state of a sequence.
"""

from math import inf
from typing import Protocol

from aweigh.memory.arena import Arena, Frames

_RUNS = (8, 4, 2, 1)  # blocks that a run is borrowed for, at least


class Store(Protocol):
    """Where a pool borrows slabs (`aweigh.memory.kv.KvStore`)."""

    slab_bytes: int
    size: int
    arena: Arena
    frames: Frames

    def take(self, pool: "Pool", count: int, before: float = inf) -> range | None:
        """Lends the first free run of `count` adjoining slabs; None if there is no such run, or no memory but that of weights used since `before`."""

    def give_back(self, pool: "Pool", slabs: range) -> None:
        """Takes slabs back, and their memory."""


class Pool:
    """Blocks of `block_bytes`: block i is bytes i * block_bytes .. (i + 1) * block_bytes of the store."""

    def __init__(self, store: Store, block_bytes: int) -> None:
        self.store = store
        self.block_bytes = block_bytes
        self.blocks = store.size // block_bytes
        self._runs: dict[int, range] = {}

    @property
    def most_blocks(self) -> int:
        """Blocks that the pool could hold if all slabs were lent to it."""
        return self.blocks

    def grow(self, before: float = inf) -> range | None:
        """Borrows a run of slabs: the smallest that holds eight blocks, or fewer if the store has no such run left. Weights give way that were used before
        that time in seconds.

        Returns the blocks added, or None if there is no room for one.
        """
        size = self.store.slab_bytes
        tried = 0
        for wanted in _RUNS:
            count = -(-wanted * self.block_bytes // size)
            # A run that begins inside a block may need one slab more.
            for slabs_needed in (count, count + 1):
                if slabs_needed == tried:
                    continue
                tried = slabs_needed
                slabs = self.store.take(self, slabs_needed, before)
                if slabs is None:
                    continue
                self._runs[slabs.start] = slabs
                added = self.blocks_of(slabs.start)
                if added:
                    return added
                self.store.give_back(self, self._runs.pop(slabs.start))
        return None

    def blocks_of(self, first_slab: int) -> range:
        """The blocks that a borrowed run (named by its first slab) holds."""
        slabs, size = self._runs[first_slab], self.store.slab_bytes
        return range(
            -(-slabs.start * size // self.block_bytes), min(slabs.stop * size // self.block_bytes, self.blocks)
        )

    def shrink(self, unused: set[int]) -> list[range]:
        """Gives back every borrowed run all of whose blocks are in `unused`. Returns the blocks that are gone."""
        gone: list[range] = []
        for first in list(self._runs):
            blocks = self.blocks_of(first)
            if unused.issuperset(blocks):
                self.store.give_back(self, self._runs.pop(first))
                gone.append(blocks)
        return gone

    def copy(self, source: int, target: int) -> None:
        """Copies a block."""
        size, bytes_B = self.block_bytes, self.store.frames.bytes_B
        bytes_B[target * size : (target + 1) * size].copy_(bytes_B[source * size : (source + 1) * size])

    def close(self) -> None:
        """Gives every slab back. No view may be used afterwards."""
        for slabs in self._runs.values():
            self.store.give_back(self, slabs)
        self._runs.clear()
