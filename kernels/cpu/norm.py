"""RMS norm as native code, with the residual sum before it if there is one. Legend: N rows, C features.

Order: a row's squares are added to LANES partial sums from left to right, then the lanes as a tree. Casts are those of
`Kernels.rms_norm`: the sum with the residual is rounded, and with a weight that comes after the cast so is the normed row.

torch's own is a chain of operators on a CPU: with the sum 16 us for one row of 896, where this takes 7, most of it the call.

The task reads a table of 64-bit integers:
    threads, N, C, address of x [N, C], of the residual [N, C] or 0, of the sum [N, C] or 0, of the result [N, C],
    address of the weight [C] or 0, or of its entry in the address table or 0,
    epsilon's and the weight's offset's bits as float32, whether the cast comes before the weight, 0: how many rows were taken
"""

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element, address
from aweigh.kernels.cpu.vectors import sum_of_lanes


class RmsNorm:
    """Builds the task for one element type, that of every operand."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._narrow = element != "f32"
        self._size = 2 if self._narrow else 4
        self._read = b.vector_type(LANES, self._element)
        self._wide = b.vector_type(LANES, mlir.ir.F32Type.get())

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        self._columns = b.field(table, 2)
        self._x, self._residual, self._total = (b.pointer_field(table, i) for i in (3, 4, 5))
        self._out, self._weight = b.pointer_field(table, 6), address(table, 7, 8)
        self._adds = b.is_less(b.integer(0), b.field(table, 4))
        self._weighs = b.is_less(b.integer(0), mlir.arith.ori(b.field(table, 7), b.field(table, 8)))
        self._epsilon, self._offset = b.float_field(table, 9), b.float_field(table, 10)
        self._early = b.is_less(b.integer(0), b.field(table, 11))
        rows, taken = b.field(table, 1), b.offset(table, b.integer(12), b.integer_type())
        return b.for_each_taken(taken, rows, self._row), rows

    def _row(self, row: Value) -> None:
        start = b.multiply(row, self._columns)
        arith = mlir.arith

        def square(c: Value, sums: list[Value]) -> list[Value]:
            mask = b.mask_of(b.smaller(b.subtract(self._columns, c), b.integer(LANES)), LANES)
            at = b.add(start, c)
            value = self._summed(at, mask)
            return [mlir.vector.fma(value, value, sums[0])]

        squares = b.fold(b.integer(0), self._columns, LANES, [b.zeros(self._wide)], square)[0]
        count = arith.uitofp(mlir.ir.F32Type.get(), self._columns)
        root = mlir.llvm.intr_sqrt(arith.addf(arith.divf(sum_of_lanes(squares), count), self._epsilon))
        scale = mlir.vector.broadcast(self._wide, arith.divf(b.filled(mlir.ir.F32Type.get(), 1.0), root))
        source = arith.select(self._adds, self._total, self._x)

        def norm(c: Value) -> None:
            mask = b.mask_of(b.smaller(b.subtract(self._columns, c), b.integer(LANES)), LANES)
            at = b.add(start, c)
            value = arith.mulf(self._load(source, at, mask), scale)
            value = arith.select(self._early, self._rounded(value), value)
            weighed = b.choose(self._weighs, [self._wide], lambda: [self._times_weight(value, c, mask)], [value])[0]
            self._store(weighed, self._out, at, mask)

        b.for_each(b.integer(0), self._columns, LANES, norm)

    def _summed(self, at: Value, mask: Value) -> Value:
        """x, or x plus the residual, which is stored."""
        x = self._load(self._x, at, mask)

        def with_residual() -> list[Value]:
            total = self._rounded(mlir.arith.addf(x, self._load(self._residual, at, mask)))
            self._store(total, self._total, at, mask)
            return [total]

        return b.choose(self._adds, [self._wide], with_residual, [x])[0]

    def _times_weight(self, value: Value, c: Value, mask: Value) -> Value:
        offset = mlir.vector.broadcast(self._wide, self._offset)
        return mlir.arith.mulf(value, mlir.arith.addf(self._load(self._weight, c, mask), offset))

    def _load(self, base: Value, at: Value, mask: Value) -> Value:
        vector = b.load_first(b.offset(base, at, self._element), self._read, mask, self._size)
        return mlir.arith.extf(self._wide, vector) if self._narrow else vector

    def _store(self, value: Value, base: Value, at: Value, mask: Value) -> None:
        narrow = mlir.arith.truncf(self._read, value) if self._narrow else value
        b.store_first(narrow, b.offset(base, at, self._element), mask, self._size)

    def _rounded(self, value: Value) -> Value:
        if not self._narrow:
            return value
        return mlir.arith.extf(self._wide, mlir.arith.truncf(self._read, value))
