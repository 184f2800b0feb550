"""Attention of LANES query rows that follow one another over keys that all of them see, in every bit what `attention.py` gives row by row.

Legend: D key head size, E value head size, G query heads per KV head, S chunks of a key.

What rows share is done once for all of them and their heads: where keys lie, keys transposed so that lanes are keys, values as float32.
A score is a tree over lanes of sums over D. Here each lane of the tree is a vector over keys, so a tree is 15 sums of vectors, where row by row it takes 45 operations
that mostly move lanes. Maxima, sums and factors of LANES rows are vectors, and sums of weights one tree for all. Values are added key by key in
tiles of 4 rows and 4 vectors, 16 sums that stay in registers.

A prompt of 512 tokens, 16 heads on 8, D = E = 64, bfloat16, CPU time of one thread of a Zen 4: 7.3 ms a layer, where row by row it was 20.8. Groups that only some rows see
(the last one of a causal tile, edges of windows) still go row by row.

Rejected: the sixteen lanes of a score as straight code, which is not faster and takes 0.1 s longer to compile.
"""

from collections.abc import Sequence
from functools import partial

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.numbers import Numbers
from aweigh.kernels.cpu.vectors import exponential, largest_lanes, sums_of_lanes, transposed

ROWS = LANES
_TOGETHER = 4
"""Rows, and vectors of a value, that are computed side by side."""
_PARTS = 4
"""Of a score's tree."""
_TURNS = (0, 2, 1, 3)
"""In which the upper bits of a part's lanes come."""


def padded(size: int) -> int:
    """A head size in whole vectors."""
    return -(-size // LANES) * LANES


def scratch_of(key_size: int, value_size: int) -> int:
    """Floats: weights of each row, their pivots and factors, parts of scores, values, keys."""
    return (LANES + 2 + _PARTS * _TOGETHER) * LANES + LANES * (padded(key_size) + padded(value_size))


class Tile:
    """What the rows of a tile have in scratch, and how keys are added to it."""

    def __init__(self, numbers: Numbers, scratch: Value, key_size: Value, value_size: Value, scale: Value) -> None:
        """`key_size` is in whole chunks, `value_size` in whole vectors."""
        self._numbers, self._scale = numbers, scale
        self._chunks = b.divide(key_size, b.integer(numbers.chunk))
        self._value_size = value_size
        self._weights = scratch
        self._pivots = self._at(scratch, b.integer(LANES * ROWS))
        self._shrinks = self._at(self._pivots, b.integer(ROWS))
        self._parts = self._at(self._shrinks, b.integer(ROWS))
        self._values = self._at(self._parts, b.integer(_PARTS * _TOGETHER * LANES))
        self._keys = self._at(self._values, b.multiply(value_size, b.integer(LANES)))

    def _at(self, pointer: Value, index: Value) -> Value:
        return b.offset(pointer, index, self._numbers.float32)

    def take(self, keys: Sequence[Value], values_at: Value, whole: Value) -> None:
        """Lays out a group of keys, and of values, whose addresses stand at `values_at`; a value has `whole` elements."""
        n = self._numbers

        def chunk(s: Value) -> None:
            at = b.multiply(s, b.integer(n.chunk))
            read = [n.units(b.load(b.offset(key, at, n.element), n.factors, n.size)) for key in keys]
            place = self._at(self._keys, b.multiply(s, b.integer(LANES * LANES)))
            for lane, units in enumerate(transposed(read)):
                b.store(units, self._at(place, b.integer(lane * LANES)), 4)

        b.for_each(b.integer(0), self._chunks, 1, chunk)

        def key(index: Value) -> None:
            row = b.load(self._at(values_at, b.multiply(index, b.integer(2))), b.pointer_type(), 8)
            to = self._at(self._values, b.multiply(index, self._value_size))

            def features(e: Value) -> None:
                mask = b.mask_of(b.smaller(b.subtract(whole, e), b.integer(LANES)), LANES)
                value = b.load_first(b.offset(row, e, n.element), n.read, mask, n.size)
                b.store(n.widen(value), self._at(to, e), 4)

            b.for_each(b.integer(0), self._value_size, LANES, features)

        b.for_each(b.integer(0), b.integer(LANES), 1, key)

    def add(self, query: Value, query_token: Value, maxima: Value, sums: Value, outputs: Value) -> None:
        """Adds the group to the rows of a head: queries from `query`, `query_token` apart; maxima and sums [ROWS], outputs [ROWS, value size]."""
        together = b.integer(_TOGETHER)

        def scores(part: Value) -> None:
            first = b.multiply(part, together)
            rows = [b.add(first, b.integer(i)) for i in range(_TOGETHER)]
            queries = [b.offset(query, b.multiply(row, query_token), self._numbers.element) for row in rows]
            self._scores(queries, [self._at(self._weights, b.multiply(row, b.integer(LANES))) for row in rows])

        b.for_each(b.integer(0), b.integer(ROWS // _TOGETHER), 1, scores)
        self._weigh(maxima, sums)

        def values(part: Value) -> None:
            first = b.multiply(part, together)
            stripes = b.round_down(self._value_size, _TOGETHER * LANES)
            add = partial(self._add_values, outputs, first)
            b.for_each(b.integer(0), stripes, _TOGETHER * LANES, partial(add, _TOGETHER))
            b.for_each(stripes, self._value_size, LANES, partial(add, 1))

        b.for_each(b.integer(0), b.integer(ROWS // _TOGETHER), 1, values)

    def _scores(self, queries: Sequence[Value], to: Sequence[Value]) -> None:
        """Writes vectors over the keys of a group, one per query: a part of the tree after the other, which a loop does so that code stays small."""
        n = self._numbers
        per_unit = n.chunk // LANES
        kind = b.vector_type(LANES, mlir.ir.IntegerType.get_signless(32))

        def part(number: Value) -> None:
            # Lanes in the order in which halves of halves meet: their numbers' bits backwards, of which the upper two are the turn's here.
            low = b.add(b.multiply(number, b.integer(2)), b.divide(number, b.integer(2)))
            low = mlir.arith.andi(low, b.integer(_PARTS - 1))
            waiting: list[list[Value]] = []
            for turn, high in enumerate(_TURNS):
                lane = b.add(low, b.integer(high * _PARTS))
                column = b.multiply(lane, b.integer(per_unit))
                first = b.multiply(lane, b.integer(LANES))

                def chunk(s: Value, sums: list[Value], first: Value = first, column: Value = column) -> list[Value]:
                    units = b.load(self._at(self._keys, b.add(b.multiply(s, b.integer(LANES * LANES)), first)), kind, 4)
                    at = b.add(b.multiply(s, b.integer(n.chunk)), column)
                    read = [n.spread(b.offset(query, at, n.element)) for query in queries]
                    return [n.multiply_add_units(x, units, total) for x, total in zip(read, sums, strict=True)]

                sums = b.fold(b.integer(0), self._chunks, 1, [b.zeros(n.sums)] * len(queries), chunk)
                while turn & 1:
                    sums = [mlir.arith.addf(*both) for both in zip(waiting.pop(), sums, strict=True)]
                    turn >>= 1
                waiting.append(sums)
            for i, total in enumerate(waiting.pop()):
                at = b.add(b.multiply(number, b.integer(len(queries) * LANES)), b.integer(i * LANES))
                b.store(total, self._at(self._parts, at), 4)

        b.for_each(b.integer(0), b.integer(_PARTS), 1, part)
        scale = mlir.vector.broadcast(n.sums, self._scale)
        for i, at in enumerate(to):
            places = [b.integer((number * len(queries) + i) * LANES) for number in range(_PARTS)]
            parts = [b.load(self._at(self._parts, place), n.sums, 4) for place in places]
            while len(parts) > 1:
                parts = [mlir.arith.addf(*pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
            b.store(mlir.arith.mulf(parts[0], scale), at, 4)

    def _weigh(self, maxima: Value, sums: Value) -> None:
        """Makes weights of scores, and takes them into maxima and sums. A score of minus infinity is possible, in all of a group too."""
        n, arith = self._numbers, mlir.arith

        def rows() -> list[Value]:
            return [b.load(self._at(self._weights, b.integer(i * LANES)), n.sums, 4) for i in range(ROWS)]

        before = b.load(maxima, n.sums, 4)
        now = arith.maximumf(before, largest_lanes(rows()))
        none = arith.cmpf(arith.CmpFPredicate.OEQ, now, b.filled(n.sums, float("-inf")))
        pivots = arith.select(none, b.filled(n.sums, 0.0), now)
        shrinks = exponential(arith.subf(before, pivots))
        b.store(now, maxima, 4)
        b.store(pivots, self._pivots, 4)
        b.store(shrinks, self._shrinks, 4)

        def row(index: Value) -> None:
            at = self._at(self._weights, b.multiply(index, b.integer(LANES)))
            pivot = mlir.vector.broadcast(n.sums, b.load(self._at(self._pivots, index), n.float32, 4))
            b.store(exponential(arith.subf(b.load(at, n.sums, 4), pivot)), at, 4)

        b.for_each(b.integer(0), b.integer(ROWS), 1, row)
        b.store(arith.addf(arith.mulf(b.load(sums, n.sums, 4), shrinks), sums_of_lanes(rows())), sums, 4)

    def _add_values(self, outputs: Value, first: Value, vectors: int, e: Value) -> None:
        """To some rows from `first`, and as many vectors of their outputs from feature `e`."""
        n = self._numbers
        rows = [b.add(first, b.integer(i)) for i in range(_TOGETHER)]
        starts = [b.add(e, b.integer(v * LANES)) for v in range(vectors)]
        places = [
            self._at(outputs, b.add(b.multiply(row, self._value_size), start)) for row in rows for start in starts
        ]

        def spread(pointer: Value, index: Value) -> Value:
            return mlir.vector.broadcast(n.sums, b.load(self._at(pointer, index), n.float32, 4))

        shrinks = [spread(self._shrinks, row) for row in rows for _ in starts]
        old = [mlir.arith.mulf(b.load(at, n.sums, 4), shrink) for at, shrink in zip(places, shrinks, strict=True)]

        def key(index: Value, sums: list[Value]) -> list[Value]:
            value = self._at(self._values, b.multiply(index, self._value_size))
            values = [b.load(self._at(value, start), n.sums, 4) for start in starts]
            weights = [spread(self._weights, b.add(b.multiply(row, b.integer(LANES)), index)) for row in rows]
            pairs = [(weight, value) for weight in weights for value in values]
            return [mlir.vector.fma(*pair, total) for pair, total in zip(pairs, sums, strict=True)]

        new = b.fold(b.integer(0), b.integer(LANES), 1, old, key)
        for at, total in zip(places, new, strict=True):
            b.store(total, at, 4)
