"""The projection y = x w^T + b over a low-bit w as native code, with one order of summation for every number of rows.

Legend: N rows of x, O rows of w (output features), C columns of both (input features), P panels of 64 outputs.

Order. A lane has one output. Within a group of columns its codes are multiplied and added from left to right (a pair of
bfloat16 products at a time where the processor has the instruction, one product of float32 else; two sums take the pairs of codes of 4 bits in
turns). With zeros, and where codes come with an offset (`low_bit_codes.py`), eight sums over the x of the group, added as a tree, times zero and
offset are taken off. Then scale times sum is added to the total, group after group; then the bias, then comes the one
rounding to the result's dtype. Nothing of this depends on N, on the row's place, on tiles or on threads. (`dequantize` rounds
every weight to its dtype; here none is rounded, so the two differ by that.)

Tiles. One or two rows take all four sixteens of a panel at once, so that four or eight sums hide how long an instruction takes, and the panel is
read as one stream. Four rows take the sixteens by twos, and share what a code costs to unpack. Only the first tile over a panel waits for memory, since a panel stays in the second-level cache.

Each thread takes panels as they come (`operands.py`). Scales are a second stream, a sixteenth of the first one for int4 in groups of 64.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.low_bit_codes import codes
from aweigh.kernels.cpu.low_bit_operands import LowBitOperand
from aweigh.kernels.cpu.operands import Element, Table
from aweigh.kernels.cpu.vectors import sum_of_lanes
from aweigh.kernels.low_bit import BITS, BLOCK, PANEL

_SIXTEENS = PANEL // LANES
_ROWS = 64
"""Rows of x that are kept close while a panel is read."""
_TILES = ((4, 2), (2, 4), (1, 4))
"""Rows of x, and sixteens of a panel, that a tile has; the first one that fits is taken."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What code is made for. `y`: of the result and the bias; `scale`: of scales and zeros; `pairs`: x is bfloat16, else float32."""

    kind: str
    y: Element
    scale: Element
    zeros: bool
    pairs: bool


class LowBitProjection:
    """Builds the task of a variant."""

    def __init__(self, variant: Variant) -> None:
        self._codes = codes(variant.kind, pairs=variant.pairs)
        self._pairs, self._has_zeros = variant.pairs, variant.zeros
        self._has_sums = variant.zeros or bool(self._codes.offset)
        self._y, self._scale = (mlir.ir.Type.parse(element) for element in (variant.y, variant.scale))
        self._wide = mlir.ir.F32Type.get()
        self._x = mlir.ir.BF16Type.get() if variant.pairs else self._wide
        self._sums, self._eight = (b.vector_type(lanes, self._wide) for lanes in (LANES, BLOCK))
        self._block_bytes = PANEL * BLOCK * BITS[variant.kind] // 8

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and those that there are."""
        head = Table(table, self._y, LowBitOperand)
        return head.each(lambda operand: operand.each_part(threads, PANEL, partial(self._part, head, operand)))

    def _part(self, head: Table, operand: LowBitOperand, first: Value, last: Value) -> None:
        def rows(n_start: Value) -> None:
            n_stop = b.smaller(b.add(n_start, b.integer(_ROWS)), head.rows)
            b.for_each(first, last, PANEL, lambda o: self._panel(head, operand, n_start, n_stop, o))

        b.for_each(b.integer(0), head.rows, _ROWS, rows)

    def _panel(self, head: Table, operand: LowBitOperand, n_start: Value, n_stop: Value, o: Value) -> None:
        for height, width in _TILES:
            stop = b.add(n_start, b.round_down(b.subtract(n_stop, n_start), height))
            for sixteen in range(0, _SIXTEENS, width):
                tile = _Tile(self, head, operand, o, range(sixteen, sixteen + width))
                b.for_each(n_start, stop, height, partial(tile.build, height))
            n_start = stop


def _sum(parts: Sequence[Value]) -> Value:
    return reduce(mlir.arith.addf, parts)


class _Tile:
    def __init__(self, task: LowBitProjection, head: Table, operand: LowBitOperand, o: Value, width: range) -> None:
        self._task, self._head, self._operand, self._o, self._width = task, head, operand, o, width
        self._blocks = b.divide(head.columns, b.integer(BLOCK))
        self._group_blocks = b.divide(operand.group, b.integer(BLOCK))
        self._groups = b.divide(head.columns, operand.group)
        self._panel = b.divide(o, b.integer(PANEL))

    def build(self, height: int, n: Value) -> None:
        t, operand = self._task, self._operand
        ns = [b.add(n, b.integer(i)) for i in range(height)]
        xs = [b.offset(self._head.x, b.multiply(i, self._head.x_stride), t._x) for i in ns]
        nothing = b.zeros(t._sums)
        results = height * len(self._width)
        turns = t._codes.sums

        def group(g: Value, totals: list[Value]) -> list[Value]:
            start = b.multiply(g, self._group_blocks)
            x_sums = [b.zeros(t._eight)] * (height if t._has_sums else 0)
            initial = [*[nothing] * (turns * results), *x_sums]
            parts = b.fold(start, b.add(start, self._group_blocks), 1, initial, partial(self._block, xs))
            sums = [*map(_sum, zip(*[iter(parts[: turns * results])] * turns, strict=True))]
            at = b.multiply(b.add(b.multiply(self._panel, self._groups), g), b.integer(PANEL))
            if t._has_sums:
                sums = list(self._without_zeros(sums, parts[turns * results :], at))
            scales = [self._parameters(operand.scales, at, sixteen) for sixteen in self._width]
            return [
                mlir.vector.fma(scales[i % len(scales)], sum_, total)
                for i, (sum_, total) in enumerate(zip(sums, totals, strict=True))
            ]

        totals = iter(b.fold(b.integer(0), self._groups, 1, [nothing] * results, group))
        for row in ns:
            out = b.offset(operand.y, b.multiply(row, operand.outputs), t._y)
            for sixteen in self._width:
                o = b.add(self._o, b.integer(sixteen * LANES))
                left = mlir.arith.subi(operand.outputs, b.smaller(o, operand.outputs))
                mask = b.mask_of(left, LANES)
                value = mlir.arith.addf(next(totals), operand.biases_of(o, mask))
                if t._y != t._wide:
                    value = mlir.arith.truncf(b.vector_type(LANES, t._y), value)
                b.store_first(value, b.offset(out, o, t._y), mask, 1)

    def _block(self, xs: list[Value], block: Value, sums: list[Value]) -> list[Value]:
        """The sums row by row, sixteen by sixteen, turn by turn; behind them, where that is wanted, eight sums of x per row."""
        t, sums = self._task, list(sums)
        turns = t._codes.sums
        place = b.add(b.multiply(self._panel, self._blocks), block)
        byte = mlir.ir.IntegerType.get_signless(8)
        codes_at = b.offset(self._operand.w, b.multiply(place, b.integer(t._block_bytes)), byte)
        column = b.multiply(block, b.integer(BLOCK))
        read = [list(self._x_of(x, column)) for x in xs]
        for i, sixteen in enumerate(self._width):
            for c, w in enumerate(t._codes.of(codes_at, sixteen)):
                for row, values in enumerate(read):
                    place_of_sum = (row * len(self._width) + i) * turns + c % turns
                    sums[place_of_sum] = self._multiply_add(values[c], w, sums[place_of_sum])
        if t._has_sums:
            for row, x in enumerate(xs, len(xs) * len(self._width) * turns):
                some = b.load(b.offset(x, column, t._x), b.vector_type(BLOCK, t._x), 2 if t._pairs else 4)
                sums[row] = mlir.arith.addf(sums[row], mlir.arith.extf(t._eight, some) if t._pairs else some)
        return sums

    def _x_of(self, x: Value, column: Value) -> Iterator[Value]:
        """A vector per column, or pair of columns, of a block: the same in every lane."""
        t = self._task
        step = t._codes.columns
        for c in range(0, BLOCK, step):
            at = b.offset(x, b.add(column, b.integer(c)), t._x)
            if not t._pairs:
                yield mlir.vector.broadcast(t._sums, b.load(at, t._x, 4))
                continue
            pair = mlir.ir.IntegerType.get_signless(32)
            lanes = mlir.vector.broadcast(b.vector_type(LANES, pair), b.load(at, pair, 2))
            yield mlir.vector.bitcast(b.vector_type(2 * LANES, t._x), lanes)

    def _multiply_add(self, x: Value, w: Value, total: Value) -> Value:
        return mlir.x86.avx512_dot(total, x, w) if self._task._pairs else mlir.vector.fma(x, w, total)

    def _without_zeros(self, sums: list[Value], x_sums: list[Value], at: Value) -> Iterator[Value]:
        """The sums less what zeros, and the offset of codes, have added to them."""
        t = self._task
        zeros = [b.filled(t._sums, t._codes.offset)] * len(self._width)
        if t._has_zeros:
            given = [self._parameters(self._operand.zeros, at, sixteen) for sixteen in self._width]
            zeros = [mlir.arith.addf(*both) for both in zip(zeros, given, strict=True)]
        rows = [mlir.vector.broadcast(t._sums, mlir.arith.negf(sum_of_lanes(x_sum))) for x_sum in x_sums]
        for i, sum_ in enumerate(sums):
            yield mlir.vector.fma(zeros[i % len(zeros)], rows[i // len(zeros)], sum_)

    def _parameters(self, pointer: Value, at: Value, sixteen: int) -> Value:
        """Sixteen scales or zeros as float32."""
        t = self._task
        place = b.offset(pointer, b.add(at, b.integer(sixteen * LANES)), t._scale)
        value = b.load(place, b.vector_type(LANES, t._scale), 1)
        return value if t._scale == t._wide else mlir.arith.extf(t._sums, value)
