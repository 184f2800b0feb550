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


Weight = Tensor | Slot
"""What kernels accept as a weight. A plain tensor is for tests and small tools: its address may end up in a graph."""


class LowBit:
    """A matrix [O, C] of few bits: what `low_bit.dequantize` makes of its parts, which a kernel may read as they lie.

    What a kernel asks of it at each call is looked up once: `group`, in columns; `flat`: whether its parts lie on a CPU without gaps, as they
    should; `addresses` of packed, scales and zeros, each as `addresses_of` has them.
    """

    __slots__ = (
        "addresses",
        "columns",
        "dtype",
        "flat",
        "group",
        "kind",
        "outputs",
        "packed",
        "scale_dtype",
        "scales",
        "zeros",
    )

    def __init__(
        self, packed: Weight, scales: Weight, zeros: Weight | None, kind: str, outputs: int, dtype: torch.dtype
    ) -> None:
        self.packed, self.scales, self.zeros = packed, scales, zeros
        self.kind, self.outputs, self.dtype = kind, outputs, dtype
        parts = [tensor_of(part) for part in (packed, scales, zeros) if part is not None]
        self.columns, self.scale_dtype = columns_of(parts[0]), parts[1].dtype
        self.group = self.columns // max(parts[1].shape[1], 1)
        self.flat = all(part.is_cpu and part.is_contiguous() for part in parts)
        self.flat &= parts[-1].dtype is self.scale_dtype
        self.addresses = (*addresses_of(packed), *addresses_of(scales), *addresses_of(zeros))

    @property
    def tensor(self) -> Tensor:
        """The matrix, made anew."""
        zeros = optional_tensor_of(self.zeros)
        packed, scales = tensor_of(self.packed), tensor_of(self.scales)
        return dequantize(packed, scales, zeros, kind=self.kind, outputs=self.outputs, dtype=self.dtype)


Matrix = Weight | LowBit
"""What products accept as a weight."""


def tensor_of(weight: Matrix) -> Tensor:
    """Returns the weight's tensor."""
    return weight if isinstance(weight, Tensor) else weight.tensor


def optional_tensor_of(weight: Weight | None) -> Tensor | None:
    """Returns the weight's tensor, or None for no weight."""
    return None if weight is None else tensor_of(weight)


def addresses_of(weight: Weight | None) -> tuple[int, int]:
    """Returns a weight's address, and the address of its entry in the address table: one of them; the other, or both, is 0."""
    if isinstance(weight, Slot):
        return 0, weight.addresses_A.data_ptr() + weight.addresses_A.itemsize * weight.entry
    return (0 if weight is None else weight.data_ptr()), 0
