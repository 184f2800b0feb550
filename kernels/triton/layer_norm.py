"""Layer norm, with or without the residual sum before it. Legend: C normalised features, N rows, `...` leading dimensions."""

import torch
import triton
import triton.language as tl
from torch import Tensor

from aweigh.kernels.triton.addresses import place_of
from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import LAUNCH, kernel
from aweigh.kernels.triton.rows import load_row, rows_of
from aweigh.kernels.weight import Weight


@kernel(run_time=["weight_entry", "bias_entry"])
def layer_norm_kernel(
    out: tl.tensor,
    total: tl.tensor,
    x: tl.tensor,
    residual: tl.tensor,
    weight_addresses: tl.tensor,
    weight_entry: tl.tensor,
    bias_addresses: tl.tensor,
    bias_entry: tl.tensor,
    x_n: tl.tensor,
    residual_n: tl.tensor,
    epsilon: tl.tensor,
    C: tl.constexpr,
    C_PAD: tl.constexpr,
    HAS_RESIDUAL: tl.constexpr,
    HAS_WEIGHT: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    WEIGHT_TYPE: tl.constexpr,
    BIAS_TYPE: tl.constexpr,
) -> tl.tensor:
    row = tl.program_id(0).to(tl.int64)
    c = tl.arange(0, C_PAD)
    h = load_row(x, residual, total, row, x_n, residual_n, C, C_PAD, HAS_RESIDUAL)
    h = tl.where(c < C, h - tl.sum(h, 0) / C, 0.0)
    h = h * tl.rsqrt(tl.sum(h * h, 0) / C + epsilon)
    if HAS_WEIGHT:
        weight_C = tl.load(weight_addresses + weight_entry).to(tl.pointer_type(WEIGHT_TYPE))
        h = h * tl.load(weight_C + c, mask=c < C, other=0.0).to(tl.float32)
    if HAS_BIAS:
        bias_C = tl.load(bias_addresses + bias_entry).to(tl.pointer_type(BIAS_TYPE))
        h = h + tl.load(bias_C + c, mask=c < C, other=0.0).to(tl.float32)
    tl.store(out + row * C + c, narrow(h, out.dtype.element_ty), mask=c < C)


def _layer(
    x: Tensor, residual: Tensor | None, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
) -> tuple[Tensor, Tensor]:
    x_NC = rows_of(x)
    residual_NC = x_NC if residual is None else rows_of(residual)
    rows, features = x_NC.shape
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    total = out if residual is None else torch.empty_like(out)
    if rows == 0:
        return out, total
    weight, bias = place_of(weight_C, x_NC), place_of(bias_C, x_NC)
    layer_norm_kernel[(rows,)](
        out,
        total,
        x_NC,
        residual_NC,
        weight.addresses_A,
        weight.entry,
        bias.addresses_A,
        bias.entry,
        x_NC.stride(0),
        residual_NC.stride(0),
        epsilon,
        C=features,
        C_PAD=triton.next_power_of_2(features),
        HAS_RESIDUAL=residual is not None,
        HAS_WEIGHT=weight_C is not None,
        HAS_BIAS=bias_C is not None,
        WEIGHT_TYPE=weight.type,
        BIAS_TYPE=bias.type,
        **LAUNCH,
    )
    return out, total


def layer_norm(x: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float) -> Tensor:
    """See `Kernels.layer_norm`."""
    return _layer(x, None, weight_C, bias_C, epsilon)[0]


def add_layer_norm(
    x: Tensor, residual: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
) -> tuple[Tensor, Tensor]:
    """See `Kernels.add_layer_norm`."""
    return _layer(x, residual, weight_C, bias_C, epsilon)
