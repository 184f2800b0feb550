"""What a router does with its few scores, as native code: softmax over a row, and the greatest of a row in order. Legend: N rows, X scores, A chosen.

Softmax: the greatest score, then e^(score - greatest) and their sum, LANES partial sums from left to right and then as a tree, then one division
each; all in float32, one rounding. Choosing: A times the greatest of those that are left, the first of equals; a row of NaN chooses what stands
first. A thread does whole rows, so a row's order knows nothing of others.

The task reads a table of 64-bit integers:
    threads, N, X, A or 0 for softmax, address of the scores [N, X], address of the result [N, X] or of the chosen values [N, A], address of
    the chosen places [N, A] as int64, address of [threads, X] bytes of scratch, 0: how many rows were taken
"""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.vectors import exponential, largest_lane, sum_of_lanes
from aweigh.kernels.reference import choosing as reference

MOST = 1 << 12
"""Scores of a row: a router's, not those of a vocabulary."""


class Choosing:
    """Builds the task for one element type, that of scores and results."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._size = self._element.width // 8
        self._float32 = mlir.ir.F32Type.get()
        self._vector = b.vector_type(LANES, self._element)
        self._wide = b.vector_type(LANES, self._float32)

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the rows that it did, and those that there are."""
        rows, self._count, self._chosen = (b.field(table, place) for place in (1, 2, 3))
        scores, out, places, scratch = (b.pointer_field(table, place) for place in (4, 5, 6, 7))
        byte = mlir.ir.IntegerType.get_signless(8)
        used = b.offset(scratch, b.multiply(thread, self._count), byte)

        def row(n: Value) -> None:
            here = b.offset(scores, b.multiply(n, self._count), self._element)
            b.when(
                b.is_equal(self._chosen, b.integer(0)),
                lambda: self._softmax(here, b.offset(out, b.multiply(n, self._count), self._element)),
            )
            first = b.multiply(n, self._chosen)
            values, where = b.offset(out, first, self._element), b.offset(places, first, b.integer_type())
            b.when(b.is_less(b.integer(0), self._chosen), lambda: self._choose(here, values, where, used))

        return b.for_each_taken(b.offset(table, b.integer(8), b.integer_type()), rows, row), rows

    def _softmax(self, row: Value, out: Value) -> None:
        arith, lowest = mlir.arith, b.filled(self._wide, float("-inf"))

        def read(at: Value) -> tuple[Value, Value]:
            mask = b.mask_of(b.smaller(b.subtract(self._count, at), b.integer(LANES)), LANES)
            value = b.load_first(b.offset(row, at, self._element), self._vector, mask, self._size)
            wide = value if self._vector == self._wide else arith.extf(self._wide, value)
            return arith.select(mask, wide, lowest), mask

        def greatest(at: Value, found: list[Value]) -> list[Value]:
            return [arith.maximumf(found[0], read(at)[0])]

        start, count = b.integer(0), self._count
        most = largest_lane(b.fold(start, count, LANES, [lowest], greatest)[0])
        mosts = mlir.vector.broadcast(self._wide, most)

        def weight(at: Value) -> tuple[Value, Value]:
            value, mask = read(at)
            return exponential(arith.subf(value, mosts)), mask

        sums = b.fold(start, count, LANES, [b.zeros(self._wide)], lambda at, sums: [arith.addf(sums[0], weight(at)[0])])
        total = mlir.vector.broadcast(self._wide, sum_of_lanes(sums[0]))

        def write(at: Value) -> None:
            value, mask = weight(at)
            share = arith.divf(value, total)
            narrow = share if self._vector == self._wide else arith.truncf(self._vector, share)
            b.store_first(narrow, b.offset(out, at, self._element), mask, self._size)

        b.for_each(start, count, LANES, write)

    def _choose(self, row: Value, values: Value, places: Value, used: Value) -> None:
        arith, byte = mlir.arith, mlir.ir.IntegerType.get_signless(8)
        none, one = arith.constant(byte, 0), arith.constant(byte, 1)
        b.for_each(b.integer(0), self._count, 1, lambda x: b.store(none, b.offset(used, x, byte)))

        def choose(a: Value) -> None:
            def look(x: Value, found: list[Value]) -> list[Value]:
                best, place = found
                score = b.load(b.offset(row, x, self._element), self._element, self._size)
                wide = score if self._element == self._float32 else arith.extf(self._float32, score)
                free = arith.cmpi(arith.CmpIPredicate.eq, b.load(b.offset(used, x, byte), byte, 1), none)
                nobody = b.is_equal(place, self._count)
                better = arith.ori(nobody, arith.cmpf(arith.CmpFPredicate.OGT, wide, best))
                taken = arith.andi(free, better)
                return [arith.select(taken, wide, best), arith.select(taken, x, place)]

            initial = [b.filled(self._float32, float("-inf")), self._count]
            best, place = b.fold(b.integer(0), self._count, 1, initial, look)
            b.store(one, b.offset(used, place, byte))
            narrow = best if self._element == self._float32 else arith.truncf(self._element, best)
            b.store(narrow, b.offset(values, a, self._element))
            b.store(place, b.offset(places, a, b.integer_type()))

        b.for_each(b.integer(0), self._chosen, 1, choose)


@cache
def choosing(element: Element) -> Native:
    """Returns the compiled code; compiles at the first call of the process."""
    return compiled(lambda: Choosing(element).build, f"choosing {element}")


def chooses(x: Tensor, count: int = 0) -> bool:
    """Whether there is code for the scores, and for so many chosen of each row."""
    return x.dtype in ELEMENTS and x.is_cpu and x.dim() > 0 and 0 < x.shape[-1] <= MOST and count <= x.shape[-1]


def choosing_table(
    threads: int, x: Tensor, count: int, out: Tensor, places: Tensor | None, scratch: Tensor
) -> tuple[int, ...]:
    """What the task is given: contiguous tensors, and `threads` times as many bytes of scratch as a row has scores."""
    rows = x.numel() // x.shape[-1]
    where = 0 if places is None else places.data_ptr()
    return (threads, rows, x.shape[-1], count, x.data_ptr(), out.data_ptr(), where, scratch.data_ptr(), 0)


def softmax(x: Tensor) -> Tensor:
    """See `Kernels.softmax`."""
    if not chooses(x):
        return reference.softmax(x)
    x, out = x.contiguous(), torch.empty(x.shape, dtype=x.dtype)
    choosing(ELEMENTS[x.dtype]).run(choosing_table(1, x, 0, out, None, out))
    return out


def topk(x: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """See `Kernels.topk`."""
    if not chooses(x, count) or count == 0:
        return reference.topk(x, count)
    x, shape = x.contiguous(), (*x.shape[:-1], count)
    values, places = torch.empty(shape, dtype=x.dtype), torch.empty(shape, dtype=torch.int64)
    scratch = torch.empty(x.shape[-1], dtype=torch.uint8)
    choosing(ELEMENTS[x.dtype]).run(choosing_table(1, x, count, values, places, scratch))
    return values, places
