"""Rotary position embedding: one program per token, for all of its heads. Legend: T tokens, H heads, D head size, R rotated features, P pairs.

It rounds where the reference does: each product and their sum, in the promoted dtype of x and cos (`reference/rotary.py`).
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from aweigh.kernels.triton.addresses import TYPES
from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import LAUNCH, kernel


@kernel()
def turned(x: tl.tensor, y: tl.tensor, cos: tl.tensor, sin: tl.tensor, TYPE: tl.constexpr) -> tl.tensor:
    """Returns x * cos + y * sin, rounded three times."""
    a = narrow(x * cos, TYPE).to(tl.float32)
    b = narrow(y * sin, TYPE).to(tl.float32)
    return narrow(a + b, TYPE).to(tl.float32)


@kernel()
def rotary_kernel(
    out: tl.tensor,
    x: tl.tensor,
    cos: tl.tensor,
    sin: tl.tensor,
    x_t: tl.tensor,
    x_h: tl.tensor,
    cos_t: tl.tensor,
    sin_t: tl.tensor,
    H: tl.constexpr,
    D: tl.constexpr,
    P: tl.constexpr,
    H_PAD: tl.constexpr,
    P_PAD: tl.constexpr,
    REST_PAD: tl.constexpr,
    INTERLEAVED: tl.constexpr,
    PAIRS: tl.constexpr,
    TYPE: tl.constexpr,
) -> tl.tensor:
    token = tl.program_id(0).to(tl.int64)
    h = tl.arange(0, H_PAD)
    p = tl.arange(0, P_PAD)
    first = p
    second = p + P
    if INTERLEAVED:
        first = 2 * p
        second = 2 * p + 1
    first_angle = first
    second_angle = second
    if PAIRS:
        first_angle = p
        second_angle = p
    some = (h < H)[:, None] & (p < P)[None, :]
    row = x + token * x_t + h[:, None] * x_h
    a = tl.load(row + first[None, :], mask=some, other=0.0).to(tl.float32)
    b = tl.load(row + second[None, :], mask=some, other=0.0).to(tl.float32)
    cos_a = tl.load(cos + token * cos_t + first_angle, mask=p < P, other=0.0).to(tl.float32)[None, :]
    cos_b = tl.load(cos + token * cos_t + second_angle, mask=p < P, other=0.0).to(tl.float32)[None, :]
    sin_a = tl.load(sin + token * sin_t + first_angle, mask=p < P, other=0.0).to(tl.float32)[None, :]
    sin_b = tl.load(sin + token * sin_t + second_angle, mask=p < P, other=0.0).to(tl.float32)[None, :]
    to = out + (token * H + h[:, None]) * D
    tl.store(to + first[None, :], narrow(turned(a, -b, cos_a, sin_a, TYPE), out.dtype.element_ty), mask=some)
    tl.store(to + second[None, :], narrow(turned(b, a, cos_b, sin_b, TYPE), out.dtype.element_ty), mask=some)
    if REST_PAD > 0:
        rest = 2 * P + tl.arange(0, REST_PAD)
        left = (h < H)[:, None] & (rest < D)[None, :]
        tl.store(to + rest[None, :], tl.load(row + rest[None, :], mask=left), mask=left)


def _rotated(x_THD: Tensor, cos: Tensor, sin: Tensor, pairs: int, *, interleaved: bool, halved: bool) -> Tensor:
    tokens, heads, size = x_THD.shape
    out_THD = torch.empty((tokens, heads, size), dtype=x_THD.dtype, device=x_THD.device)
    if not out_THD.numel():
        return out_THD
    x_THD, cos, sin = (part if part.stride(-1) == 1 else part.contiguous() for part in (x_THD, cos, sin))
    rest = size - 2 * pairs
    rotary_kernel[(tokens,)](
        out_THD,
        x_THD,
        cos,
        sin,
        *x_THD.stride()[:2],
        cos.stride(0),
        sin.stride(0),
        H=heads,
        D=size,
        P=pairs,
        H_PAD=triton.next_power_of_2(heads),
        P_PAD=triton.next_power_of_2(pairs),
        REST_PAD=triton.next_power_of_2(rest) if rest else 0,
        INTERLEAVED=interleaved,
        PAIRS=halved,
        TYPE=TYPES[torch.promote_types(x_THD.dtype, cos.dtype)],
        **LAUNCH,
    )
    return out_THD


def rotary(x_THD: Tensor, cos_TR: Tensor, sin_TR: Tensor, *, interleaved: bool = False) -> Tensor:
    """See `Kernels.rotary`."""
    return _rotated(x_THD, cos_TR, sin_TR, cos_TR.shape[-1] // 2, interleaved=interleaved, halved=False)


def rotary_pairs(x_THD: Tensor, cos_TP: Tensor, sin_TP: Tensor, *, interleaved: bool = False) -> Tensor:
    """See `Kernels.rotary_pairs`."""
    return _rotated(x_THD, cos_TP, sin_TP, cos_TP.shape[-1], interleaved=interleaved, halved=True)
