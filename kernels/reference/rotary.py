"""Rotary position embedding in transformers' variants. Legend: T tokens, H heads, D head size, R rotated features, P pairs.

One rounding per product and one for the sum, in the promoted dtype of x and cos: that is what `q * cos + rotate_half(q) * sin`
does. A fused multiply-add would be faster and round differently in bfloat16.
"""

import torch
from torch import Tensor


def _turn_half(x: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    return torch.cat((x[..., half:].neg(), x[..., :half]), dim=-1)


def _turn_interleaved(x: Tensor) -> Tensor:
    return torch.stack((x[..., 1::2].neg(), x[..., ::2]), dim=-1).flatten(-2)


def rotary(x_THD: Tensor, cos_TR: Tensor, sin_TR: Tensor, *, interleaved: bool = False) -> Tensor:
    """See `Kernels.rotary`."""
    rotated, size = cos_TR.shape[-1], x_THD.shape[-1]
    cos, sin = cos_TR.unsqueeze(1), sin_TR.unsqueeze(1)
    x = x_THD if rotated == size else x_THD[..., :rotated]
    turned = _turn_interleaved(x) if interleaved else _turn_half(x)
    y = (x * cos).add_(turned * sin).to(x_THD.dtype)
    return y if rotated == size else torch.cat((y, x_THD[..., rotated:]), dim=-1)


def rotary_pairs(x_THD: Tensor, cos_TP: Tensor, sin_TP: Tensor, *, interleaved: bool = False) -> Tensor:
    """See `Kernels.rotary_pairs`."""
    if interleaved:
        return rotary(x_THD, cos_TP.repeat_interleave(2, -1), sin_TP.repeat_interleave(2, -1), interleaved=True)
    return rotary(x_THD, torch.cat((cos_TP, cos_TP), -1), torch.cat((sin_TP, sin_TP), -1))
