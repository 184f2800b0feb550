"""Weights as kernels see them: a tensor, and where a kernel on a device finds its address at run time.

Legend: A entries of an address table.

An address table is an int64 tensor in the memory of the device, one base address per weight slot and per layer of KV. A kernel
is given the table and an entry and loads the address itself, so that neither compiled code nor a captured graph holds an
address: the owner of the memory moves the bytes, rewrites the entry, and everything stays valid.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.kernels.low_bit import columns_of, dequantize


@dataclass(frozen=True, slots=True)
class Slot:
    """A weight behind an address table.

    `tensor` gives dtype, shape and strides (and the bytes, to kernels that take tensors); `addresses_A` [A] int64 is on the
    tensor's device and its `entry` holds the address of the tensor's first element whenever a kernel runs.
    """

    tensor: Tensor
    addresses_A: Tensor
    entry: int


@dataclass(frozen=True, slots=True)
class LowBit:
    """A matrix [O, C] of few bits: what `low_bit.dequantize` makes of its parts, which a kernel may read as they lie."""

    packed: Tensor | Slot
    scales: Tensor | Slot
    zeros: Tensor | Slot | None
    kind: str
    outputs: int
    dtype: torch.dtype

    @property
    def columns(self) -> int:
        return columns_of(_held(self.packed))

    @property
    def tensor(self) -> Tensor:
        """The matrix, made anew."""
        zeros = None if self.zeros is None else _held(self.zeros)
        return dequantize(
            _held(self.packed), _held(self.scales), zeros, kind=self.kind, outputs=self.outputs, dtype=self.dtype
        )


Weight = Tensor | Slot | LowBit
"""What kernels accept as a weight. A plain tensor is for tests and small tools: its address may end up in a graph."""


def _held(weight: Tensor | Slot) -> Tensor:
    return weight.tensor if isinstance(weight, Slot) else weight


def tensor_of(weight: Weight) -> Tensor:
    """Returns the weight's tensor."""
    return weight if isinstance(weight, Tensor) else weight.tensor


def optional_tensor_of(weight: Weight | None) -> Tensor | None:
    """Returns the weight's tensor, or None for no weight."""
    return None if weight is None else tensor_of(weight)


def addresses_of(weight: Weight | None) -> tuple[int, int]:
    """Returns a weight's address, and the address of its entry in the address table: one of them; the other, or both, is 0."""
    assert not isinstance(weight, LowBit), "the parts of a low-bit weight have addresses, not the whole"
    if isinstance(weight, Slot):
        return 0, weight.addresses_A.data_ptr() + weight.addresses_A.itemsize * weight.entry
    return (0 if weight is None else weight.data_ptr()), 0
