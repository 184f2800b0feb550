"""Experts as a stretch of a tape: rows are sorted by expert, multiplied, gated, multiplied and summed without a look from Python.

How many experts are hit, and with how many rows, is known when the tape runs. So there are as many products on it as experts can be hit, and
the first record (`dispatch.py`) writes their tables; those that get no expert have no parts.

Legend: T tokens, A experts per token, P = T * A pairs, X experts, S = min(X, P) products at most, C hidden, I intermediate.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

from aweigh.kernels.cpu.combining import combining
from aweigh.kernels.cpu.dispatch import dispatch
from aweigh.kernels.cpu.experts import Gate, Side, combining_table
from aweigh.kernels.cpu.linear import projection_table
from aweigh.kernels.cpu.lookup import lookup, lookup_table
from aweigh.kernels.cpu.native import Native
from aweigh.kernels.cpu.operands import ELEMENTS
from aweigh.kernels.cpu.operands import HEADER as PRODUCT
from aweigh.kernels.weight import addresses_of, optional_tensor_of, tensor_of

New = Callable[[Sequence[int], torch.dtype], Tensor]
_OUTPUTS = PRODUCT + 4


class Add(Protocol):
    """Puts a record on a tape and returns its number."""

    def __call__(
        self, native: Native, table: Sequence[int], reads: Sequence[Tensor], writes: Sequence[Tensor], /
    ) -> int: ...


def record_experts(
    threads: int,
    new: New,
    add: Add,
    x_TC: Tensor,
    ids_TA: Tensor,
    weights_TA: Tensor,
    sides: tuple[Side, Side],
    gate: Gate,
    hits_X: Tensor,
) -> tuple[Tensor, list[Tensor], int, list[int]]:
    """Operands for which there is code (`experts_fit`), contiguous; `hits_X` int64 counts the calls in which an expert was hit.

    Returns the result [T, C], what nobody needs after it, the number of the record that writes tables, and the numbers of the
    records whose addresses that one must be given, behind all else in its table.
    """
    pairs, features = ids_TA.numel(), x_TC.shape[1]
    experts = tensor_of(sides[0].weights).shape[0]
    slots = min(experts, pairs)
    outputs = [side.of(0)[0].shape[0] for side in sides]
    inner = outputs[0] // (2 if gate.gated else 1)
    tokens, places, counts = (new((count,), torch.int64) for count in (pairs, pairs, 2 * experts))
    rows_PC, hidden_P, gated_PI, said_PC = (
        new((pairs, count), x_TC.dtype) for count in (features, outputs[0], inner, features)
    )
    given = [ids_TA, tokens, places, counts, hits_X]
    cells = [threads, pairs, ids_TA.shape[1], experts, slots, *(one.data_ptr() for one in given), 0]
    for side, x, y in zip(sides, (rows_PC, gated_PI), (hidden_P, said_PC), strict=True):
        cells += _side(side, x, y)
    first = add(dispatch(), [*cells, *[0] * (2 * slots)], [ids_TA], [tokens, places, counts, hits_X])
    add(lookup(ELEMENTS[x_TC.dtype]), lookup_table(threads, tokens, x_TC, rows_PC), [tokens, x_TC], [rows_PC])
    numbers = _products(threads, add, sides[0], rows_PC, hidden_P, slots)
    native, table = gate.table(threads, hidden_P, gated_PI)
    add(native, table, [hidden_P], [gated_PI])
    numbers += _products(threads, add, sides[1], gated_PI, said_PC, slots)
    out_TC = new(x_TC.shape, x_TC.dtype)
    combine = combining(ELEMENTS[x_TC.dtype], ELEMENTS[weights_TA.dtype])
    table = combining_table(threads, said_PC, places, weights_TA, out_TC)
    add(combine, table, [said_PC, places, weights_TA], [out_TC])
    return out_TC, [tokens, places, counts, rows_PC, hidden_P, gated_PI, said_PC], first, numbers


def _side(side: Side, x: Tensor, y: Tensor) -> list[int]:
    biases = optional_tensor_of(side.biases)
    weights = tensor_of(side.weights)
    return [
        *addresses_of(side.weights),
        weights.stride(0) * weights.itemsize,
        *addresses_of(side.biases),
        0 if biases is None else biases.stride(0) * biases.itemsize,
        *(x.data_ptr(), x.stride(0) * x.itemsize, y.data_ptr(), y.stride(0) * y.itemsize, y.shape[1]),
    ]


def _products(threads: int, add: Add, side: Side, x: Tensor, y: Tensor, slots: int) -> list[int]:
    """Products that nobody has given rows to yet."""
    native = side.native(x)
    assert native is not None, "it fits"
    weight, bias = side.of(0)
    table = projection_table(threads, x[:0], [(weight, bias, y)])
    table[_OUTPUTS] = 0
    # All of them stand behind the same wait: the first one speaks for what they read and write.
    return [add(native, table, *(([x], [y]) if slot == 0 else ([], []))) for slot in range(slots)]
