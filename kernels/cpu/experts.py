"""Experts through native code, one by one here and as one stretch of a tape in `expert_tape.py`, with the same code for a row.

Legend: T tokens, A experts per token, P pairs of a token and an expert, X experts, R rows of one expert, C hidden, I intermediate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.kernels.base import Experts
from aweigh.kernels.cpu.clamped_gating import clamped_gating
from aweigh.kernels.cpu.combining import combining
from aweigh.kernels.cpu.gate import gating_for, gating_table
from aweigh.kernels.cpu.linear import linear, projection_for
from aweigh.kernels.cpu.native import Native, float_bits
from aweigh.kernels.cpu.operands import ELEMENTS
from aweigh.kernels.reference.experts import experts as experts_by_torch
from aweigh.kernels.reference.experts import pairs_by_expert
from aweigh.kernels.weight import Slot, Weight, optional_tensor_of, tensor_of

_FLOATS = tuple(ELEMENTS)


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between an expert's two products."""

    activation: str
    interleaved: bool = False
    gated: bool = True
    limit: float | None = None
    alpha: float | None = None

    def fits(self, x: Tensor) -> bool:
        """Whether there is code for values like `x`."""
        if self.alpha is not None:
            return self.gated and x.dtype in ELEMENTS
        return not self.interleaved and self.limit is None and gating_for(x, self.activation) is not None

    def table(self, threads: int, hidden_N: Tensor, out_NI: Tensor) -> tuple[Native, tuple[int, ...]]:
        """The code, and what it is given. `hidden_N` is [N, 2 I], or [N, I] without a gate."""
        native = gating_for(hidden_N, self.activation)
        rows, inner = out_NI.shape
        if self.alpha is not None:
            step, apart = (2, 1) if self.interleaved else (1, inner)
            limit = float_bits(float("inf") if self.limit is None else self.limit)
            places = (hidden_N.data_ptr(), step, apart, out_NI.data_ptr(), limit, float_bits(self.alpha), 0)
            return clamped_gating(ELEMENTS[hidden_N.dtype]), (threads, rows, inner, *places)
        assert native is not None, "it fits"
        if not self.gated:
            return native, gating_table(threads, hidden_N, None, out_NI, self.activation)
        gate_NI, up_NI = hidden_N[:, :inner], hidden_N[:, inner:]
        return native, gating_table(threads, gate_NI, up_NI, out_NI, self.activation)


@dataclass(frozen=True, slots=True)
class Side:
    """Stacked weights of one of the two products, and their biases [X, O] if there are any. `transposed`: each is [C, O]."""

    weights: Weight
    biases: Weight | None
    transposed: bool

    def of(self, expert: int) -> tuple[Tensor, Tensor | None]:
        """An expert's weight [O, C] and bias."""
        weight, biases = tensor_of(self.weights)[expert], optional_tensor_of(self.biases)
        return weight.t() if self.transposed else weight, None if biases is None else biases[expert]

    def native(self, x: Tensor) -> Native | None:
        """The code for rows like `x`."""
        weights = tensor_of(self.weights)
        if weights.dim() != 3 or weights.shape[0] == 0 or weights.numel() == 0:
            return None
        return projection_for(x, *self.of(0))


def sides_of(
    gate_up: object, gate_up_bias: object, down: object, down_bias: object, *, transposed: bool
) -> tuple[Side, Side] | None:
    """Both products, where their weights are stacked."""
    pairs = ((gate_up, gate_up_bias), (down, down_bias))
    sides = [
        Side(weights, biases, transposed)
        for weights, biases in pairs
        if isinstance(weights, Tensor | Slot) and (biases is None or isinstance(biases, Tensor | Slot))
    ]
    return (sides[0], sides[1]) if len(sides) == 2 else None


def experts_fit(x_TC: Tensor, ids_TA: Tensor, weights_TA: Tensor, sides: tuple[Side, Side], gate: Gate) -> bool:
    """Whether there is code for the operands."""
    first, second = sides
    if x_TC.dtype not in ELEMENTS or not x_TC.is_cpu or weights_TA.dtype not in _FLOATS or not gate.fits(x_TC):
        return False
    mixed = torch.promote_types(x_TC.dtype, weights_TA.dtype)
    if mixed not in (x_TC.dtype, torch.float32) or ids_TA.dtype is not torch.int64 or not ids_TA.numel():
        return False
    if first.native(x_TC) is None:
        return False
    inner = first.of(0)[0].shape[0] // (2 if gate.gated else 1)
    outputs, features = second.of(0)[0].shape if tensor_of(second.weights).dim() == 3 else (0, 0)
    return (
        (features, outputs) == (inner, x_TC.shape[1])
        and tensor_of(second.weights).shape[0] == tensor_of(first.weights).shape[0]
        and second.native(x_TC.new_empty(0, inner)) is not None
    )


def combining_table(
    threads: int, rows_PC: Tensor, places: Tensor, weights_TA: Tensor, out_TC: Tensor
) -> tuple[int, ...]:
    """What the sum over a token's experts is given."""
    tokens, per_token = weights_TA.shape
    addresses = (rows_PC.data_ptr(), places.data_ptr(), weights_TA.data_ptr(), out_TC.data_ptr(), 0)
    return (threads, tokens, per_token, rows_PC.shape[1], *addresses)


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
) -> Experts:
    """See `Kernels.experts`. The ids are read by Python."""
    gate = Gate(activation, interleaved, gated, limit, alpha)
    sides = sides_of(gate_up, gate_up_bias, down, down_bias, transposed=transposed)
    if sides is None or not experts_fit(x_TC, ids_TA, weights_TA, sides, gate):
        return experts_by_torch(
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
            project=linear,
        )
    first, second = sides
    pairs_of = pairs_by_expert(ids_TA, tensor_of(first.weights).shape[0])
    weights_TA = weights_TA.contiguous()
    threads = torch.get_num_threads()
    places = torch.full((ids_TA.numel(),), -1, dtype=torch.int64)
    rows, done = [], 0
    for expert, pairs in pairs_of.items():
        places[pairs] = torch.arange(done, done + len(pairs))
        done += len(pairs)
        x_RC = x_TC.index_select(0, torch.tensor(pairs) // ids_TA.shape[1])
        hidden = linear(x_RC, *first.of(expert))
        gated_RI = hidden.new_empty(len(pairs), hidden.shape[1] // (2 if gated else 1))
        native, table = gate.table(threads, hidden, gated_RI)
        native.run(table)
        rows.append(linear(gated_RI, *second.of(expert)))
    out_TC = torch.empty_like(x_TC, memory_format=torch.contiguous_format)
    rows_PC = torch.cat(rows) if rows else x_TC.new_empty(0, x_TC.shape[1])
    combine = combining(ELEMENTS[x_TC.dtype], ELEMENTS[weights_TA.dtype])
    combine.run(combining_table(threads, rows_PC, places, weights_TA, out_TC))
    return Experts(out_TC, tuple((expert, len(pairs)) for expert, pairs in pairs_of.items()))
