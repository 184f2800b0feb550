"""Layer norms through native code, where every operand has one dtype; the rest is the reference's. Legend: C features, N rows."""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.centred_norm import LayerNorm
from aweigh.kernels.cpu.native import Native, compiled, float_bits
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.rms_norm import norm_fits, rows_table
from aweigh.kernels.reference import norm as reference
from aweigh.kernels.weight import Weight, addresses_of

_ALONE = 1 << 15
"""Elements below which one thread is faster than waking others."""


@cache
def centred_norm(element: Element) -> Native:
    """Returns the compiled norm; compiles at the first call of the process."""
    return compiled(lambda: LayerNorm(element).build, f"layer norm {element}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles norms over a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        centred_norm(ELEMENTS[dtype])


def layer_norm(x: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float) -> Tensor:
    """See `Kernels.layer_norm`."""
    if not layer_norm_fits(x, None, weight_C, bias_C):
        return reference.layer_norm(x, weight_C, bias_C, epsilon)
    return _run(x, None, weight_C, bias_C, epsilon)[0]


def add_layer_norm(
    x: Tensor, residual: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
) -> tuple[Tensor, Tensor]:
    """See `Kernels.add_layer_norm`."""
    if not layer_norm_fits(x, residual, weight_C, bias_C):
        return reference.add_layer_norm(x, residual, weight_C, bias_C, epsilon)
    return _run(x, residual, weight_C, bias_C, epsilon)


def layer_norm_fits(x: Tensor, residual: Tensor | None, weight_C: Weight | None, bias_C: Weight | None) -> bool:
    """Whether there is a kernel for the operands."""
    return norm_fits(x, residual, weight_C) and norm_fits(x, None, bias_C)


def _run(
    x: Tensor, residual: Tensor | None, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
) -> tuple[Tensor, Tensor]:
    """Returns the normed rows, and the sum with the residual (x where there is none)."""
    x, residual = x.contiguous(), None if residual is None else residual.contiguous()
    out = torch.empty_like(x)
    total = x if residual is None else torch.empty_like(x)
    threads = 1 if x.numel() < _ALONE else torch.get_num_threads()
    table = layer_norm_table(threads, x, residual, weight_C, bias_C, epsilon, total, out)
    centred_norm(ELEMENTS[x.dtype]).run(table)
    return out, total


def layer_norm_table(
    threads: int,
    x: Tensor,
    residual: Tensor | None,
    weight_C: Weight | None,
    bias_C: Weight | None,
    epsilon: float,
    total: Tensor,
    out: Tensor,
) -> tuple[int, ...]:
    """What the task is given: contiguous tensors of one shape. `total` is not touched where there is no residual."""
    return (
        *rows_table(threads, x, residual, total, out),
        *addresses_of(weight_C),
        *addresses_of(bias_C),
        float_bits(epsilon),
        0,
    )
