"""What norms share as native code: rows of one element type, and the residual sum before the norm if there is one.

Legend: N rows, C features. The first seven entries of a norm's table:
    threads, N, C, address of x [N, C], of the residual [N, C] or 0, of the sum [N, C] or 0, of the result [N, C]
"""

from collections.abc import Callable

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element


class NormRows:
    """The rows of a table, read and written as vectors of float32; `element` is the type of every operand."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._narrow = element != "f32"
        self._size = 2 if self._narrow else 4
        self._read = b.vector_type(LANES, self._element)
        self._wide = b.vector_type(LANES, mlir.ir.F32Type.get())

    def _open(self, table: Value) -> None:
        self._rows, self._columns = b.field(table, 1), b.field(table, 2)
        self._x, self._residual, self._total, self._out = (b.pointer_field(table, place) for place in (3, 4, 5, 6))
        self._adds = b.is_less(b.integer(0), b.field(table, 4))
        self._source = mlir.arith.select(self._adds, self._total, self._x)

    def _each(self, body: Callable[[Value, Value], None]) -> None:
        """`body(c, mask)` per vector of a row."""
        b.for_each(b.integer(0), self._columns, LANES, lambda c: body(c, self._mask(c)))

    def _sum(self, body: Callable[[Value, Value, Value], Value]) -> Value:
        """`body(c, mask, sums)` per vector of a row, which returns the new sums."""
        initial = [b.zeros(self._wide)]
        return b.fold(b.integer(0), self._columns, LANES, initial, lambda c, sums: [body(c, self._mask(c), sums[0])])[0]

    def _mask(self, c: Value) -> Value:
        return b.mask_of(b.smaller(b.subtract(self._columns, c), b.integer(LANES)), LANES)

    def _summed(self, at: Value, mask: Value) -> Value:
        """x, or x plus the residual, which is stored."""
        x = self._load(self._x, at, mask)

        def with_residual() -> list[Value]:
            total = self._rounded(mlir.arith.addf(x, self._load(self._residual, at, mask)))
            self._store(total, self._total, at, mask)
            return [total]

        return b.choose(self._adds, [self._wide], with_residual, [x])[0]

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

    def _reciprocal_root(self, sums: Value, epsilon: Value) -> Value:
        """1 / sqrt(mean + epsilon) in every lane, of a row's sum in a scalar."""
        arith, float32 = mlir.arith, mlir.ir.F32Type.get()
        mean = arith.divf(sums, arith.uitofp(float32, self._columns))
        root = mlir.llvm.intr_sqrt(arith.addf(mean, epsilon))
        return mlir.vector.broadcast(self._wide, arith.divf(b.filled(float32, 1.0), root))
