"""Projections and convolutions of whole modules through oneDNN, which torch carries: weights packed once, what follows fused.

Legend: C input channels or features, O output ones, N batch, H and W of a picture, `...` any leading dimensions.

Times on two cores of a Zen 4, one thread, CPU time, against torch's own operator of the same shape (float32): projections of 1024 rows
0.84 to 0.90 (GELU, another 0.15 of them, is then nearly free), 1 x 1 convolutions of 8 pictures 0.66 to 0.86, 3 x 3 ones 0.90 to 0.97,
the first one of a ResNet (7 x 7 over 3 channels) 0.40. Results differ from torch's in the last bits, as those of any two orders of a sum
do; a batch norm after a convolution is folded into its weights in float64, rounded once.

Not for causal language models: bits of a row depend on how many rows there are, so these serve calls that nobody shares.

A sum with another picture is added in oneDNN where that may be overwritten: then a 1 x 1 convolution from 64 to 256 channels takes half
of the time, as nothing fresh is written. Into a fresh result its fused sum is slower than the convolution and a sum after it (26 against 22 ms
at that shape; a projection's 16 against 12), so there it is not used.

oneDNN's ReLU makes a zero of NaN, where torch's keeps it: ReLU is torch's, in place. Its other functions keep NaN and infinities
as torch's do (tests/kernels/test_packed.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of

_onednn: Any = torch.ops.mkldnn

# Activation names of transformers: oneDNN's name and its variant.
FUSED = {
    "gelu": ("gelu", "none"),
    "gelu_pytorch_tanh": ("gelu", "tanh"),
    "silu": ("swish", ""),
    "swish": ("swish", ""),
    "sigmoid": ("sigmoid", ""),
    "tanh": ("tanh", ""),
}
RELU = "relu"


def packs(dtype: torch.dtype) -> bool:
    """Whether there is a packed way for a dtype on this machine."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    return dtype is torch.float32 or (dtype is torch.bfloat16 and bool(_onednn._is_mkldnn_bf16_supported()))


@dataclass(frozen=True, slots=True, weakref_slot=True)
class PackedLinear:
    """A weight in the layout that oneDNN chose, and the bias [O] or None."""

    weight: Tensor
    bias_O: Tensor | None


def pack_linear(weight_OC: Weight, bias_O: Weight | None = None) -> PackedLinear:
    """A copy of the weight. For dtypes of which `packs` says so."""
    return PackedLinear(
        _onednn._reorder_linear_weight(tensor_of(weight_OC).contiguous(), None), optional_tensor_of(bias_O)
    )


def pack_linears(weights: Sequence[Weight], biases: Sequence[Weight | None] | None = None) -> list[PackedLinear]:
    """`pack_linear` of each."""
    return [pack_linear(*each) for each in zip(weights, biases or [None] * len(weights), strict=True)]


def linear(x: Tensor, packed: PackedLinear, *, activation: str = "") -> Tensor:
    """activation(x [..., C] @ weight.T + bias) [..., O], fresh."""
    name, variant = FUSED.get(activation, ("none", ""))
    out: Tensor = _onednn._linear_pointwise(x, packed.weight, packed.bias_O, name, [], variant)
    return out.relu_() if activation == RELU else out


def merged_linear(x: Tensor, packed: Sequence[PackedLinear]) -> list[Tensor]:
    """`linear` through each."""
    return [linear(x, each) for each in packed]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Per dimension of a picture, as torch.nn.functional.conv2d takes them."""

    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1


@dataclass(frozen=True, slots=True, weakref_slot=True)
class PackedConvolution:
    """A weight in the layout that oneDNN chose, the bias [O] or None, and where they go."""

    weight: Tensor
    bias_O: Tensor | None
    geometry: Geometry


def pack_convolution(
    weight_OCHW: Tensor,
    bias_O: Tensor | None = None,
    norm: Sequence[Tensor | None] = (),
    *,
    geometry: Geometry,
    epsilon: float = 0.0,
) -> PackedConvolution:
    """A copy of the weight; with `norm`, of the convolution and the batch norm after it: its weight, bias, mean and variance [O]."""
    if norm:
        scale_O, shift_O, mean_O, variance_O = norm
        assert mean_O is not None and variance_O is not None, "a batch norm at rest has its statistics"
        dtype = weight_OCHW.dtype
        factor_O = (variance_O.double() + epsilon).rsqrt()
        if scale_O is not None:
            factor_O = factor_O * scale_O.double()
        offset_O = -mean_O.double() if bias_O is None else bias_O.double() - mean_O.double()
        offset_O = offset_O * factor_O
        if shift_O is not None:
            offset_O = offset_O + shift_O.double()
        weight_OCHW = (weight_OCHW.double() * factor_O.view(-1, 1, 1, 1)).to(dtype)
        bias_O = offset_O.to(dtype)
    weight: Tensor = _onednn._reorder_convolution_weight(
        weight_OCHW.contiguous(), geometry.padding, geometry.stride, geometry.dilation, geometry.groups, None
    )
    return PackedConvolution(weight, bias_O, geometry)


def convolution(x_NCHW: Tensor, packed: PackedConvolution, *, activation: str = "") -> Tensor:
    """activation(conv2d(x)) [N, O, H', W'], fresh, channels last in memory; x may lack N."""
    if x_NCHW.dim() == 3:
        return convolution(x_NCHW.unsqueeze(0), packed, activation=activation).squeeze(0)
    name, variant = FUSED.get(activation, ("none", ""))
    shape = packed.geometry
    out: Tensor = _onednn._convolution_pointwise(
        x_NCHW.contiguous(memory_format=torch.channels_last),
        packed.weight,
        packed.bias_O,
        shape.padding,
        shape.stride,
        shape.dilation,
        shape.groups,
        name,
        [],
        variant,
    )
    return out.relu_() if activation == RELU else out


def convolution_add(x_NCHW: Tensor, packed: PackedConvolution, other: Tensor, *, activation: str = "") -> Tensor:
    """activation(conv2d(x) + other), other of the result's shape and dtype; the activation none or ReLU."""
    out = convolution(x_NCHW, packed).add_(other)
    return out.relu_() if activation == RELU else out


def convolution_into(x_NCHW: Tensor, packed: PackedConvolution, other: Tensor, *, activation: str = "") -> Tensor:
    """`convolution_add` that may write its result over `other`, a fresh result of this file that nobody reads any more, nor is x."""
    if x_NCHW.dim() == 3:
        return convolution_add(x_NCHW, packed, other, activation=activation)
    shape = packed.geometry
    _onednn._convolution_pointwise_(
        other,
        x_NCHW.contiguous(memory_format=torch.channels_last),
        packed.weight,
        packed.bias_O,
        shape.padding,
        shape.stride,
        shape.dilation,
        shape.groups,
        "add",
        1.0,
        None,
        [],
        None,
    )
    return other.relu_() if activation == RELU else other
