"""Values in another dtype, as native code: a router's scores in float32, and back. Rounded to nearest even, as torch does it.

The task reads a table of 64-bit integers:
    threads, count, address of the values, address of the output, 0: how many parts were taken
"""

from functools import cache

from torch import Tensor

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import Element

_PART = 4096
"""Elements that are taken at once."""


class Casting:
    """Builds the task from one element type to another."""

    def __init__(self, element: Element, other: Element) -> None:
        self._from, self._to = mlir.ir.Type.parse(element), mlir.ir.Type.parse(other)

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and those that there are."""
        count, source, out = b.field(table, 1), b.pointer_field(table, 2), b.pointer_field(table, 3)
        parts = b.divide(b.add(count, b.integer(_PART - 1)), b.integer(_PART))
        read, wide, written = (b.vector_type(LANES, one) for one in (self._from, mlir.ir.F32Type.get(), self._to))

        def part(index: Value) -> None:
            first = b.multiply(index, b.integer(_PART))
            last = b.smaller(b.add(first, b.integer(_PART)), count)

            def vector(at: Value) -> None:
                mask = b.mask_of(b.smaller(b.subtract(last, at), b.integer(LANES)), LANES)
                value = b.load_first(b.offset(source, at, self._from), read, mask, self._from.width // 8)
                value = value if read == wide else mlir.arith.extf(wide, value)
                value = value if written == wide else mlir.arith.truncf(written, value)
                b.store_first(value, b.offset(out, at, self._to), mask, self._to.width // 8)

            b.for_each(first, last, LANES, vector)

        return b.for_each_taken(b.offset(table, b.integer(4), b.integer_type()), parts, part), parts


@cache
def casting(element: Element, other: Element) -> Native:
    """Returns the compiled cast; compiles at the first call of the process."""
    return compiled(lambda: Casting(element, other).build, f"casting {element} {other}")


def casting_table(threads: int, x: Tensor, out: Tensor) -> tuple[int, ...]:
    """What the task is given: contiguous tensors of as many elements."""
    return (threads, x.numel(), x.data_ptr(), out.data_ptr(), 0)
