"""What a projection's task is given: a table of 64-bit integers that its caller fills.

Legend: N rows of x, C input features, O output features.

    threads, N, C, address of x, elements from row to row of x, count of projections over this x,
    then per projection: address of w, elements from row to row of w (from column to column where it is transposed),
    address of b or 0, address of y [N, O] contiguous, O, address of the entry of the address table for w or 0, for b or 0,
    0: how many parts of its outputs were taken

An entry, where there is one, is read when the task runs, and what it holds counts instead of the address: weights may move
between two calls.

Work is divided by w's rows, and not in advance: each thread takes the next part when it has done one. A thread that has lost its core to
somebody else, one that hashes pages say, leaves the rest to the others, and no bit depends on who computed what.
"""

from collections.abc import Callable
from typing import Any, Literal

import torch

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value

HEADER = 6
_PARTS = 8
"""Of a thread, where all are equally fast."""

Element = Literal["f32", "bf16", "f16"]
ELEMENTS: dict[torch.dtype, Element] = {torch.float32: "f32", torch.bfloat16: "bf16", torch.float16: "f16"}
"""The dtypes that native code is made for."""


class Operand:
    """One projection of the table, read."""

    FIELDS = 8

    def __init__(self, entry: Value, element: Any) -> None:
        self._element, self._entry = element, entry
        self._bias = address(entry, 2, 6)
        self._has_bias = b.is_less(b.integer(0), mlir.arith.ori(b.field(entry, 2), b.field(entry, 6)))
        self.w = address(entry, 0, 5)
        self.w_stride = b.field(entry, 1)
        self.y = b.pointer_field(entry, 3)
        self.outputs = b.field(entry, 4)

    def each_part(self, threads: Value, step: int, body: Callable[[Value, Value], None]) -> tuple[Value, Value]:
        """`body(first, last)` per part of the outputs that falls to this thread; all but the last one are multiples of `step`. Returns how
        many fell to it, and how many there are."""
        groups = b.divide(b.add(self.outputs, b.integer(step - 1)), b.integer(step))
        alone = b.is_equal(threads, b.integer(1))
        most = mlir.arith.select(alone, b.integer(1), b.multiply(threads, b.integer(_PARTS)))
        parts = b.smaller(groups, most)

        def start(part: Value) -> Value:
            return b.smaller(b.multiply(b.divide(b.multiply(groups, part), parts), b.integer(step)), self.outputs)

        taken = b.offset(self._entry, b.integer(7), b.integer_type())
        mine = b.for_each_taken(taken, parts, lambda part: body(start(part), start(b.add(part, b.integer(1)))))
        return mine, parts

    def bias_of(self, output: Value) -> Value:
        """The bias of an output as float32."""

        def read() -> Value:
            return b.load(b.offset(self._bias, output, self._element), self._element, 1)

        return self._bias_as(mlir.ir.F32Type.get(), read)

    def biases_of(self, output: Value, mask: Value) -> Value:
        """The biases of the outputs from `output` that `mask` names, as a vector of float32."""
        vector = b.vector_type(LANES, self._element)

        def read() -> Value:
            return b.load_first(b.offset(self._bias, output, self._element), vector, mask, 1)

        return self._bias_as(b.vector_type(LANES, mlir.ir.F32Type.get()), read)

    def _bias_as(self, type_: Any, read: Callable[[], Value]) -> Value:
        def wide() -> list[Value]:
            value = read()
            return [value if value.type == type_ else mlir.arith.extf(type_, value)]

        nothing = b.filled(type_, -0.0)  # the one that changes no sum, not even -0
        return b.choose(self._has_bias, [type_], wide, [nothing])[0]


def address(entry: Value, given: int, looked_up: int) -> Value:
    """What the entry of the address table holds, or the address given where there is no entry."""
    has_entry = b.is_less(b.integer(0), b.field(entry, looked_up))

    def look_up() -> list[Value]:
        return [b.pointer_field(b.pointer_field(entry, looked_up), 0)]

    return b.choose(has_entry, [b.pointer_type()], look_up, [b.pointer_field(entry, given)])[0]


class Table:
    """The table's head, read."""

    def __init__(self, table: Value, element: Any, operand: type[Operand] = Operand) -> None:
        self._table, self._element, self._operand = table, element, operand
        self.rows, self.columns = b.field(table, 1), b.field(table, 2)
        self.x, self.x_stride = b.pointer_field(table, 3), b.field(table, 4)

    def each(self, body: Callable[[Any], tuple[Value, Value]]) -> tuple[Value, Value]:
        """`body` per projection, with an object of the class that was given; the sums of the two counts that it returns."""

        def projection(index: Value, sums: list[Value]) -> list[Value]:
            start = b.add(b.multiply(index, b.integer(self._operand.FIELDS)), b.integer(HEADER))
            counts = body(self._operand(b.offset(self._table, start, b.integer_type()), self._element))
            return [b.add(total, count) for total, count in zip(sums, counts, strict=True)]

        mine, all_ = b.fold(b.integer(0), b.field(self._table, 5), 1, [b.integer(0)] * 2, projection)
        return mine, all_
