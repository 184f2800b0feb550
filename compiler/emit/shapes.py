"""Dimensions of every value, found by running the operators of torch on the meta device at a few sizes.

torch itself is the shape function of ATen: one implementation, that of the oracle. Each tensor is carried as one meta tensor per
sample of the symbols, and a dimension is the expression that fits all samples: an integer combination of products of the symbols, or one
step (a sum, a product, a rounded quotient, as convolutions make them) from dimensions that are known. Anything else is refused rather
than guessed, and the engine proves each size again when it first meets it. Rejected: fake tensors with symbolic shapes (100 times slower,
and sympy expressions would have to be translated), notes of the importer (rewrites lose them).
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import prod
from random import Random
from typing import Any

import torch

from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.expression import Expression, Operator, Symbol, combine, evaluate
from aweigh.proto.program import Table

# Unequal primes for two symbols: enough points to determine a + b*s0 + c*s1, and more to check it.
TOKENS_AND_ROWS: tuple[tuple[int, int], ...] = ((5, 3), (11, 3), (5, 7), (23, 13), (29, 2))
_MORE = 8
_SPREAD = 40
_LONGEST_STEP = 64
_MOST_FACTORS = 3

Tensors = tuple[torch.Tensor, ...]
"""One meta tensor per sample."""


class SizeUnknown(UnsupportedModel):
    """A size does not follow from the symbols in a way that a Program can say. `symbols`: the ones that it depends on."""

    def __init__(self, sentence: str, symbols: tuple[int, ...]) -> None:
        super().__init__(sentence)
        self.symbols = symbols


def points(ranges: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, ...], ...]:
    """Sizes for symbols with these (least, most, seen): the seen ones, then one symbol changed at a time, then all of them."""
    random = Random(len(ranges))
    open_ = [
        (least, max(seen, least) + _SPREAD if not most else min(most, max(seen, least) + _SPREAD), seen)
        for least, most, seen in ranges
    ]
    first = tuple(seen for _, _, seen in ranges)
    found = [first]

    def other(place: int) -> int:
        least, most, seen = open_[place]
        low = max(least, most - 2 * _SPREAD)
        return random.choice([size for size in range(low, most + 1) if size != seen] or [seen])

    for place in range(len(ranges)):
        found.append((*first[:place], other(place), *first[place + 1 :]))
    found += [tuple(other(place) for place in range(len(ranges))) for _ in range(_MORE if ranges else 0)]
    return tuple(found)


class Samples:
    """The sizes at which the operators of one function are run, and the dimensions that were found so far."""

    def __init__(self, points: tuple[tuple[int, ...], ...] = TOKENS_AND_ROWS) -> None:
        self.points = points
        self._known: dict[tuple[int, ...], Expression] = {}

    def __len__(self) -> int:
        return len(self.points)

    def inputs(self, dims: Sequence[Expression], dtype: torch.dtype) -> Tensors:
        """Meta tensors of the given dimensions."""
        return tuple(
            torch.empty([evaluate(dim, point) for dim in dims], dtype=dtype, device="meta") for point in self.points
        )

    def at(self, value: Any, index: int) -> Any:
        """`value` (an expression or a tuple of them) as integers, in sample `index`."""
        if isinstance(value, Table):
            return self.at(value.items[0], index)
        if isinstance(value, tuple):
            return [self.at(item, index) for item in value]
        if isinstance(value, bool | float | str) or value is None:
            return value
        return evaluate(value, self.points[index])

    def fit(self, tensors: Tensors, where: str) -> tuple[Expression, ...]:
        """The dimensions that all samples have.

        Raises:
            SizeUnknown: a dimension is nothing that can be said of the symbols.
        """
        ranks = {tensor.dim() for tensor in tensors}
        if len(ranks) != 1:
            raise SizeUnknown(f"{where} changes its rank with a size.", tuple(range(len(self.points[0]))))
        return tuple(
            self._dimension(tuple([tensor.shape[axis] for tensor in tensors]), where) for axis in range(ranks.pop())
        )

    def _dimension(self, sizes: tuple[int, ...], where: str) -> Expression:
        if len(set(sizes)) == 1:
            return sizes[0]
        if sizes not in self._known:
            self._known[sizes] = self._solved(sizes, where)
        return self._known[sizes]

    def _solved(self, sizes: tuple[int, ...], where: str) -> Expression:
        symbols = tuple(range(len(self.points[0])))
        answer = self._combination(sizes, [(symbol,) for symbol in symbols])
        if answer is None:
            mine = self._symbols_of(sizes)
            terms = [term for count in range(1, len(mine) + 1) for term in combinations(mine, count)]
            answer = self._combination(sizes, terms) if len(mine) <= _MOST_FACTORS else None
        answer = self._step(sizes) if answer is None else answer
        if answer is None:
            raise SizeUnknown(f"{where} has a size that is not linear in the number of tokens.", symbols)
        return answer

    def _symbols_of(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Symbols that change the size where they alone change."""
        first, found = self.points[0], []
        for point, size in zip(self.points[1:], sizes[1:], strict=True):
            changed = [place for place, value in enumerate(point) if value != first[place]]
            if len(changed) == 1 and size != sizes[0]:
                found.append(changed[0])
        return tuple(dict.fromkeys(found))

    def _combination(self, sizes: tuple[int, ...], terms: Sequence[tuple[int, ...]]) -> Expression | None:
        """1 and products of symbols with integer factors, if these fit all samples."""
        rows = [[1, *(prod(point[symbol] for symbol in term) for term in terms)] for point in self.points]
        factors = _solution(rows, sizes)
        if factors is None:
            return None
        answer: Expression = 0
        for factor, term in zip(factors[1:], terms, strict=True):
            if factor:
                product: Expression = Symbol(term[0])
                for symbol in term[1:]:
                    product = combine(Operator.MULTIPLY, product, Symbol(symbol))
                answer = combine(Operator.ADD, answer, combine(Operator.MULTIPLY, product, factor))
        return combine(Operator.ADD, answer, factors[0])

    def _step(self, sizes: tuple[int, ...]) -> Expression | None:
        """One operation on what is known."""
        for known, expression in reversed(list(self._known.items())):
            for answer in (
                self._product(sizes, known, expression),
                self._sum(sizes, known, expression),
                _quotient(sizes, known, expression),
            ):
                if answer is not None:
                    return answer
        return None

    def _product(self, sizes: tuple[int, ...], known: tuple[int, ...], expression: Expression) -> Expression | None:
        if any(each == 0 or size % each for size, each in zip(sizes, known, strict=True)):
            return None
        rest = tuple([size // each for size, each in zip(sizes, known, strict=True)])
        other = rest[0] if len(set(rest)) == 1 else self._known.get(rest)
        return None if other is None else combine(Operator.MULTIPLY, expression, other)

    def _sum(self, sizes: tuple[int, ...], known: tuple[int, ...], expression: Expression) -> Expression | None:
        for times in (1, 2, 3, 4):
            rest = tuple([size - times * each for size, each in zip(sizes, known, strict=True)])
            other = rest[0] if len(set(rest)) == 1 else self._known.get(rest)
            if other is not None:
                return combine(Operator.ADD, combine(Operator.MULTIPLY, expression, times), other)
        return None


def _quotient(sizes: tuple[int, ...], known: tuple[int, ...], expression: Expression) -> Expression | None:
    """(known + a) // step + b, as a convolution or a pool of that step gives."""
    span, wide = max(sizes) - min(sizes), max(known) - min(known)
    for step in range(2, _LONGEST_STEP + 1):
        if not wide // step - 1 <= span <= wide // step + 1:
            continue
        for more in range(step):
            rest = {size - (each + more) // step for size, each in zip(sizes, known, strict=True)}
            if len(rest) == 1:
                divided = combine(Operator.FLOOR_DIVIDE, combine(Operator.ADD, expression, more), step)
                return combine(Operator.ADD, divided, rest.pop())
    return None


def _solution(rows: list[list[int]], sizes: tuple[int, ...]) -> list[int] | None:
    """Integers x with rows @ x == sizes, free ones 0; None where there are none."""
    table = [[Fraction(value) for value in row] + [Fraction(size)] for row, size in zip(rows, sizes, strict=True)]
    count, used, pivots = len(rows[0]), 0, []
    for column in range(count):
        at = next((row for row in range(used, len(table)) if table[row][column]), None)
        if at is None:
            continue
        table[used], table[at] = table[at], table[used]
        table[used] = [value / table[used][column] for value in table[used]]
        for row in range(len(table)):
            if row != used and table[row][column]:
                factor = table[row][column]
                table[row] = [left - factor * right for left, right in zip(table[row], table[used], strict=True)]
        pivots.append(column)
        used += 1
    if any(row[-1] for row in table[used:]) or any(table[row][-1].denominator != 1 for row in range(used)):
        return None
    found = [0] * count
    for row, column in enumerate(pivots):
        found[column] = int(table[row][-1])
    return found
