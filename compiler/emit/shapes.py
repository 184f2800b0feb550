"""Dimensions of every value, found by running the operators of torch on the meta device at a few sizes.

torch itself is the shape function of ATen: one implementation, that of the oracle. Each tensor is carried as one meta tensor per
sample of the symbols, and a dimension is the integer combination of the symbols that fits all samples. Every Program in sight has dimensions
`a + b*T + c*R`; anything else is refused rather than guessed. Rejected: fake tensors with symbolic shapes (100 times slower, and sympy
expressions would have to be translated), notes of the importer (rewrites lose them).
"""

from collections.abc import Sequence
from typing import Any

import torch

from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.expression import Expression, Operator, Symbol, combine, evaluate
from aweigh.proto.program import Table

# Unequal primes for two symbols: enough points to determine a + b*s0 + c*s1, and more to check it.
SAMPLES: tuple[tuple[int, int], ...] = ((5, 3), (11, 3), (5, 7), (23, 13), (29, 2))

Tensors = tuple[torch.Tensor, ...]
"""One meta tensor per sample."""


def inputs(dims: Sequence[Expression], dtype: torch.dtype) -> Tensors:
    """Meta tensors of the given dimensions."""
    return tuple(torch.empty([evaluate(dim, sample) for dim in dims], dtype=dtype, device="meta") for sample in SAMPLES)


def at(value: Any, index: int) -> Any:
    """`value` (an expression or a tuple of them) as integers, in sample `index`."""
    if isinstance(value, Table):
        return at(value.items[0], index)
    if isinstance(value, tuple):
        return [at(item, index) for item in value]
    if isinstance(value, bool | float | str) or value is None:
        return value
    return evaluate(value, SAMPLES[index])


def fit(tensors: Tensors, where: str) -> tuple[Expression, ...]:
    """The dimensions that all samples have.

    Raises:
        UnsupportedModel: a dimension is no integer combination of the symbols.
    """
    ranks = {tensor.dim() for tensor in tensors}
    assert len(ranks) == 1, f"{where} changes its rank with the number of tokens"
    return tuple(_dimension([tensor.shape[axis] for tensor in tensors], where) for axis in range(ranks.pop()))


def _dimension(sizes: list[int], where: str) -> Expression:
    if len(set(sizes)) == 1:
        return sizes[0]
    (t0, r0), (t1, _), (_, r1) = SAMPLES[:3]
    per_t, rest_t = divmod(sizes[1] - sizes[0], t1 - t0)
    per_r, rest_r = divmod(sizes[2] - sizes[0], r1 - r0)
    base = sizes[0] - per_t * t0 - per_r * r0
    fits = all(base + per_t * t + per_r * r == size for (t, r), size in zip(SAMPLES, sizes, strict=True))
    if rest_t or rest_r or not fits:
        raise UnsupportedModel(f"{where} has a size that is not linear in the number of tokens.")
    answer: Expression = 0
    for factor, symbol in ((per_t, Symbol(0)), (per_r, Symbol(1))):
        if factor:
            answer = combine(Operator.ADD, answer, combine(Operator.MULTIPLY, symbol, factor))
    return combine(Operator.ADD, answer, base)
