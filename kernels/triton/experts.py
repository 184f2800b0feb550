"""Mixture of experts: two grouped products over the experts that were hit, and the sum. The kernels are in `grouped.py`.

Legend: T tokens in batch, A experts per token, X experts, C hidden, I intermediate, N = T * A pairs.

The ids are read by the host: what it returns says exactly which experts were read. So this method waits for the device, once.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from aweigh.kernels.base import Experts
from aweigh.kernels.reference.activation import activation as activate
from aweigh.kernels.reference.experts import experts as experts_of_any
from aweigh.kernels.reference.experts import gate, pairs_by_expert
from aweigh.kernels.triton.addresses import TYPES
from aweigh.kernels.triton.grouped import JOB, OUTPUTS, grouped_kernel, weighted_sum_kernel
from aweigh.kernels.triton.jit import LAUNCH
from aweigh.kernels.triton.linear import MANY_ROWS, tile_of
from aweigh.kernels.triton.rows import rows_of
from aweigh.kernels.triton.tuned import sizes_for
from aweigh.kernels.weight import Slot, Weight, addresses_of, tensor_of

STEP = 64
BLOCK = 512
Many = Weight | Sequence[Weight]


class _Stack(NamedTuple):
    """The weights of all experts: shape and strides of one, and for each where its address stands, and how many elements behind it it begins."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: torch.dtype
    places: list[tuple[int, int]]
    aligned: bool
    held: Tensor | None  # a table that lives as long as this


def _stack(weights: Many) -> _Stack | None:
    """None where the experts' weights differ in more than their addresses."""
    alone = isinstance(weights, Tensor | Slot)
    slots: list[Weight] = [weights] if isinstance(weights, Tensor | Slot) else list(weights)
    tensors = [tensor_of(slot) for slot in slots]
    one = tensors[0][0] if alone else tensors[0]
    if any((t.shape, t.stride(), t.dtype) != (one.shape, one.stride(), one.dtype) for t in tensors if not alone):
        return None
    found = [addresses_of(slot) for slot in slots]
    held = None
    if not all(cell for _, cell in found):
        held = torch.tensor([t.data_ptr() for t in tensors], device=one.device)
        cells = [held.data_ptr() + held.itemsize * place for place in range(len(slots))]
    else:
        cells = [cell for _, cell in found]
    apart = tensors[0].stride(0) if alone else 0
    places = [(cells[0], apart * number) for number in range(len(tensors[0]))] if alone else [(c, 0) for c in cells]
    aligned = all(t.data_ptr() % 16 == 0 for t in tensors) and apart * one.itemsize % 16 == 0
    return _Stack(tuple(one.shape), one.stride(), one.dtype, places, aligned, held)


class _Jobs(NamedTuple):
    """Which programs there are: the pairs by expert, and (expert, first place, places) of each tile. `sizes` of the kernel."""

    pairs_N: Tensor
    tiles: list[tuple[int, int, int]]
    sizes: dict[str, int]


def _jobs(pairs_of: dict[int, list[int]], x_TC: Tensor) -> _Jobs:
    order: list[int] = []
    tiles = []
    sizes = sizes_for("grouped", str(x_TC.itemsize), x_TC.device, STEP=STEP, ROWS=MANY_ROWS)
    sizes["ROWS"] = rows = tile_of(max(map(len, pairs_of.values())), x_TC, sizes["ROWS"])
    for expert, pairs in pairs_of.items():
        for first in range(0, len(pairs), rows):
            tiles.append((expert, len(order) + first, min(rows, len(pairs) - first)))
        order += pairs
    return _Jobs(torch.tensor(order, device=x_TC.device), tiles, sizes)


def _product(x: Tensor, jobs: _Jobs, stack: _Stack, bias: _Stack | None, transposed: bool, pairs: int) -> Tensor:
    """x [pairs / A, columns] by each pair's expert: [pairs, outputs]. Rows of pairs that chose none stay as they are found."""
    columns, outputs = stack.shape if transposed else stack.shape[::-1]
    weight_c, weight_o = stack.strides if transposed else stack.strides[::-1]
    out = x.new_empty(pairs, outputs)
    lines = []
    for expert, first, count in jobs.tiles:
        lines.append((*stack.places[expert], *((0, 0) if bias is None else bias.places[expert]), first, count))
    table = torch.tensor(lines, device=x.device)
    assert table.shape[1] == JOB
    grouped_kernel[(-(-outputs // OUTPUTS), len(lines))](
        out,
        x,
        table,
        jobs.pairs_N,
        outputs,
        columns,
        x.stride(0),
        weight_o,
        weight_c,
        A=pairs // x.shape[0],
        TYPE=TYPES[stack.dtype],
        HAS_BIAS=bias is not None,
        ALIGNED=stack.aligned,
        **jobs.sizes,
        **LAUNCH,
    )
    return out


def experts(
    x_TC: Tensor,
    ids_TA: Tensor,
    weights_TA: Tensor,
    gate_up: Many,
    down: Many,
    *,
    activation: str,
    gate_up_bias: Many | None = None,
    down_bias: Many | None = None,
    transposed: bool = False,
    interleaved: bool = False,
    gated: bool = True,
    limit: float | None = None,
    alpha: float | None = None,
) -> Experts:
    """See `Kernels.experts`. Weights of another dtype than the tokens', or of several shapes, take the reference's way."""
    ups, downs = _stack(gate_up), _stack(down)
    up_biases = None if gate_up_bias is None else _stack(gate_up_bias)
    down_biases = None if down_bias is None else _stack(down_bias)
    given = (gate_up, down, gate_up_bias, down_bias)
    found = (ups, downs, up_biases, down_biases)
    alike = all(
        weight is None
        or (stack is not None and stack.dtype == x_TC.dtype and (len(stack.shape) == 2 or stack.strides == (1,)))
        for weight, stack in zip(given, found, strict=True)
    )
    if not alike or x_TC.dtype not in TYPES or weights_TA.dtype not in TYPES:
        return experts_of_any(
            x_TC,
            ids_TA,
            weights_TA,
            gate_up,
            down,
            activation=activation,
            gate_up_bias=gate_up_bias,
            down_bias=down_bias,
            transposed=transposed,
            interleaved=interleaved,
            gated=gated,
            limit=limit,
            alpha=alpha,
        )
    assert ups is not None and downs is not None
    tokens, per_token = ids_TA.shape
    pairs_of = pairs_by_expert(ids_TA, len(ups.places))
    if not pairs_of:
        return Experts(torch.zeros_like(x_TC), ())
    x_TC = rows_of(x_TC)
    jobs = _jobs(pairs_of, x_TC)
    hidden = _product(x_TC, jobs, ups, up_biases, transposed, tokens * per_token)
    hidden = gate(hidden, activation, interleaved, limit, alpha) if gated else activate(hidden, activation)
    y_NC = _product(rows_of(hidden), jobs, downs, down_biases, transposed, tokens * per_token)
    out_TC = torch.empty_like(x_TC)
    features = out_TC.shape[1]
    weighted_sum_kernel[(-(-features // BLOCK), tokens)](
        out_TC,
        y_NC,
        ids_TA.contiguous(),
        weights_TA.contiguous(),
        len(ups.places),
        features,
        A=per_token,
        BLOCK=BLOCK,
        TYPE=TYPES[torch.promote_types(x_TC.dtype, weights_TA.dtype)],
        **LAUNCH,
    )
    return Experts(out_TC, tuple((expert, len(pairs)) for expert, pairs in pairs_of.items()))
