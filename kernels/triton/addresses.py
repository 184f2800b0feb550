"""Where a Triton kernel finds a weight: an address table on the device and an entry in it.

Kernels load the address and make a pointer of it, so that neither compiled code nor a captured graph holds one. The types
of what is behind an address do go into the code, as compile-time constants.
"""

from typing import Any, NamedTuple

import torch
import triton.language as tl
from torch import Tensor

from aweigh.kernels.weight import Slot, Weight

TYPES: dict[torch.dtype, Any] = {
    torch.float32: tl.float32,
    torch.bfloat16: tl.bfloat16,
    torch.float16: tl.float16,
    torch.uint8: tl.uint8,
}


class Place(NamedTuple):
    """`addresses_A[entry]` is the address of the first of the elements, which are of Triton type `type`."""

    addresses_A: Tensor
    entry: int
    type: Any


def place_of(weight: Weight | None, like: Tensor) -> Place:
    """Returns the weight's place. A plain tensor gets a table of one entry; no weight gets a place that is never read.

    Args:
        like: any tensor of the call, on the device.
    """
    if weight is None:
        return Place(like, 0, tl.float32)
    tensor = weight.tensor if isinstance(weight, Slot) else weight
    assert tensor.is_contiguous(), "kernels are told no strides of what lies behind an address"
    if isinstance(weight, Slot):
        return Place(weight.addresses_A, weight.entry, TYPES[tensor.dtype])
    table = torch.tensor([tensor.data_ptr()], dtype=torch.int64, device=tensor.device)
    return Place(table, 0, TYPES[tensor.dtype])
