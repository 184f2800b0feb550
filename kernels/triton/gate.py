"""What is between the products of a gated feed-forward block. Legend: N elements.

It rounds where the reference does: the activation, and the product with `up`. Activations without a formula here take the reference's way.
"""

import triton
import triton.language as tl
from torch import Tensor

from aweigh.kernels.reference.mlp import gated as gated_by_torch
from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import LAUNCH, kernel
from aweigh.kernels.triton.softmax import tanh
from aweigh.kernels.triton.tuned import sizes_for

BLOCK = 1024
FORMULAS = {"silu": 0, "swish": 0, "gelu": 1, "gelu_pytorch_tanh": 2, "relu": 3}


@kernel(run_time=["count"])
def gate_kernel(
    gate: tl.tensor, up: tl.tensor, count: tl.tensor, FORMULA: tl.constexpr, BLOCK: tl.constexpr
) -> tl.tensor:
    """Writes activation(gate) * up over the gate."""
    n = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(gate + n, mask=n < count, other=0.0).to(tl.float32)
    y = tl.load(up + n, mask=n < count, other=0.0).to(tl.float32)
    if FORMULA == 0:
        x = x / (1.0 + tl.exp(-x))
    elif FORMULA == 1:
        x = 0.5 * x * (1.0 + tl.erf(x * 0.7071067811865476))
    elif FORMULA == 2:
        x = 0.5 * x * (1.0 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    else:
        x = tl.where(x < 0.0, 0.0, x)  # not maximum: what is no number stays none
    x = narrow(x, gate.dtype.element_ty).to(tl.float32)
    tl.store(gate + n, narrow(x * y, gate.dtype.element_ty), mask=n < count)


def gated(gate: Tensor, up: Tensor, activation: str) -> Tensor:
    """activation(gate) * up, perhaps in the place of `gate`. Both are contiguous, as a product's result is."""
    if activation not in FORMULAS:
        return gated_by_torch(gate, up, activation)
    assert gate.is_contiguous() and up.is_contiguous(), "a product's result is"
    count = gate.numel()
    if count:
        sizes = sizes_for("gate", "", gate.device, BLOCK=BLOCK)
        grid = (triton.cdiv(count, sizes["BLOCK"]),)
        gate_kernel[grid](gate, up, count, FORMULA=FORMULAS[activation], **sizes, **LAUNCH)
    return gate
