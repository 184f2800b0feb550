"""Layer norm as native code, with the residual sum before it if there is one. Legend: N rows, C features.

Order: a row's values are added to LANES partial sums from left to right, then the lanes as a tree; then the squares of what the mean
leaves, alike. (One pass over squares and sums would lose what a large mean takes: it stands in the same digits.) The sum with the residual is
rounded, then all is float32 up to the one rounding of the result, as torch does it.

The task reads a table of 64-bit integers:
    seven entries as in `norm_rows.py`, address of the weight [C] or 0, or of its entry in the address table or 0, the same of the bias,
    epsilon's bits as float32, 0: how many rows were taken
"""

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import Value
from aweigh.kernels.cpu.norm_rows import NormRows
from aweigh.kernels.cpu.operands import address
from aweigh.kernels.cpu.vectors import sum_of_lanes


class LayerNorm(NormRows):
    """Builds the task for one element type, that of every operand."""

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        self._open(table)
        self._weight, self._bias = address(table, 7, 8), address(table, 9, 10)
        self._weighs, self._shifts = (
            b.is_less(b.integer(0), mlir.arith.ori(b.field(table, place), b.field(table, place + 1)))
            for place in (7, 9)
        )
        self._epsilon = b.float_field(table, 11)
        taken = b.offset(table, b.integer(12), b.integer_type())
        return b.for_each_taken(taken, self._rows, self._row), self._rows

    def _row(self, row: Value) -> None:
        start = b.multiply(row, self._columns)
        arith = mlir.arith
        total = sum_of_lanes(self._sum(lambda c, mask, sums: arith.addf(sums, self._summed(b.add(start, c), mask))))
        mean = arith.divf(total, arith.uitofp(mlir.ir.F32Type.get(), self._columns))
        means = mlir.vector.broadcast(self._wide, mean)

        def centred(c: Value, mask: Value) -> Value:
            return arith.subf(self._load(self._source, b.add(start, c), mask), means)

        def square(c: Value, mask: Value, sums: Value) -> Value:
            value = arith.select(mask, centred(c, mask), b.zeros(self._wide))
            return mlir.vector.fma(value, value, sums)

        scale = self._reciprocal_root(sum_of_lanes(self._sum(square)), self._epsilon)

        def norm(c: Value, mask: Value) -> None:
            value = arith.mulf(centred(c, mask), scale)
            wide = [self._wide]
            weighed = b.choose(
                self._weighs, wide, lambda: [arith.mulf(value, self._load(self._weight, c, mask))], [value]
            )[0]
            shifted = b.choose(
                self._shifts, wide, lambda: [arith.addf(weighed, self._load(self._bias, c, mask))], [weighed]
            )[0]
            self._store(shifted, self._out, b.add(start, c), mask)

        self._each(norm)
