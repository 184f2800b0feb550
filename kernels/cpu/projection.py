"""The projection y = x w^T + b as native code, with one order of summation for every number of rows.

Legend: N rows of x, O rows of w (output features), C columns of both (input features).

Order. A result has LANES partial sums. Chunks of C go by from left to right, each chunk added to the lanes (a pair of bfloat16
products per lane where the processor has the instruction, one product per lane else); what is left at the end is a chunk
with zeros; then the lanes are added as a tree, then the bias, then comes the one rounding to the result's dtype. Nothing of
this depends on N, on the row's place, on tiles or on threads: that is why a token alone, a token in a batch and a token of a prompt
agree in every bit (`base.py` promises it), and why no split of C over threads is allowed here.

Tiles. One row is bound by memory: w is read as a single stream, row after row, because hardware prefetchers follow that best (C =
1024, bfloat16, one thread: 26 GB/s as one stream, 13 to 16 as 2, 4 or 8 rows of w side by side; torch 10). More rows are bound by
arithmetic: tiles of 4 x 4 keep 16 sums in registers and load 8 vectors for 16 multiplications, and their 16 trees are added as one, two vectors
becoming one (45 instructions instead of 144; 32 rows, C = 1024, one thread of a Zen 4 that gives 236 GFLOP/s at best: 196 instead of 174). Their four streams would be slow, so
the first tiles over a group of rows of w ask for the next group, as one stream, into the second-level cache: 8 rows then take 1.3 times
as long as one (C = 1024), without it 3 times. Into the first level it gained less than half of that, and asking for all at once nothing. Rows of
x go by in blocks that stay in the second-level cache. Nothing is repacked: the weights are pages of somebody's file.

Each thread streams its own parts of w (`operands.py`); the threads are those of the OpenMP runtime that torch
has running already, since a second pool would fight it for the cores.
"""

from collections.abc import Callable
from functools import partial

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element, Operand, Table
from aweigh.kernels.cpu.vectors import sum_of_lanes, sums_of_lanes

_BLOCK = 64
"""Rows of x that are kept close while a part of w goes by."""
_GROUP = 4
"""Rows of x, and rows of w, in a tile."""
_STREAM = 2
"""Rows of x up to which w goes by row after row."""
_NEXT = 4096
"""Bytes ahead that a stream asks for: hardware prefetchers stop at the end of a page. One thread: 12 to 16 % faster; two, at the limit of
memory: the same. 1 and 2 KiB gained less, 8 KiB nothing more."""
_AHEAD = 2
"""Tiles, of those over one group of rows of w, that ask for the next group."""


class Projection:
    """Builds the task for one element type, `w` with contiguous rows. `pairs`: with the instruction for pairs of bfloat16."""

    def __init__(self, element: Element, *, pairs: bool) -> None:
        self._pairs = pairs and element == "bf16"
        self._element = mlir.ir.Type.parse(element)
        self._narrow = element != "f32"
        self._size = 2 if self._narrow else 4
        self._chunk = 2 * LANES if self._pairs else LANES
        self._vector = b.vector_type(self._chunk, self._element)
        self._sums = b.vector_type(LANES, mlir.ir.F32Type.get())

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and those that there are."""
        operands = Table(table, self._element)
        self._columns = operands.columns
        self._whole = b.round_down(operands.columns, self._chunk)
        self._mask = b.mask_of(mlir.arith.subi(self._columns, self._whole), self._chunk)
        return operands.each(lambda operand: operand.each_part(threads, _GROUP, partial(self._part, operands, operand)))

    def _part(self, table: Table, operand: Operand, first: Value, last: Value) -> None:
        w, w_stride, y, outputs = operand.w, operand.w_stride, operand.y, operand.outputs
        x, x_stride, rows = table.x, table.x_stride, table.rows

        def row_of_w(o: Value) -> Value:
            return b.offset(w, b.multiply(o, w_stride), self._element)

        def tile(height: int, n: Value, o: Value, ws: list[Value], biases: Value, *, ahead: bool) -> None:
            ns = [b.add(n, b.integer(i)) for i in range(height)]
            xs = [b.offset(x, b.multiply(i, x_stride), self._element) for i in ns]
            after = b.offset(ws[0], b.multiply(w_stride, b.integer(_GROUP)), self._element) if ahead else None
            sums = self._tile(xs, ws, after)
            outs = [b.offset(y, b.add(b.multiply(row, outputs), o), self._element) for row in ns]
            if len(ws) == _GROUP:
                self._finish_group(sums, biases, outs)
            else:
                for total, out in zip(sums, outs, strict=True):
                    self._finish(total, biases, out)

        def rows_by(width: int, o: Value, n_start: Value, n_stop: Value) -> None:
            """Tiles of _GROUP rows, then one of what is left, over `width` rows of w."""
            ws = [row_of_w(b.add(o, b.integer(j))) for j in range(width)]
            biases = operand.bias_of(o) if width == 1 else operand.biases_of(o, b.mask_of(b.integer(width), LANES))

            def tiles(height: int, ahead: bool) -> Callable[[Value], None]:
                return lambda n: tile(height, n, o, ws, biases, ahead=ahead)

            several = width > 1
            tail = b.add(n_start, b.round_down(mlir.arith.subi(n_stop, n_start), _GROUP))
            near = b.smaller(tail, b.add(n_start, b.integer(_AHEAD * _GROUP)))
            b.for_each(n_start, near, _GROUP, tiles(_GROUP, several))
            b.for_each(near, tail, _GROUP, tiles(_GROUP, False))
            left = mlir.arith.subi(n_stop, tail)
            for height in range(1, _GROUP):
                b.when(b.is_equal(left, b.integer(height)), partial(tiles(height, several), tail))

        def block(n_start: Value) -> None:
            n_stop = b.smaller(b.add(n_start, b.integer(_BLOCK)), rows)
            few = b.is_less(mlir.arith.subi(n_stop, n_start), b.integer(_STREAM + 1))
            wide = mlir.arith.select(few, b.integer(0), b.round_down(mlir.arith.subi(last, first), _GROUP))
            o_wide = b.add(first, wide)

            def group(o: Value) -> None:
                rows_by(_GROUP, o, n_start, n_stop)

            b.for_each(first, o_wide, _GROUP, group)
            b.for_each(o_wide, last, 1, lambda o: rows_by(1, o, n_start, n_stop))

        b.for_each(b.integer(0), rows, _BLOCK, block)

    def _tile(self, xs: list[Value], ws: list[Value], after: Value | None) -> list[Value]:
        """The lanes of every pair of a row of x and a row of w, row by row. `after`: what to ask for meanwhile."""
        initial = [b.zeros(self._sums)] * (len(xs) * len(ws))

        def chunk(read: Callable[[Value], Value], sums: list[Value]) -> list[Value]:
            x_chunks, w_chunks = [read(row) for row in xs], [read(row) for row in ws]
            pairs = [(x, w) for x in x_chunks for w in w_chunks]
            return [self._multiply_add(x, w, total) for (x, w), total in zip(pairs, sums, strict=True)]

        def whole(c: Value, sums: list[Value]) -> list[Value]:
            if after is not None:
                start = b.multiply(c, b.integer(_GROUP))
                for i in range(_GROUP):
                    b.prefetch(self._at(after, b.add(start, b.integer(i * self._chunk))))
            if len(ws) == 1 and len(xs) <= _STREAM:
                b.prefetch(self._at(ws[0], b.add(c, b.integer(_NEXT // self._size))))
            return chunk(lambda row: self._widen(b.load(self._at(row, c), self._vector, self._size)), sums)

        def rest() -> list[Value]:
            def read(row: Value) -> Value:
                return self._widen(b.load_first(self._at(row, self._whole), self._vector, self._mask, self._size))

            return chunk(read, sums)

        sums = b.fold(b.integer(0), self._whole, self._chunk, initial, whole)
        return b.choose(b.is_less(self._whole, self._columns), [self._sums] * len(sums), rest, sums)

    def _at(self, row: Value, column: Value) -> Value:
        return b.offset(row, column, self._element)

    def _widen(self, chunk: Value) -> Value:
        return mlir.arith.extf(self._sums, chunk) if self._narrow and not self._pairs else chunk

    def _multiply_add(self, x: Value, w: Value, total: Value) -> Value:
        return mlir.x86.avx512_dot(total, x, w) if self._pairs else mlir.vector.fma(x, w, total)

    def _finish_group(self, sums: list[Value], biases: Value, outs: list[Value]) -> None:
        """The results of a tile: one address per row, one bias per row of w."""
        group = list(range(_GROUP))
        zeros = b.zeros(self._sums)
        totals = sums_of_lanes([*sums, *[zeros] * (LANES - len(sums))])
        spread = mlir.llvm.shufflevector(self._sums, biases, biases, group * (LANES // _GROUP))
        values = mlir.arith.addf(totals, spread)
        if self._narrow:
            values = mlir.arith.truncf(b.vector_type(LANES, self._element), values)
        for row, out in enumerate(outs):
            four = b.vector_type(_GROUP, self._element)
            b.store(mlir.vector.extract_strided_slice(four, values, [row * _GROUP], [_GROUP], [1]), out, self._size)

    def _finish(self, lanes: Value, bias: Value, pointer: Value) -> None:
        total = mlir.arith.addf(sum_of_lanes(lanes), bias)
        b.store(mlir.arith.truncf(self._element, total) if self._narrow else total, pointer)
