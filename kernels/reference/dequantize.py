"""Low-bit weights as tensors. `kernels/low_bit.py` has their layout."""

import torch
from torch import Tensor

from aweigh.kernels import low_bit
from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of


def dequantize(
    packed: Weight, scales: Weight, zeros: Weight | None = None, *, kind: str, outputs: int, dtype: torch.dtype
) -> Tensor:
    """See `Kernels.dequantize`."""
    return low_bit.dequantize(
        tensor_of(packed), tensor_of(scales), optional_tensor_of(zeros), kind=kind, outputs=outputs, dtype=dtype
    )
