"""RMS norm, with or without the residual sum before it. Legend: C normalised features, N rows, `...` any leading dimensions."""

import torch
import triton
import triton.language as tl
from torch import Tensor

from aweigh.kernels.base import Cast
from aweigh.kernels.triton.addresses import place_of
from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import LAUNCH, kernel
from aweigh.kernels.triton.rows import load_row, rows_of
from aweigh.kernels.weight import Weight


@kernel(run_time=["weight_entry"])
def rms_norm_kernel(
    out: tl.tensor,
    total: tl.tensor,
    x: tl.tensor,
    residual: tl.tensor,
    addresses: tl.tensor,
    weight_entry: tl.tensor,
    x_n: tl.tensor,
    residual_n: tl.tensor,
    epsilon: tl.tensor,
    offset: tl.tensor,
    C: tl.constexpr,
    C_PAD: tl.constexpr,
    HAS_RESIDUAL: tl.constexpr,
    HAS_WEIGHT: tl.constexpr,
    BEFORE_WEIGHT: tl.constexpr,
    WEIGHT_TYPE: tl.constexpr,
) -> tl.tensor:
    row = tl.program_id(0).to(tl.int64)
    c = tl.arange(0, C_PAD)
    h = load_row(x, residual, total, row, x_n, residual_n, C, C_PAD, HAS_RESIDUAL)
    h = h * tl.rsqrt(tl.sum(h * h, 0) / C + epsilon)
    if HAS_WEIGHT:
        weight_C = tl.load(addresses + weight_entry).to(tl.pointer_type(WEIGHT_TYPE))
        weight = tl.load(weight_C + c, mask=c < C, other=0.0).to(tl.float32) + offset
        if BEFORE_WEIGHT:
            h = narrow(h, out.dtype.element_ty).to(tl.float32)
        h = h * weight
    tl.store(out + row * C + c, narrow(h, out.dtype.element_ty), mask=c < C)


def _rms(
    x: Tensor, residual: Tensor | None, weight_C: Weight | None, epsilon: float, offset: float, cast: Cast
) -> tuple[Tensor, Tensor]:
    x_NC = rows_of(x)
    residual_NC = x_NC if residual is None else rows_of(residual)
    rows, features = x_NC.shape
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    total = out if residual is None else torch.empty_like(out)
    if rows == 0:
        return out, total
    place = place_of(weight_C, x_NC)
    rms_norm_kernel[(rows,)](
        out,
        total,
        x_NC,
        residual_NC,
        place.addresses_A,
        place.entry,
        x_NC.stride(0),
        residual_NC.stride(0),
        epsilon,
        offset,
        C=features,
        C_PAD=triton.next_power_of_2(features),
        HAS_RESIDUAL=residual is not None,
        HAS_WEIGHT=weight_C is not None,
        BEFORE_WEIGHT=cast == "before_weight",
        WEIGHT_TYPE=place.type,
        **LAUNCH,
    )
    return out, total


def rms_norm(
    x: Tensor, weight_C: Weight | None, epsilon: float, *, offset: float = 0.0, cast: Cast = "before_weight"
) -> Tensor:
    """See `Kernels.rms_norm`."""
    return _rms(x, None, weight_C, epsilon, offset, cast)[0]


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
    return _rms(x, residual, weight_C, epsilon, offset, cast)
