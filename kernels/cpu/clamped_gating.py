"""The gate of experts that clamp, (u + 1) * g * sigmoid(alpha * g), as native code. Legend: N rows, I intermediate.

g is clamped from above, u on both sides. Computed in float32, rounded once.

The task reads a table of 64-bit integers:
    threads, N, I, address of g and u [N, 2 I], elements from one of g (or of u) to the next, from the first of g to the first of u,
    address of the output [N, I], bits of the limit (infinity for none) and of alpha as float32, 0: how many rows were taken
"""

from functools import cache

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.gating import times_sigmoid
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import Element


class ClampedGating:
    """Builds the task for one element type, that of every operand."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._size = self._element.width // 8
        self._narrow = b.vector_type(LANES, self._element)
        self._wide = b.vector_type(LANES, mlir.ir.F32Type.get())

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        rows, inner, step, apart = (b.field(table, place) for place in (1, 2, 4, 5))
        source, out = b.pointer_field(table, 3), b.pointer_field(table, 6)
        limit, alpha = (mlir.vector.broadcast(self._wide, b.float_field(table, place)) for place in (7, 8))

        def row(n: Value) -> None:
            here = b.offset(source, b.multiply(n, b.multiply(inner, b.integer(2))), self._element)
            there = b.offset(out, b.multiply(n, inner), self._element)

            def vector(i: Value) -> None:
                left = b.smaller(b.subtract(inner, i), b.integer(LANES))
                mask = b.mask_of(left, LANES)
                g = self._spaced(b.offset(here, b.multiply(i, step), self._element), step, left)
                u = self._spaced(b.offset(here, b.add(apart, b.multiply(i, step)), self._element), step, left)
                result = self._gated(g, u, limit, alpha)
                narrow = result if self._narrow == self._wide else mlir.arith.truncf(self._narrow, result)
                b.store_first(narrow, b.offset(there, i, self._element), mask, self._size)

            b.for_each(b.integer(0), inner, LANES, vector)

        return b.for_each_taken(b.offset(table, b.integer(9), b.integer_type()), rows, row), rows

    def _spaced(self, at: Value, step: Value, left: Value) -> Value:
        """The `left` elements that stand `step` apart; beyond them the last one again."""
        vector = b.zeros(self._narrow)
        last = b.subtract(left, b.integer(1))
        for lane in range(LANES):
            index = b.multiply(b.smaller(b.integer(lane), last), step)
            one = b.load(b.offset(at, index, self._element), self._element, self._size)
            vector = mlir.vector.insert(one, vector, [], [lane])
        return vector if self._narrow == self._wide else mlir.arith.extf(self._wide, vector)

    def _gated(self, g: Value, u: Value, limit: Value, alpha: Value) -> Value:
        arith = mlir.arith
        g = arith.minimumf(g, limit)
        u = arith.maximumf(arith.minimumf(u, limit), arith.negf(limit))
        return arith.mulf(arith.addf(u, b.filled(self._wide, 1.0)), times_sigmoid(g, arith.mulf(g, alpha)))


@cache
def clamped_gating(element: Element) -> Native:
    """Returns the compiled gate; compiles at the first call of the process."""
    return compiled(lambda: ClampedGating(element).build, f"clamped gating {element}")
