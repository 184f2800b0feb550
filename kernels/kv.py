"""Where the keys and values of one layer are: strided views onto the pool, and entries of the address table.

Legend: N blocks in pool, B tokens per block, K KV heads, D key head size, E value head size, A entries of an address table.

A block holds every layer of its KV group, one after the other, so a layer's blocks lie a whole block apart: `stride(0)` of the
views is the size of a block, not of a layer's part of it. Everything is reached by base and strides.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class KvLayer:
    """The keys and values of one layer in every block of the pool.

    `key_NBKD` and `value_NBKE` are views onto the pool's storage (`as_strided`), of the pool's dtype; the last dimension is
    contiguous. `addresses_A` [A] int64 lies on the pool's device; its entries `key_entry` and `value_entry` hold the
    addresses of the first elements of the two views. Whoever moves the pool keeps an alignment to 16 bytes that these views have:
    kernels may be compiled for it (it halves their registers).
    """

    key_NBKD: Tensor
    value_NBKE: Tensor
    addresses_A: Tensor
    key_entry: int
    value_entry: int

    def __post_init__(self) -> None:
        assert self.key_NBKD.shape[:3] == self.value_NBKE.shape[:3], "keys and values have the same blocks and heads"
        assert self.key_NBKD.stride(3) == 1 and self.value_NBKE.stride(3) == 1, "a head's features are contiguous"

    @property
    def block_size(self) -> int:
        """Tokens per block."""
        return self.key_NBKD.shape[1]

    @staticmethod
    def of(key_NBKD: Tensor, value_NBKE: Tensor) -> "KvLayer":
        """Returns a layer with an address table of its own: for tests and tools, since nobody rewrites that table."""
        addresses_A = torch.tensor(
            [key_NBKD.data_ptr(), value_NBKE.data_ptr()], dtype=torch.int64, device=key_NBKD.device
        )
        return KvLayer(key_NBKD, value_NBKE, addresses_A, 0, 1)
