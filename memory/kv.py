"""Storage of KV blocks: one reservation per device, cut into slabs that belong to one structure at a time.

Legend: N blocks in pool, B tokens per block, K KV heads, D key head size, E value head size.

Every pool sees the whole reservation with its own block size: block i of a pool is bytes i * block_bytes .. (i + 1) * block_bytes,
whoever owns them. A slab (a run of 2 MiB frames, less for tiny budgets) is lent to one pool, and the pool may use exactly those of
its blocks that lie inside slabs lent to it. So structures of any block size share one budget, a slab that falls free serves any of
them, no view is ever made anew, and block numbers stay small integers for kernels. What it costs is less than one block per run
of slabs at each end.

A block holds every layer of its group, one after the other, keys before values. `recurrent.py` draws on the same store.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

import torch
from torch import Tensor

from aweigh.memory.addresses import AddressTable
from aweigh.memory.arena import Arena
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.pool import Pool
from aweigh.proto.dtypes import DType
from aweigh.proto.program import KeyValueState, MemoryState

_ALIGNMENT = 64
_HOST_PAGE = 4096
_SLABS = 64


@dataclass(frozen=True, slots=True)
class KvLayout:
    """What one block holds: `block_size` tokens of each of `layers`."""

    layers: tuple[KeyValueState | MemoryState, ...]
    block_size: int

    def offsets(self) -> list[tuple[int, int]]:
        """Byte offsets in a block of each layer's keys and values."""
        places: list[tuple[int, int]] = []
        position = 0
        for layer in self.layers:
            key = position
            value = key + _aligned(self.block_size * layer.heads * layer.key_size * layer.dtype.size)
            position = value + _aligned(self.block_size * layer.heads * layer.value_size * layer.dtype.size)
            places.append((key, value))
        return places

    @property
    def block_bytes(self) -> int:
        """Bytes of one block, a multiple of 64."""
        return sum(
            _aligned(self.block_size * layer.heads * size * layer.dtype.size)
            for layer in self.layers
            for size in (layer.key_size, layer.value_size)
        )


class KvStore:
    """The reservation of a device and who holds which of its slabs."""

    def __init__(self, arena: Arena, size: int) -> None:
        """`size` in bytes. Raises MemoryError."""
        granule = arena.granule
        slab = max(granule, min(PAGE_BYTES * 16, size // _SLABS // granule * granule))
        if slab > PAGE_BYTES:
            slab = slab // PAGE_BYTES * PAGE_BYTES
        self.slab_bytes = slab
        self.slabs = max(1, size // slab)
        self.size = self.slabs * slab
        self.arena = arena
        self.frames = arena.reserve(self.size)
        self._owner: list[Pool | None] = [None] * self.slabs

    def take(self, pool: Pool, count: int, before: float = inf) -> range | None:
        """Lends the first free run of `count` adjoining slabs to a pool; None if there is no such run, or no memory for it but that of weights
        used since `before`, in seconds."""
        run = 0
        for slab, owner in enumerate(self._owner):
            run = run + 1 if owner is None else 0
            if run == count:
                taken = range(slab + 1 - count, slab + 1)
                if not self.frames.want(taken.start * self.slab_bytes, count * self.slab_bytes, before):
                    return None
                for index in taken:
                    self._owner[index] = pool
                return taken
        return None

    def give_back(self, pool: Pool, slabs: Iterable[int]) -> None:
        """Takes slabs back from a pool, and their memory."""
        for slab in slabs:
            assert self._owner[slab] is pool, "a pool gives back what it was lent"
            self._owner[slab] = None
            self.frames.forget(slab * self.slab_bytes, self.slab_bytes)


class KvPool(Pool):
    """The blocks of one group of one structure: strided views, an address table, and runs of blocks to use."""

    def __init__(self, store: KvStore, layout: KvLayout) -> None:
        super().__init__(store, layout.block_bytes)
        self.layout = layout
        self.addresses = AddressTable(2 * len(layout.layers), store.arena.device)
        for index, (layer, (key, value)) in enumerate(zip(layout.layers, layout.offsets(), strict=True)):
            self.addresses.place(2 * index, self._view(layer.dtype, key, layer.heads, layer.key_size))
            self.addresses.place(2 * index + 1, self._view(layer.dtype, value, layer.heads, layer.value_size))

    def key(self, layer: int) -> Tensor:
        """key_NBKD of a layer; its entry in `addresses` is 2 * layer."""
        return self.addresses.tensor(2 * layer)

    def value(self, layer: int) -> Tensor:
        """value_NBKE of a layer; its entry in `addresses` is 2 * layer + 1."""
        return self.addresses.tensor(2 * layer + 1)

    def _view(self, dtype: DType, offset: int, heads: int, size: int) -> Tensor:
        block_size, width = self.layout.block_size, dtype.size
        end = self.blocks * self.block_bytes
        typed = self.store.frames.bytes_B[:end].view(getattr(torch, dtype.torch_name))
        return typed.as_strided(
            (self.blocks, block_size, heads, size),
            (self.block_bytes // width, heads * size, size, 1),
            offset // width,
        )


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def default_kv_bytes(available: int) -> int:
    """The KV budget in bytes when nobody named one: a quarter of the memory that is available now."""
    return max(_HOST_PAGE * _SLABS, available // 4)
