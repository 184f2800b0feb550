"""RMS norms through native code, where every operand has one dtype; the rest is the reference's. Legend: C features, N rows."""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.base import Cast
from aweigh.kernels.cpu.native import Native, compiled, float_bits
from aweigh.kernels.cpu.norm import RmsNorm
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.reference import norm as reference
from aweigh.kernels.weight import Weight, addresses_of, optional_tensor_of

_ALONE = 1 << 15
"""Elements below which one thread is faster than waking others."""


@cache
def norm(element: Element) -> Native:
    """Returns the compiled norm; compiles at the first call of the process."""
    return compiled(lambda: RmsNorm(element).build, f"rms norm {element}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles norms over a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        norm(ELEMENTS[dtype])


def rms_norm(
    x: Tensor, weight_C: Weight | None, epsilon: float, *, offset: float = 0.0, cast: Cast = "before_weight"
) -> Tensor:
    """See `Kernels.rms_norm`."""
    if not norm_fits(x, None, weight_C):
        return reference.rms_norm(x, weight_C, epsilon, offset=offset, cast=cast)
    return _run(x, None, weight_C, epsilon, offset, cast)[0]


def add_rms_norm(
    x: Tensor,
    residual: Tensor,
    weight_C: Weight | None,
    epsilon: float,
    *,
    offset: float = 0.0,
    cast: Cast = "before_weight",
) -> tuple[Tensor, Tensor]:
    """See `Kernels.add_rms_norm`."""
    if not norm_fits(x, residual, weight_C):
        return reference.add_rms_norm(x, residual, weight_C, epsilon, offset=offset, cast=cast)
    return _run(x, residual, weight_C, epsilon, offset, cast)


def norm_fits(x: Tensor, residual: Tensor | None, weight_C: Weight | None) -> bool:
    """Whether there is a kernel for the operands."""
    weight = optional_tensor_of(weight_C)
    operands = [operand for operand in (x, residual, weight) if operand is not None]
    return (
        x.dtype in ELEMENTS
        and all(operand.is_cpu and operand.dtype is x.dtype for operand in operands)
        and (residual is None or residual.shape == x.shape)
        and (weight is None or (weight.shape == x.shape[-1:] and weight.is_contiguous()))
    )


def _run(
    x: Tensor, residual: Tensor | None, weight_C: Weight | None, epsilon: float, offset: float, cast: Cast
) -> tuple[Tensor, Tensor]:
    """Returns the normed rows, and the sum with the residual (x where there is none)."""
    x, residual = x.contiguous(), None if residual is None else residual.contiguous()
    out = torch.empty_like(x)
    total = x if residual is None else torch.empty_like(x)
    threads = 1 if x.numel() < _ALONE else torch.get_num_threads()
    norm(ELEMENTS[x.dtype]).run(norm_table(threads, x, residual, weight_C, epsilon, offset, cast, total, out))
    return out, total


def rows_table(threads: int, x: Tensor, residual: Tensor | None, total: Tensor, out: Tensor) -> tuple[int, ...]:
    """What every norm's table begins with."""
    features = x.shape[-1]
    return (
        threads,
        x.numel() // features if features else 0,
        features,
        x.data_ptr(),
        0 if residual is None else residual.data_ptr(),
        0 if residual is None else total.data_ptr(),
        out.data_ptr(),
    )


def norm_table(
    threads: int,
    x: Tensor,
    residual: Tensor | None,
    weight_C: Weight | None,
    epsilon: float,
    offset: float,
    cast: Cast,
    total: Tensor,
    out: Tensor,
) -> tuple[int, ...]:
    """What the task is given: contiguous tensors of one shape. `total` is not touched where there is no residual."""
    return (
        *rows_table(threads, x, residual, total, out),
        *addresses_of(weight_C),
        float_bits(epsilon),
        float_bits(offset),
        cast == "before_weight",
        0,
    )
