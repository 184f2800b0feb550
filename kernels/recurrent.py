"""Where the recurrent state of one layer is: a strided view onto the pool. Legend: N blocks in pool, A entries of an address table.

A step reads a sequence's state in one block and writes it to another (`Ragged.states`), so what a step that failed has written is
nobody's, the same step may be run again, and forks share a block until they go on.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class RecurrentLayer:
    """`state_N` [N, ...] is a view whose blocks lie `stride(0)` apart, contiguous within; `entry` of `addresses_A` [A] int64 holds its address."""

    state_N: Tensor
    addresses_A: Tensor
    entry: int

    def before(self, block: int) -> Tensor:
        """The state in a block; zeros if there is none (NO_BLOCK). Not to be written to."""
        return self.state_N[block] if block >= 0 else self.state_N.new_zeros(self.state_N.shape[1:])

    @staticmethod
    def of(state_N: Tensor) -> "RecurrentLayer":
        """Returns a layer with an address table of its own: for tests and tools, since nobody rewrites that table."""
        return RecurrentLayer(state_N, torch.tensor([state_N.data_ptr()], dtype=torch.int64, device=state_N.device), 0)
