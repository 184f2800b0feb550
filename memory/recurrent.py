"""Storage of recurrent state: one block holds all recurrent states of one sequence, beside KV blocks in the same store.

Legend: N blocks in pool; `...` the shape of one state.
"""

import math

import torch
from torch import Tensor

from aweigh.memory.addresses import AddressTable
from aweigh.memory.kv import KvStore
from aweigh.memory.pool import Pool
from aweigh.proto.dtypes import DType
from aweigh.proto.program import RecurrentState

_ALIGNMENT = 64


class RecurrentPool(Pool):
    """The blocks of one structure: a strided view and an entry of the address table per state."""

    def __init__(self, store: KvStore, states: tuple[RecurrentState, ...]) -> None:
        sizes = [_aligned(math.prod(state.shape) * state.dtype.size) for state in states]
        super().__init__(store, max(sum(sizes), _ALIGNMENT))
        self.addresses = AddressTable(len(states), store.arena.device)
        offset = 0
        for index, (state, size) in enumerate(zip(states, sizes, strict=True)):
            self.addresses.place(index, self._view(state.dtype, offset, state.shape))
            offset += size

    def state(self, index: int) -> Tensor:
        """A state in every block, [N, ...]; its entry in `addresses` is `index`."""
        return self.addresses.tensor(index)

    def _view(self, dtype: DType, offset: int, shape: tuple[int, ...]) -> Tensor:
        width = dtype.size
        typed = self.store.frames.bytes_B[: self.blocks * self.block_bytes].view(getattr(torch, dtype.torch_name))
        strides = [math.prod(shape[place + 1 :]) for place in range(len(shape))]
        return typed.as_strided(
            (self.blocks, *shape), (self.block_bytes // width, *strides), offset // width if self.blocks else 0
        )


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
