"""Rows of activations, as the norms load them: one program per row, which holds the whole row.

Legend: C normalised features, N rows, `...` any leading dimensions.
"""

import triton.language as tl
from torch import Tensor

from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import kernel


@kernel()
def load_row(
    x: tl.tensor,
    residual: tl.tensor,
    total: tl.tensor,
    row: tl.tensor,
    x_n: tl.tensor,
    residual_n: tl.tensor,
    C: tl.constexpr,
    C_PAD: tl.constexpr,
    HAS_RESIDUAL: tl.constexpr,
) -> tl.tensor:
    """Loads a row as float32; with a residual, adds it in the tensors' dtype and stores the sum."""
    c = tl.arange(0, C_PAD)
    h = tl.load(x + row * x_n + c, mask=c < C, other=0.0).to(tl.float32)
    if HAS_RESIDUAL:
        h = h + tl.load(residual + row * residual_n + c, mask=c < C, other=0.0).to(tl.float32)
        h = narrow(h, total.dtype.element_ty)
        tl.store(total + row * C + c, h, mask=c < C)
        h = h.to(tl.float32)
    return h


def rows_of(x: Tensor) -> Tensor:
    """Returns x as [N, C] with contiguous rows; a view where that is possible."""
    x_NC = x.reshape(-1, x.shape[-1])
    return x_NC if x_NC.stride(1) == 1 else x_NC.contiguous()
