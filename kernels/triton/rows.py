"""Rows of activations, as the norms load them: one program per row, which holds the whole row.

Legend: C normalised features, N rows, `...` any leading dimensions.
"""

from typing import Any

import triton.language as tl
from torch import Tensor

from aweigh.kernels.triton.jit import kernel


@kernel()
def load_row(
    x: Any,
    residual: Any,
    total: Any,
    row: Any,
    x_n: Any,
    residual_n: Any,
    C: tl.constexpr,
    C_PAD: tl.constexpr,
    HAS_RESIDUAL: tl.constexpr,
) -> Any:
    """Loads a row as float32; with a residual, adds it in the tensors' dtype and stores the sum."""
    c = tl.arange(0, C_PAD)
    h = tl.load(x + row * x_n + c, mask=c < C, other=0.0)
    if HAS_RESIDUAL:
        h = h + tl.load(residual + row * residual_n + c, mask=c < C, other=0.0)
        tl.store(total + row * C + c, h, mask=c < C)
    return h.to(tl.float32)


def rows_of(x: Tensor) -> Tensor:
    """Returns x as [N, C] with contiguous rows; a view where that is possible."""
    x_NC = x.reshape(-1, x.shape[-1])
    return x_NC if x_NC.stride(1) == 1 else x_NC.contiguous()
