"""RMS norm as native code, with the residual sum before it if there is one. Legend: N rows, C features.

Order: a row's squares are added to LANES partial sums from left to right, then the lanes as a tree. Casts are those of
`Kernels.rms_norm`: the sum with the residual is rounded, and with a weight that comes after the cast so is the normed row.

torch's own is a chain of operators on a CPU: with the sum 16 us for one row of 896, where this takes 7, most of it the call.

The task reads a table of 64-bit integers:
    seven entries as in `norm_rows.py`, address of the weight [C] or 0, or of its entry in the address table or 0,
    epsilon's and the weight's offset's bits as float32, whether the cast comes before the weight, 0: how many rows were taken
"""

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import Value
from aweigh.kernels.cpu.norm_rows import NormRows
from aweigh.kernels.cpu.operands import address
from aweigh.kernels.cpu.vectors import sum_of_lanes


class RmsNorm(NormRows):
    """Builds the task for one element type, that of every operand."""

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        self._open(table)
        self._weight = address(table, 7, 8)
        self._weighs = b.is_less(b.integer(0), mlir.arith.ori(b.field(table, 7), b.field(table, 8)))
        self._epsilon, self._offset = b.float_field(table, 9), b.float_field(table, 10)
        self._early = b.is_less(b.integer(0), b.field(table, 11))
        taken = b.offset(table, b.integer(12), b.integer_type())
        return b.for_each_taken(taken, self._rows, self._row), self._rows

    def _row(self, row: Value) -> None:
        start = b.multiply(row, self._columns)
        arith = mlir.arith

        def square(c: Value, mask: Value, sums: Value) -> Value:
            value = self._summed(b.add(start, c), mask)
            return mlir.vector.fma(value, value, sums)

        scale = self._reciprocal_root(sum_of_lanes(self._sum(square)), self._epsilon)

        def norm(c: Value, mask: Value) -> None:
            at = b.add(start, c)
            value = arith.mulf(self._load(self._source, at, mask), scale)
            value = arith.select(self._early, self._rounded(value), value)
            weighed = b.choose(self._weighs, [self._wide], lambda: [self._times_weight(value, c, mask)], [value])[0]
            self._store(weighed, self._out, at, mask)

        self._each(norm)

    def _times_weight(self, value: Value, c: Value, mask: Value) -> Value:
        offset = mlir.vector.broadcast(self._wide, self._offset)
        return mlir.arith.mulf(value, mlir.arith.addf(self._load(self._weight, c, mask), offset))
