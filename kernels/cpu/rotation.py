"""Rotary position embedding as native code, for pairs (i, i + R/2). Legend: T tokens, H heads, D head size, R rotated features.

Each product and their sum is rounded to the dtype that x and cos promote to, as `reference/rotary.py` has it: bit for bit the same.

The task reads a table of 64-bit integers:
    threads, T, H, D, R / 2, address of x, its strides by token and head, address of cos, of sin, their stride by token,
    where in a row of theirs the angles of the second halves begin, address of the output [T, H, D], 0: how many tokens were taken
"""

from typing import Any

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element


class Rotation:
    """Builds the task for the element types of x and of cos and sin."""

    def __init__(self, element: Element, angle: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._angle = mlir.ir.Type.parse(angle)
        self._promoted = self._element if element == angle else mlir.ir.F32Type.get()
        self._wide = b.vector_type(LANES, mlir.ir.F32Type.get())

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the tokens that it did, and those that there are."""
        tokens, heads, size, half = (b.field(table, place) for place in (1, 2, 3, 4))
        x, by_token, by_head = b.pointer_field(table, 5), b.field(table, 6), b.field(table, 7)
        cos, sin, by_row, second = *(b.pointer_field(table, p) for p in (8, 9)), b.field(table, 10), b.field(table, 11)
        out = b.pointer_field(table, 12)
        rotated = b.multiply(half, b.integer(2))

        def token(t: Value) -> None:
            angles = b.multiply(t, by_row)

            def head(h: Value) -> None:
                source = b.offset(x, b.add(b.multiply(t, by_token), b.multiply(h, by_head)), self._element)
                row = b.add(b.multiply(t, heads), h)
                target = b.offset(out, b.multiply(row, size), self._element)

                def pairs(i: Value) -> None:
                    mask = b.mask_of(b.smaller(b.subtract(half, i), b.integer(LANES)), LANES)
                    j = b.add(i, half)
                    low, high = (self._load(source, at, mask, self._element) for at in (i, j))
                    first = b.add(angles, i)
                    then = b.add(first, second)
                    for at, straight, turned, place in (
                        (i, low, mlir.arith.negf(high), first),
                        (j, high, low, then),
                    ):
                        products = (
                            self._rounded(mlir.arith.mulf(value, self._load(base, place, mask, self._angle)))
                            for value, base in ((straight, cos), (turned, sin))
                        )
                        self._store(self._rounded(mlir.arith.addf(*products)), target, at, mask)

                def rest(i: Value) -> None:
                    mask = b.mask_of(b.smaller(b.subtract(size, i), b.integer(LANES)), LANES)
                    self._store(self._load(source, i, mask, self._element), target, i, mask)

                b.for_each(b.integer(0), half, LANES, pairs)
                b.for_each(rotated, size, LANES, rest)

            b.for_each(b.integer(0), heads, 1, head)

        return b.for_each_taken(b.offset(table, b.integer(13), b.integer_type()), tokens, token), tokens

    def _load(self, base: Value, at: Value, mask: Value, element: Any) -> Value:
        vector = b.load_first(b.offset(base, at, element), b.vector_type(LANES, element), mask, element.width // 8)
        return vector if vector.type == self._wide else mlir.arith.extf(self._wide, vector)

    def _store(self, value: Value, base: Value, at: Value, mask: Value) -> None:
        kind = b.vector_type(LANES, self._element)
        narrow = value if value.type == kind else mlir.arith.truncf(kind, value)
        b.store_first(narrow, b.offset(base, at, self._element), mask, self._element.width // 8)

    def _rounded(self, value: Value) -> Value:
        kind = b.vector_type(LANES, self._promoted)
        return value if value.type == kind else mlir.arith.extf(self._wide, mlir.arith.truncf(kind, value))
