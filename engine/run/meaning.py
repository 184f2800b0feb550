"""What the ops of `proto/ops.py` do to shapes and dtypes, as functions over meta tensors.

Only what is not obvious from a kernel's own run on meta tensors is here; every function also proves what the kernel takes for
granted, so that a kernel is never called with operands that do not fit together.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.proto.dtypes import DType
from aweigh.proto.low_bit import BITS, BLOCK, fits, packed_shape, scales_shape
from aweigh.proto.program import KeyValueState, MemoryState, Program, RecurrentState

Meaning = Callable[..., tuple[Tensor, ...]]


class Misfit(Exception):
    """Operands do not fit together. The message says which."""


def _need(condition: bool, what: str) -> None:
    if not condition:
        raise Misfit(what)


@cache
def _is_activation(name: str) -> bool:
    try:
        load("reference").activation(torch.zeros(1), name)
    except ValueError:
        return False
    return True


def _activation_exists(attributes: Mapping[str, Any]) -> None:
    name = attributes["activation"] if "activation" in attributes else attributes["name"]
    _need(isinstance(name, str) and _is_activation(name), f"there is no activation {name!r}")


def embedding(program: Program, attributes: Mapping[str, Any], ids: Tensor, table: Tensor) -> tuple[Tensor, ...]:
    _need(table.dim() == 2 and not ids.dtype.is_floating_point, "the table has two dimensions and ids are integers")
    return (table.new_empty((*ids.shape, table.shape[1])),)


def dequantize(
    program: Program, attributes: Mapping[str, Any], packed: Tensor, scales: Tensor, zeros: Tensor | None = None
) -> tuple[Tensor, ...]:
    kind, outputs = attributes["kind"], attributes["outputs"]
    _need(kind in BITS and isinstance(outputs, int) and outputs > 0, "the kind is known and there are outputs")
    dtype = {name: getattr(torch, name) for name in ("float16", "bfloat16", "float32")}.get(attributes["dtype"])
    if dtype is None:
        raise Misfit("the weight is of real numbers")
    _need(packed.dim() == 3 and packed.dtype == torch.uint8 and packed.shape[1] > 0, "packed is uint8 [P, B, bytes]")
    columns = packed.shape[1] * BLOCK
    _need(tuple(packed.shape) == packed_shape(kind, outputs, columns), "packed has the outputs' panels")
    _need(scales.dim() == 3 and scales.shape[1] > 0, "scales are [P, G, 64]")
    group = columns // scales.shape[1]
    _need(fits(columns, group), "groups are of whole blocks")
    _need(tuple(scales.shape) == scales_shape(outputs, columns, group), "scales fit what is packed")
    _need(scales.dtype in (torch.float16, torch.bfloat16, torch.float32), "scales are real numbers")
    _need(zeros is None or (zeros.shape == scales.shape and zeros.dtype == scales.dtype), "zeros are like scales")
    return (scales.new_empty((outputs, columns), dtype=dtype),)


def linear(
    program: Program, attributes: Mapping[str, Any], x: Tensor, weight: Tensor, bias: Tensor | None = None
) -> tuple[Tensor, ...]:
    _need(weight.dim() == 2 and x.dim() >= 1 and x.dtype == weight.dtype, "x and the weight [out, in] have one dtype")
    size, out = (0, 1) if attributes.get("transposed", False) else (1, 0)
    _need(x.shape[-1] == weight.shape[size], "x and the weight have the same inner size")
    _need(
        bias is None or (bias.dtype == x.dtype and bias.shape == weight.shape[out : out + 1]),
        "the bias fits the weight",
    )
    return (x.new_empty((*x.shape[:-1], weight.shape[out])),)


def merged_linear(
    program: Program,
    attributes: Mapping[str, Any],
    x: Tensor,
    weights: list[Tensor],
    biases: list[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    _need(biases is None or len(biases) == len(weights), "there is one bias per weight")
    given: Sequence[Tensor | None] = biases if biases is not None else [None] * len(weights)
    return tuple(linear(program, {}, x, weight, bias)[0] for weight, bias in zip(weights, given, strict=True))


def norm(program: Program, attributes: Mapping[str, Any], x: Tensor, *weights: Tensor | None) -> tuple[Tensor, ...]:
    _need(x.dim() >= 1 and x.dtype.is_floating_point, "a norm is over the last dimension of real numbers")
    _need(
        attributes.get("cast", "before_weight") in ("before_weight", "after_weight"),
        "`cast` is before_weight or after_weight",
    )
    for weight in weights:
        _need(weight is None or weight.shape == x.shape[-1:], "a norm's weight has the last dimension's size")
    return (x.new_empty(x.shape),)


def add_norm(
    program: Program, attributes: Mapping[str, Any], x: Tensor, residual: Tensor, *weights: Tensor | None
) -> tuple[Tensor, ...]:
    _need(x.shape == residual.shape and x.dtype == residual.dtype, "x and the residual are alike")
    return (*norm(program, attributes, x, *weights), x.new_empty(x.shape))


def rotary(program: Program, attributes: Mapping[str, Any], x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, ...]:
    _need(x.dim() == 4 and x.shape[0] == 1, "x is [1, H, T, D]")
    _need(cos.shape == sin.shape and cos.shape[:2] == (1, x.shape[2]) and cos.dim() == 3, "cos and sin are [1, T, R]")
    _need(cos.shape[2] <= x.shape[3] and cos.shape[2] % 2 == 0, "R is even and not above D")
    return (x.new_empty(x.shape),)


def attend(
    program: Program,
    attributes: Mapping[str, Any],
    query: Tensor,
    key: Tensor,
    value: Tensor,
    sinks: Tensor | None = None,
    slopes: Tensor | None = None,
    selection: Tensor | None = None,
    bias: Tensor | None = None,
    relative: Tensor | None = None,
) -> tuple[Tensor, ...]:
    state = program.states[attributes["state"]]
    assert isinstance(state, KeyValueState), "the verifier has seen to it"
    _need(query.dim() == key.dim() == value.dim() == 4 and query.shape[0] == 1, "query, key and value are [1, H, T, D]")
    heads, tokens = query.shape[1:3]
    _need(tuple(key.shape) == (1, state.heads, tokens, state.key_size), "the key fits its state")
    _need(tuple(value.shape) == (1, state.heads, tokens, state.value_size), "the value fits its state")
    _need(query.shape[3] == state.key_size and heads % state.heads == 0, "the query fits the key")
    _need(query.dtype.is_floating_point, "the query is of real numbers")
    _need(state.value_size > 0, "there are values to attend to")
    _need(slopes is None or tuple(slopes.shape) == (heads,), "slopes are one number per head")
    _need(
        sinks is None or tuple(sinks.shape) in ((heads,), (1, tokens, heads)),
        "sinks are one number per head, or one per token and head",
    )
    if selection is not None:
        _need(selection.dim() == 3 and selection.shape[:2] == (1, tokens), "there is a row of the selection per token")
        _need(selection.dtype == torch.int32, "a selection is of positions in int32")
    if bias is not None:
        _need(bias.dim() == 2 and bias.shape[0] > 0 and bias.shape[1] == heads, "the bias is [P, H]")
        _need(bias.dtype.is_floating_point, "the bias is of real numbers")
        _need(attributes.get("causal", True) is True, "a bias by distance goes with causal attention")
    if relative is not None:
        _need(relative.dim() == 4 and relative.shape[:3] == (1, heads, tokens), "relative scores are [1, H, T, R]")
        _need(relative.shape[3] > 0 and relative.dtype.is_floating_point, "relative scores are real numbers")
    for name in ("window", "chunk"):
        _need(name not in attributes or 0 < attributes[name] < 1 << 40, f"`{name}` is positive")
    _need(attributes.get("softcap", 1.0) > 0, "`softcap` is positive")
    return (query.new_empty((1, tokens, heads, state.value_size)),)


def varlen_attend(
    program: Program,
    attributes: Mapping[str, Any],
    query: Tensor,
    key: Tensor,
    value: Tensor,
    visible: Tensor | None = None,
) -> tuple[Tensor, ...]:
    _need(query.dim() == key.dim() == value.dim() == 4 and query.shape[0] == 1, "query, key and value are [1, H, T, D]")
    heads, tokens, size = query.shape[1:]
    _need(key.shape[1] > 0 and heads % key.shape[1] == 0, "heads fall into groups")
    _need(tuple(key.shape) == (1, key.shape[1], tokens, size), "the key fits the query")
    _need(value.shape[:3] == key.shape[:3] and value.shape[3] > 0, "the value fits the key")
    _need(query.dtype == key.dtype == value.dtype and query.dtype.is_floating_point, "operands are real, of one dtype")
    _need(
        visible is None or tuple(visible.shape) == (1, tokens), "there is one number per token that says what is seen"
    )
    _need("window" not in attributes or 0 <= attributes["window"] < 1 << 40, "`window` is not negative")
    return (query.new_empty((1, tokens, heads, value.shape[3])),)


def select(
    program: Program, attributes: Mapping[str, Any], query: Tensor, key: Tensor, weights: Tensor | None = None
) -> tuple[Tensor, ...]:
    state = program.states[attributes["state"]]
    assert isinstance(state, KeyValueState), "the verifier has seen to it"
    _need(query.dim() == 4 and query.shape[0] == 1, "query is [1, T, H, D]")
    tokens, heads, size = query.shape[1:]
    _need(tuple(key.shape) == (1, tokens, size), "the key is [1, T, D]")
    _need((state.heads, state.key_size, state.value_size) == (1, size, 0), "the state is one head of keys, no values")
    _need(weights is None or tuple(weights.shape) == (1, tokens, heads), "weights are [1, T, H]")
    given = [tensor for tensor in (query, key, weights) if tensor is not None]
    _need(all(tensor.dtype.is_floating_point for tensor in given), "operands are real numbers")
    count, block = attributes["count"], attributes.get("block", 1)
    _need(
        0 < count < 1 << 20 and 0 < block < 1 << 10, "`count` and `block` are positive and no more than can be chosen"
    )
    return (query.new_empty((1, tokens, count * block + block - 1), dtype=torch.int32),)


def cross_attend(program: Program, attributes: Mapping[str, Any], query: Tensor) -> tuple[Tensor, ...]:
    state = program.states[attributes["state"]]
    assert isinstance(state, MemoryState), "the verifier has seen to it"
    _need(query.dim() == 4 and query.shape[0] == 1, "the query is [1, H, T, D]")
    heads, tokens, size = query.shape[1:]
    _need(size == state.key_size and heads % state.heads == 0, "the query fits the memory")
    _need(query.dtype.is_floating_point, "the query is of real numbers")
    _need(attributes.get("softcap", 1.0) > 0, "`softcap` is positive")
    return (query.new_empty((1, tokens, heads, state.value_size)),)


def causal_conv(
    program: Program, attributes: Mapping[str, Any], x: Tensor, weight: Tensor, bias: Tensor | None = None
) -> tuple[Tensor, ...]:
    state, groups = program.states[attributes["state"]], attributes["groups"]
    assert isinstance(state, RecurrentState), "the verifier has seen to it"
    _need(
        x.dim() == weight.dim() == 3 and x.shape[0] == 1 and x.dtype == weight.dtype,
        "x is [1, C, T], the weight [O, S, W]",
    )
    channels, (out, inner, width) = x.shape[1], weight.shape
    _need(isinstance(groups, int) and groups > 0 and width > 0, "there is a group and the weight has a width")
    _need(channels == groups * inner and out % groups == 0, "the weight fits x in its groups")
    _need(x.dtype.is_floating_point, "x is of real numbers")
    _need(state.shape == (channels, width - 1) and _dtype(state.dtype) == x.dtype, "the state is the last inputs")
    _need(bias is None or (tuple(bias.shape) == (out,) and bias.dtype == x.dtype), "the bias fits the weight")
    return (x.new_empty((1, out, x.shape[2])),)


def scan(
    program: Program,
    attributes: Mapping[str, Any],
    query: Tensor,
    key: Tensor,
    value: Tensor,
    decay: Tensor,
    rate: Tensor | None = None,
    beta: Tensor | None = None,
) -> tuple[Tensor, ...]:
    state = program.states[attributes["state"]]
    assert isinstance(state, RecurrentState), "the verifier has seen to it"
    _need(query.dim() == value.dim() == 4 and query.shape[0] == 1, "query, key and value are [1, T, heads, size]")
    _need(query.shape == key.shape and query.shape[:2] == value.shape[:2], "query, key and value have the same tokens")
    tokens, groups, rows = query.shape[1:]
    heads, columns = value.shape[2:]
    _need(groups > 0 and heads % groups == 0, "heads fall into groups")
    _need(tuple(decay.shape) in ((1, tokens, heads), (1, tokens, heads, rows)), "decay is [1, T, H] or [1, T, H, D]")
    _need(rate is None or tuple(rate.shape) == (heads, rows), "rate is [H, D]")
    _need(beta is None or tuple(beta.shape) == (1, tokens, heads), "beta is [1, T, H]")
    given = [tensor for tensor in (query, key, value, decay, rate, beta) if tensor is not None]
    _need(all(tensor.dtype.is_floating_point for tensor in given), "operands are real numbers")
    _need(
        state.shape == (heads, rows, columns) and _dtype(state.dtype) == torch.float32,
        "the state is [H, D, E], float32",
    )
    return (value.new_empty(value.shape),)


def log_scan(
    program: Program,
    attributes: Mapping[str, Any],
    query: Tensor,
    key: Tensor,
    value: Tensor,
    decay: Tensor,
    gain: Tensor,
) -> tuple[Tensor, ...]:
    state = program.states[attributes["state"]]
    assert isinstance(state, RecurrentState), "the verifier has seen to it"
    _need(query.dim() == value.dim() == 4 and query.shape[0] == 1, "query, key and value are [1, T, heads, size]")
    _need(query.shape == key.shape and query.shape[:2] == value.shape[:2], "query, key and value have the same tokens")
    tokens, groups, rows = query.shape[1:]
    heads, columns = value.shape[2:]
    _need(groups > 0 and heads % groups == 0, "heads fall into groups")
    _need(tuple(decay.shape) == tuple(gain.shape) == (1, tokens, heads), "decay and gain are [1, T, H]")
    given = (query, key, value, decay, gain)
    _need(all(tensor.dtype.is_floating_point for tensor in given), "operands are real numbers")
    _need(isinstance(attributes.get("start", 0.0), float), "the start is a number with a fraction")
    _need(isinstance(attributes.get("exclusive", False), bool), "exclusive is true or false")
    _need(
        state.shape == (heads, rows, columns + 1) and _dtype(state.dtype) == torch.float32,
        "the state is [H, D, E + 1], float32",
    )
    return (value.new_empty(value.shape), gain.new_empty(gain.shape, dtype=torch.float32))


def _dtype(dtype: DType) -> torch.dtype:
    found: torch.dtype = getattr(torch, dtype.torch_name)
    return found


def activation(program: Program, attributes: Mapping[str, Any], x: Tensor) -> tuple[Tensor, ...]:
    _activation_exists(attributes)
    return (x.new_empty(x.shape),)


def gated_mlp(
    program: Program,
    attributes: Mapping[str, Any],
    x: Tensor,
    gate: Tensor,
    up: Tensor,
    down: Tensor,
    gate_bias: Tensor | None = None,
    up_bias: Tensor | None = None,
    down_bias: Tensor | None = None,
) -> tuple[Tensor, ...]:
    _activation_exists(attributes)
    _need(gate.shape == up.shape, "gate and up are alike")
    (hidden,) = linear(program, {}, x, gate, gate_bias)
    linear(program, {}, x, up, up_bias)
    return linear(program, {}, hidden, down, down_bias)


def experts(
    program: Program,
    attributes: Mapping[str, Any],
    x: Tensor,
    indices: Tensor,
    weights: Tensor,
    gate_up: Tensor,
    down: Tensor,
    gate_up_bias: Tensor | None = None,
    down_bias: Tensor | None = None,
) -> tuple[Tensor, ...]:
    _activation_exists(attributes)
    _need(x.dim() == 2 and gate_up.dim() == down.dim() == 3, "x is [N, C], the experts' weights have three dimensions")
    _need(indices.shape == weights.shape and indices.dim() == 2, "indices and weights are alike")
    _need(indices.shape[0] == x.shape[0] and not indices.dtype.is_floating_point, "there is a row of indices per token")
    _need(
        gate_up.shape[0] == down.shape[0] and gate_up.dtype == down.dtype == x.dtype, "one dtype, one number of experts"
    )
    size, out = (1, 2) if attributes.get("transposed", False) else (2, 1)
    _need(gate_up.shape[size] == x.shape[1] == down.shape[out], "the experts' weights have the size of x")
    inner = gate_up.shape[out] // (2 if attributes.get("gated", True) else 1)
    _need(down.shape[size] == inner, "down takes what gate and up give")
    for bias, weight in ((gate_up_bias, gate_up), (down_bias, down)):
        _need(bias is None or tuple(bias.shape) == (weight.shape[0], weight.shape[out]), "biases fit")
    return (x.new_empty(x.shape),)


MEANINGS: dict[str, Meaning] = {
    "embedding": embedding,
    "dequantize": dequantize,
    "linear": linear,
    "merged_linear": merged_linear,
    "rms_norm": norm,
    "add_rms_norm": add_norm,
    "layer_norm": norm,
    "add_layer_norm": add_norm,
    "rotary": rotary,
    "attend": attend,
    "varlen_attend": varlen_attend,
    "select": select,
    "cross_attend": cross_attend,
    "causal_conv": causal_conv,
    "scan": scan,
    "log_scan": log_scan,
    "activation": activation,
    "gated_mlp": gated_mlp,
    "experts": experts,
}
