"""Mixture of experts: one pass over the experts that were hit, and exactly those are touched.

Legend: T tokens in batch, A experts per token, X experts, C hidden, I intermediate, R rows of one expert.

As transformers' default ("grouped_mm"): every (token, expert) pair's output is weighted, then summed over the token's experts in
the order of `ids_TA`; the sum accumulates in float32 and is rounded once. (The `eager` loop of the modelling files adds expert
by expert in the dtype of x instead.) The ids are read by Python: on a device this method synchronises.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from aweigh.kernels.base import Experts
from aweigh.kernels.reference.activation import activation as activate
from aweigh.kernels.reference.linear import linear
from aweigh.kernels.weight import Slot, Weight, tensor_of


def experts(
    x_TC: Tensor,
    ids_TA: Tensor,
    weights_TA: Tensor,
    gate_up: Weight | Sequence[Weight],
    down: Weight | Sequence[Weight],
    *,
    activation: str,
    gate_up_bias: Weight | Sequence[Weight] | None = None,
    down_bias: Weight | Sequence[Weight] | None = None,
    transposed: bool = False,
    interleaved: bool = False,
    gated: bool = True,
    limit: float | None = None,
    alpha: float | None = None,
    project: Callable[[Tensor, Tensor], Tensor] = linear,
) -> Experts:
    """See `Kernels.experts`. `project` is how a master does its linears."""
    tokens, per_token = ids_TA.shape
    pairs_of = pairs_by_expert(ids_TA, _count(gate_up))
    dropped = sum(map(len, pairs_of.values())) < ids_TA.numel()
    dtype = torch.promote_types(x_TC.dtype, weights_TA.dtype)
    shape = (tokens * per_token, x_TC.shape[1])
    out = torch.zeros(shape, dtype=dtype, device=x_TC.device) if dropped else x_TC.new_empty(shape, dtype=dtype)
    weight_P1 = weights_TA.reshape(-1, 1)
    for expert, pairs in pairs_of.items():
        rows_R = torch.tensor(pairs, device=x_TC.device)
        x_RC = x_TC.index_select(0, rows_R // per_token)
        hidden = _project(project, x_RC, gate_up, gate_up_bias, expert, transposed)
        hidden = gate(hidden, activation, interleaved, limit, alpha) if gated else activate(hidden, activation)
        y_RC = _project(project, hidden, down, down_bias, expert, transposed)
        out.index_copy_(0, rows_R, y_RC * weight_P1.index_select(0, rows_R))
    total_TC = out.view(tokens, per_token, -1).sum(dim=1).to(x_TC.dtype)
    return Experts(total_TC, tuple((expert, len(pairs)) for expert, pairs in pairs_of.items()))


def pairs_by_expert(ids_TA: Tensor, count: int) -> dict[int, list[int]]:
    """Places in the flattened ids by expert, in the order of the experts; ids that are none of `count` experts are left out. Reads the ids."""
    pairs_of: dict[int, list[int]] = {}
    for pair, expert in enumerate(ids_TA.flatten().tolist()):
        if 0 <= expert < count:
            pairs_of.setdefault(expert, []).append(pair)
    return dict(sorted(pairs_of.items()))


def _count(weights: Weight | Sequence[Weight]) -> int:
    return tensor_of(weights).shape[0] if isinstance(weights, Tensor | Slot) else len(weights)


def _of(weights: Weight | Sequence[Weight], expert: int) -> Tensor:
    return tensor_of(weights)[expert] if isinstance(weights, Tensor | Slot) else tensor_of(weights[expert])


def _project(
    project: Callable[[Tensor, Tensor], Tensor],
    x_RC: Tensor,
    weights: Weight | Sequence[Weight],
    biases: Weight | Sequence[Weight] | None,
    expert: int,
    transposed: bool,
) -> Tensor:
    weight = _of(weights, expert)
    y = project(x_RC, weight.t() if transposed else weight)
    return y if biases is None else y.add_(_of(biases, expert))


def gate(gate_up: Tensor, activation: str, interleaved: bool, limit: float | None, alpha: float | None) -> Tensor:
    """What an expert does between its products: [..., 2I] to [..., I]; see `Kernels.experts`."""
    first, up = (gate_up[..., ::2], gate_up[..., 1::2]) if interleaved else gate_up.chunk(2, dim=-1)
    if limit is not None:
        first, up = first.clamp(max=limit), up.clamp(min=-limit, max=limit)
    if alpha is not None:
        return (up + 1) * (first * torch.sigmoid(first * alpha))
    return activate(first, activation) * up
