"""The projection y = x w^T + b where w's columns are contiguous: weights that a checkpoint keeps as [C, O] (GPT-2's Conv1D, experts).

Legend: N rows of x, O output features, C input features.

Order: a result has one sum, products are added from the first input feature to the last, then the bias, then comes the one
rounding. Vectors lie along O, so nothing is added across lanes. As in `projection.py` the order knows neither N nor tiles nor
threads; torch's routine does not have that property for such weights (float32, 9 rows against 1: bits differ).

Tiles of 4 rows and 2 vectors of outputs: a value of x is spread over a vector once for both.
"""

from functools import partial

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element, Operand, Table

_ROWS = 4
_VECTORS = 2
_STRIPE = _VECTORS * LANES
"""Outputs of a tile."""


class TransposedProjection:
    """Builds the task for one element type."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._narrow = element != "f32"
        self._size = 2 if self._narrow else 4
        self._float32 = mlir.ir.F32Type.get()
        self._vector = b.vector_type(LANES, self._element)
        self._sums = b.vector_type(LANES, self._float32)

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and those that there are."""
        operands = Table(table, self._element)
        return operands.each(
            lambda operand: operand.each_part(threads, _STRIPE, partial(self._part, operands, operand))
        )

    def _part(self, table: Table, operand: Operand, first: Value, last: Value) -> None:
        def stripe(o: Value) -> None:
            starts = [b.add(o, b.integer(i * LANES)) for i in range(_VECTORS)]
            ends = [b.smaller(b.add(start, b.integer(LANES)), b.larger(start, last)) for start in starts]
            masks = [b.mask_of(mlir.arith.subi(end, start), LANES) for start, end in zip(starts, ends, strict=True)]
            whole = b.round_down(table.rows, _ROWS)
            tiles = partial(self._tile, table, operand, o, masks)
            b.for_each(b.integer(0), whole, _ROWS, lambda n: tiles(n, _ROWS))
            b.for_each(whole, table.rows, 1, lambda n: tiles(n, 1))

        b.for_each(first, last, _STRIPE, stripe)

    def _tile(self, table: Table, operand: Operand, o: Value, masks: list[Value], n: Value, height: int) -> None:
        ns = [b.add(n, b.integer(i)) for i in range(height)]
        xs = [b.offset(table.x, b.multiply(row, table.x_stride), self._element) for row in ns]
        w = b.offset(operand.w, o, self._element)

        def feature(c: Value, sums: list[Value]) -> list[Value]:
            row = b.offset(w, b.multiply(c, operand.w_stride), self._element)
            ws = [self._widen(self._read(row, i, mask)) for i, mask in enumerate(masks)]
            values = [self._spread(b.load(b.offset(x, c, self._element), self._element, self._size)) for x in xs]
            products = [(value, vector) for value in values for vector in ws]
            return [
                mlir.vector.fma(value, vector, total) for (value, vector), total in zip(products, sums, strict=True)
            ]

        initial = [b.zeros(self._sums)] * (height * _VECTORS)
        sums = iter(b.fold(b.integer(0), table.columns, 1, initial, feature))
        bias = [operand.biases_of(b.add(o, b.integer(i * LANES)), mask) for i, mask in enumerate(masks)]
        for row in ns:
            out = b.offset(operand.y, b.add(b.multiply(row, operand.outputs), o), self._element)
            for i, mask in enumerate(masks):
                total = mlir.arith.addf(next(sums), bias[i])
                result = mlir.arith.truncf(self._vector, total) if self._narrow else total
                b.store_first(result, b.offset(out, b.integer(i * LANES), self._element), mask, self._size)

    def _read(self, row: Value, index: int, mask: Value) -> Value:
        pointer = b.offset(row, b.integer(index * LANES), self._element)
        return b.load_first(pointer, self._vector, mask, self._size)

    def _widen(self, vector: Value) -> Value:
        return mlir.arith.extf(self._sums, vector) if self._narrow else vector

    def _spread(self, value: Value) -> Value:
        wide = mlir.arith.extf(self._float32, value) if self._narrow else value
        return mlir.vector.broadcast(self._sums, wide)
