"""Shapes of the aweigh ops, for `shapes`: each takes meta tensors by operand name and answers meta tensors.

Legend as in `aweigh.proto.ops`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from aweigh.compiler.emit.names import VALUE_SIZE
from aweigh.proto.low_bit import BLOCK

Function = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[Tensor, ...]]


def _like_x(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["x"],)


def _add_norm(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["x"], o["x"])


def _embedding(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["table"].new_empty((*o["ids"].shape, o["table"].shape[1])),)


def _dequantize(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (meta_like((a["outputs"], o["packed"].shape[1] * BLOCK), getattr(torch, a["dtype"])),)


def _linear(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    out = o["weight"].shape[1 if a.get("transposed") else 0]
    return (o["x"].new_empty((*o["x"].shape[:-1], out)),)


def _merged_linear(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return tuple(o["x"].new_empty((*o["x"].shape[:-1], weight.shape[0])) for weight in o["weights"])


def _attend(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    batch, heads, tokens, _ = o["query"].shape
    return (o["query"].new_empty((batch, tokens, heads, o["value"].shape[-1])),)


def _select(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    block = a.get("block", 1)
    size = a["count"] * block + block - 1
    return (o["query"].new_empty((1, o["query"].shape[1], size), dtype=torch.int32),)


def _cross_attend(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    batch, heads, tokens, _ = o["query"].shape
    return (o["query"].new_empty((batch, tokens, heads, a[VALUE_SIZE])),)


def _causal_conv(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["x"].new_empty((1, o["weight"].shape[0], o["x"].shape[2])),)


def _scan(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["value"].new_empty(o["value"].shape),)


def _log_scan(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["value"].new_empty(o["value"].shape), o["gain"].new_empty(o["gain"].shape, dtype=torch.float32))


def _gated_mlp(o: Mapping[str, Any], a: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return (o["x"].new_empty((*o["x"].shape[:-1], o["down"].shape[0])),)


SHAPES: dict[str, Function] = {
    "embedding": _embedding,
    "dequantize": _dequantize,
    "linear": _linear,
    "merged_linear": _merged_linear,
    "rms_norm": _like_x,
    "add_rms_norm": _add_norm,
    "layer_norm": _like_x,
    "add_layer_norm": _add_norm,
    "rotary": _like_x,
    "attend": _attend,
    "varlen_attend": _attend,
    "select": _select,
    "cross_attend": _cross_attend,
    "causal_conv": _causal_conv,
    "scan": _scan,
    "log_scan": _log_scan,
    "activation": _like_x,
    "gated_mlp": _gated_mlp,
    "experts": _like_x,
}


def meta_like(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """A weight on the meta device."""
    return torch.empty(shape, dtype=dtype, device="meta")
