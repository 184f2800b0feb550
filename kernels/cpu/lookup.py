"""Rows of a table by their numbers, as native code. Legend: N numbers, V rows of the table, C features.

A number beyond the table reads its last row: whoever took numbers from a user has refused such, and nothing beside the table is read even so.

The task reads a table of 64-bit integers:
    threads, N, C, V, address of N numbers as int64, address of the rows or 0, of their entry in the address table or 0,
    elements from row to row, address of the output [N, C], 0: how many rows were taken
"""

from functools import cache

from torch import Tensor

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import Element, address
from aweigh.kernels.weight import Weight, addresses_of, tensor_of


class Lookup:
    """Builds the task for one element type."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._vector = b.vector_type(LANES, self._element)
        self._size = self._element.width // 8

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        count, features, rows = (b.field(table, place) for place in (1, 2, 3))
        numbers, source, stride = b.pointer_field(table, 4), address(table, 5, 6), b.field(table, 7)
        out, last = b.pointer_field(table, 8), b.subtract(rows, b.integer(1))

        def row(n: Value) -> None:
            number = b.load(b.offset(numbers, n, b.integer_type()), b.integer_type(), 8)
            here = b.offset(source, b.multiply(b.smaller(number, last), stride), self._element)
            there = b.offset(out, b.multiply(n, features), self._element)

            def vector(c: Value) -> None:
                mask = b.mask_of(b.smaller(b.subtract(features, c), b.integer(LANES)), LANES)
                value = b.load_first(b.offset(here, c, self._element), self._vector, mask, self._size)
                b.store_first(value, b.offset(there, c, self._element), mask, self._size)

            b.for_each(b.integer(0), features, LANES, vector)

        return b.for_each_taken(b.offset(table, b.integer(9), b.integer_type()), count, row), count


@cache
def lookup(element: Element) -> Native:
    """Returns the compiled lookup; compiles at the first call of the process."""
    return compiled(lambda: Lookup(element).build, f"lookup {element}")


def lookup_table(threads: int, numbers_N: Tensor, rows_VC: Weight, out_NC: Tensor) -> tuple[int, ...]:
    """What the task is given: int64 numbers without gaps, rows of contiguous features, a contiguous output."""
    shown = tensor_of(rows_VC)
    rows = (*addresses_of(rows_VC), shown.stride(0))
    counts = (numbers_N.numel(), shown.shape[1], shown.shape[0])
    return (threads, *counts, numbers_N.data_ptr(), *rows, out_NC.data_ptr(), 0)
