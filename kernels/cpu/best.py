"""The greatest value of each row as native code: what a greedy token needs of its logits. Legend: R rows, V values.

Of equal values the first counts, whatever lane it stood in. torch's own looks at one bfloat16 after the other, and
takes fifteen times as long for one row (`python -m bench.best_token`).

The task reads a table of 64-bit integers:
    threads, R, V, address of x, elements from row to row of x, address of the places [R] as int64, of the values [R],
    0: how many rows were taken
"""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.reference.best import best as best_by_torch


class Best:
    """Builds the task for one element type."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._size = self._element.width // 8
        self._float32, self._places = mlir.ir.F32Type.get(), b.vector_type(LANES, b.integer_type())
        self._vector = b.vector_type(LANES, self._element)
        self._wide = b.vector_type(LANES, self._float32)

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        rows, count, stride = b.field(table, 1), b.field(table, 2), b.field(table, 4)
        x, places, values = (b.pointer_field(table, place) for place in (3, 5, 6))

        def row(r: Value) -> None:
            here = b.offset(x, b.multiply(r, stride), self._element)
            place, value = self._greatest(here, count)
            b.store(place, b.offset(places, r, b.integer_type()))
            narrow = value if self._element == self._float32 else mlir.arith.truncf(self._element, value)
            b.store(narrow, b.offset(values, r, self._element))

        return b.for_each_taken(b.offset(table, b.integer(7), b.integer_type()), rows, row), rows

    def _greatest(self, row: Value, count: Value) -> tuple[Value, Value]:
        arith, lowest = mlir.arith, b.filled(self._wide, float("-inf"))
        lanes = [mlir.ir.IntegerAttr.get(b.integer_type(), lane) for lane in range(LANES)]
        first = arith.constant(self._places, mlir.ir.DenseElementsAttr.get(lanes, self._places))
        step = b.filled_integers(self._places, LANES)
        is_any = b.filled_integers(b.vector_type(LANES, mlir.ir.IntegerType.get_signless(1)), 0)

        def vector(at: Value, passed: list[Value]) -> list[Value]:
            value, place, here, broken = passed
            mask = b.mask_of(b.smaller(b.subtract(count, at), b.integer(LANES)), LANES)
            read = b.load_first(b.offset(row, at, self._element), self._vector, mask, self._size)
            wide = read if self._vector == self._wide else arith.extf(self._wide, read)
            wide = arith.select(mask, wide, lowest)
            more = arith.cmpf(arith.CmpFPredicate.OGT, wide, value)
            broken = arith.ori(broken, arith.cmpf(arith.CmpFPredicate.UNO, wide, wide))
            return [arith.select(more, wide, value), arith.select(more, here, place), arith.addi(here, step), broken]

        found = b.fold(b.integer(0), count, LANES, [lowest, first, first, is_any], vector)
        value, place, _, broken = found
        best, where = (mlir.vector.extract(one, [], [0]) for one in (value, place))
        bad = mlir.vector.extract(broken, [], [0])
        for lane in range(1, LANES):
            other, there = (mlir.vector.extract(one, [], [lane]) for one in (value, place))
            more = arith.cmpf(arith.CmpFPredicate.OGT, other, best)
            same = arith.cmpf(arith.CmpFPredicate.OEQ, other, best)
            more = arith.ori(more, arith.andi(same, b.is_less(there, where)))
            best, where = arith.select(more, other, best), arith.select(more, there, where)
            bad = arith.ori(bad, mlir.vector.extract(broken, [], [lane]))
        return where, arith.select(bad, b.filled(self._float32, float("nan")), best)


@cache
def greatest(element: Element) -> Native:
    """Returns the compiled search; compiles at the first call of the process."""
    return compiled(lambda: Best(element).build, f"best {element}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles the search in a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        greatest(ELEMENTS[dtype])


def best(x_RV: Tensor) -> tuple[Tensor, Tensor]:
    """See `Kernels.best`."""
    if x_RV.dtype not in ELEMENTS or not x_RV.is_cpu or not x_RV.numel() or x_RV.stride(1) != 1:
        return best_by_torch(x_RV)
    rows, count = x_RV.shape
    places_R, values_R = torch.empty(rows, dtype=torch.int64), x_RV.new_empty(rows)
    threads = min(rows, torch.get_num_threads())
    addresses = (x_RV.data_ptr(), x_RV.stride(0), places_R.data_ptr(), values_R.data_ptr())
    greatest(ELEMENTS[x_RV.dtype]).run((threads, rows, count, *addresses, 0))
    return places_R, values_R
