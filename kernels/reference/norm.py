"""Normalisations, in the cast orders of transformers' modelling code. Legend: C normalised features.

`torch.rms_norm` on a CPU computes x.float() * rsqrt(mean(x.float()^2) + epsilon) [* weight], then casts: bit for bit the
formula of transformers with cast "after_weight", in one call instead of six. With "before_weight" the weight is multiplied
outside.
"""

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.base import Cast
from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of


def rms_norm(
    x: Tensor, weight_C: Weight | None, epsilon: float, *, offset: float = 0.0, cast: Cast = "before_weight"
) -> Tensor:
    """See `Kernels.rms_norm`."""
    shape = x.shape[-1:]
    if weight_C is None:
        return torch.rms_norm(x, shape, None, epsilon)
    weight = tensor_of(weight_C)
    if offset:
        weight = weight.float() + offset
    if cast == "before_weight":
        return torch.rms_norm(x, shape, None, epsilon).mul_(weight)
    if weight.dtype == x.dtype:
        return torch.rms_norm(x, shape, weight, epsilon)
    return (torch.rms_norm(x.float(), shape, None, epsilon) * weight).to(x.dtype)


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
    total = x + residual
    return rms_norm(total, weight_C, epsilon, offset=offset, cast=cast), total


def layer_norm(x: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float) -> Tensor:
    """See `Kernels.layer_norm`."""
    return functional.layer_norm(x, x.shape[-1:], optional_tensor_of(weight_C), optional_tensor_of(bias_C), epsilon)


def add_layer_norm(
    x: Tensor, residual: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
) -> tuple[Tensor, Tensor]:
    """See `Kernels.add_layer_norm`."""
    total = x + residual
    return layer_norm(total, weight_C, bias_C, epsilon), total


def add(x: Tensor, residual: Tensor) -> Tensor:
    """See `Kernels.add`."""
    return x + residual
