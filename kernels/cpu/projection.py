"""The projection y = x w^T + b as native code, with one order of summation for every number of rows.

Legend: N rows of x, O rows of w (output features), C columns of both (input features).

Order. A result has LANES partial sums. Chunks of C go by from left to right, each chunk added to the lanes (a pair of bfloat16
products per lane where the processor has the instruction, one product per lane else); what is left at the end is a chunk
with zeros; then the lanes are added as a tree, then the bias, then comes the one rounding to the result's dtype. Nothing of
this depends on N, on the row's place, on tiles or on threads: that is why a token alone, a token in a batch and a token of a prompt
agree in every bit (`base.py` promises it), and why no split of C over threads is allowed here.

Tiles. One row is bound by memory: w is read as a single stream, row after row, because hardware prefetchers follow that best (C =
1024, bfloat16, one thread: 26 GB/s as one stream, 13 to 16 as 2, 4 or 8 rows of w side by side; torch 10). More rows are bound by
arithmetic: tiles of 4 x 4 keep 16 sums in registers and load 8 vectors for 16 multiplications. Their four streams would be slow, so
the first tiles over a group of rows of w ask for the next group, as one stream, into the second-level cache: 8 rows then take 1.3 times
as long as one (C = 1024), without it 3 times. Each asks for all of it: what a busy processor has dropped comes the second time (16 rows: a quarter faster than asking
once). Into the first level it gained less than half of that, and asking for all at once nothing. Rows of
x go by in blocks, and w in stripes, that stay in the second-level cache. Nothing is repacked: the weights are pages of somebody's file.

Trees. The 16 trees of a tile are added as one, two vectors becoming one, and bias and rounding are those of a vector: 45 instructions instead of
144. With C = 1024 that is 151 instead of 137 GFLOP/s for 8 rows, 196 instead of 174 for 32, and 206 instead of 189 for 512, where torch gives 53, 124 and 199. (These and the
figures below: bfloat16, one thread of a Zen 4 whose instruction gives 236 at best, weights not in a cache, the fastest of interleaved turns in CPU time;
`python -m bench.products` prints such.)

Depth. Where C is large, a group of rows of w and four of x are more than the first-level cache holds, and a tile would load both from the
second. So tiles go through C in pieces: all rows of a block meet a piece of the group before the next, and sums that are not done wait in memory.
The order within a result stays.

    C, rows       2816, 8   32   512    8192, 8   32   512
    pieces            157  191   202        160  188   194
    whole rows        102  167   188        115  161   172
    torch              63  135   205         76  144   209

With 8192 columns and hundreds of rows neither x nor w stay in the second-level cache, and torch, which packs both, is ahead.

Rejected: vectors along O with w packed panel by panel (transposes of 16 x 16 pairs into scratch of the thread, x packed once by a task of its own), where
each lane's sums of 8 rows and 48 outputs stay in registers over all of C and trees are sums of whole vectors: the same bits. Out of caches 216 to 221,
but packing costs as much as 8 to 16 rows of x: 146 to 163 for 32 rows, 204 to 211 for 512, and 8192 columns no longer fit into the second-level cache. That is
1 to 4 % at best, for scratch as large as x.

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
"""Rows of x that are kept close while a stripe of w goes by."""
_KEPT, _LEAST = 384 << 10, 32
"""Bytes of w that are kept close while blocks of x go by, and rows of w that are kept in any case."""
_GROUP = 4
"""Rows of x, and rows of w, in a tile."""
_STREAM = 2
"""Rows of x up to which w goes by row after row."""
_NEXT = 4096
"""Bytes ahead that a stream asks for: hardware prefetchers stop at the end of a page. One thread: 12 to 16 % faster; two, at the limit of
memory: the same. 1 and 2 KiB gained less, 8 KiB nothing more."""
_DEPTH = 3072
"""Bytes of a row that a tile goes through at once: eight such pieces, and the sums beside them, fit into the first-level cache."""
_AHEAD = 4
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
        self._float32 = mlir.ir.F32Type.get()
        self._sums = b.vector_type(LANES, self._float32)
        self._depth = _DEPTH // self._size

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and those that there are."""
        head = self._table = Table(table, self._element)
        self._whole = b.round_down(head.columns, self._chunk)
        self._mask = b.mask_of(mlir.arith.subi(head.columns, self._whole), self._chunk)
        bytes_ = b.larger(b.multiply(head.columns, b.integer(self._size)), b.integer(1))
        kept = b.round_down(b.divide(b.integer(_KEPT), bytes_), _GROUP)
        self._stripe = b.larger(kept, b.integer(_LEAST))
        size = b.integer(_BLOCK * _GROUP * LANES)
        self._open = mlir.llvm.alloca(b.pointer_type(), size, self._float32, alignment=64)
        return head.each(lambda operand: operand.each_part(threads, _GROUP, partial(self._part, operand)))

    def _part(self, operand: Operand, first: Value, last: Value) -> None:
        rows = self._table.rows

        def block(start: Value, stop: Value, n_start: Value) -> None:
            n_stop = b.smaller(b.add(n_start, b.integer(_BLOCK)), rows)
            few = b.is_less(mlir.arith.subi(n_stop, n_start), b.integer(_STREAM + 1))
            wide = mlir.arith.select(few, b.integer(0), b.round_down(mlir.arith.subi(stop, start), _GROUP))
            o_wide = b.add(start, wide)
            b.for_each(start, o_wide, _GROUP, lambda o: self._group(operand, o, n_start, n_stop))
            b.for_each(o_wide, stop, 1, lambda o: self._row(operand, o, n_start, n_stop))

        def stripe(start: Value) -> None:
            stop = b.smaller(b.add(start, self._stripe), last)
            b.for_each(b.integer(0), rows, _BLOCK, partial(block, start, stop))

        b.for_each(first, last, self._stripe, stripe)

    def _group(self, operand: Operand, o: Value, n_start: Value, n_stop: Value) -> None:
        """The rows of x over _GROUP rows of w, depth by depth."""
        ws = [
            b.offset(operand.w, b.multiply(b.add(o, b.integer(j)), operand.w_stride), self._element)
            for j in range(_GROUP)
        ]
        next_ = self._at(ws[0], b.multiply(operand.w_stride, b.integer(_GROUP)))
        biases = operand.biases_of(o, b.mask_of(b.integer(_GROUP), LANES))

        def depth(start: Value) -> None:
            stop = b.add(start, b.integer(self._depth))

            def tile(height: int, asks: bool, n: Value) -> None:
                kinds = [self._sums] * (height * _GROUP)
                place = b.multiply(b.subtract(n, n_start), b.integer(_GROUP * LANES))
                places = [
                    b.offset(self._open, b.add(place, b.integer(i * LANES)), self._float32) for i in range(len(kinds))
                ]
                begun = b.is_less(b.integer(0), start)
                zeros = [b.zeros(kind) for kind in kinds]
                sums = b.choose(begun, kinds, lambda: [b.load(at, self._sums, 64) for at in places], zeros)
                xs = self._rows_of_x(height, n)

                def ask(c: Value) -> None:
                    for i in range(_GROUP if asks else 0):
                        b.prefetch(self._at(next_, b.add(b.multiply(c, b.integer(_GROUP)), b.integer(i * self._chunk))))

                sums = self._whole_chunks(xs, ws, start, b.smaller(stop, self._whole), sums, ask)
                branch = mlir.scf.IfOp(b.is_less(stop, self._table.columns), has_else=True)
                with mlir.ir.InsertionPoint(branch.then_block):
                    for total, at in zip(sums, places, strict=True):
                        b.store(total, at, 64)
                    mlir.scf.yield_([])
                with mlir.ir.InsertionPoint(branch.else_block):
                    self._finish(self._rest(xs, ws, sums), biases, self._outs(operand, height, n, o))
                    mlir.scf.yield_([])

            _tiles(n_start, n_stop, tile)

        b.for_each(b.integer(0), b.larger(self._table.columns, b.integer(1)), self._depth, depth)

    def _row(self, operand: Operand, o: Value, n_start: Value, n_stop: Value) -> None:
        """The rows of x over one row of w."""
        w = b.offset(operand.w, b.multiply(o, operand.w_stride), self._element)
        bias = operand.bias_of(o)

        def tile(height: int, _: bool, n: Value) -> None:
            def ask(c: Value) -> None:
                if height <= _STREAM:
                    b.prefetch(self._at(w, b.add(c, b.integer(_NEXT // self._size))))

            xs, zeros = self._rows_of_x(height, n), [b.zeros(self._sums)] * height
            sums = self._rest(xs, [w], self._whole_chunks(xs, [w], b.integer(0), self._whole, zeros, ask))
            for lanes, out in zip(sums, self._outs(operand, height, n, o), strict=True):
                total = mlir.arith.addf(sum_of_lanes(lanes), bias)
                b.store(mlir.arith.truncf(self._element, total) if self._narrow else total, out)

        _tiles(n_start, n_stop, tile)

    def _rows_of_x(self, height: int, n: Value) -> list[Value]:
        table = self._table
        return [
            b.offset(table.x, b.multiply(b.add(n, b.integer(i)), table.x_stride), self._element) for i in range(height)
        ]

    def _outs(self, operand: Operand, height: int, n: Value, o: Value) -> list[Value]:
        """Where the results of a tile begin, row by row."""
        rows = [b.multiply(b.add(n, b.integer(i)), operand.outputs) for i in range(height)]
        return [b.offset(operand.y, b.add(row, o), self._element) for row in rows]

    def _whole_chunks(
        self,
        xs: list[Value],
        ws: list[Value],
        start: Value,
        stop: Value,
        sums: list[Value],
        ask: Callable[[Value], None],
    ) -> list[Value]:
        """The lanes of every pair of a row of x and a row of w, row by row, with the columns from `start` to `stop` added."""

        def chunk(c: Value, sums: list[Value]) -> list[Value]:
            ask(c)
            return self._chunk_of(xs, ws, sums, lambda row: b.load(self._at(row, c), self._vector, self._size))

        return b.fold(start, stop, self._chunk, sums, chunk)

    def _rest(self, xs: list[Value], ws: list[Value], sums: list[Value]) -> list[Value]:
        """With what is left behind the last whole chunk added."""

        def read(row: Value) -> Value:
            return b.load_first(self._at(row, self._whole), self._vector, self._mask, self._size)

        has_rest = b.is_less(self._whole, self._table.columns)
        return b.choose(has_rest, [self._sums] * len(sums), lambda: self._chunk_of(xs, ws, sums, read), sums)

    def _chunk_of(
        self, xs: list[Value], ws: list[Value], sums: list[Value], read: Callable[[Value], Value]
    ) -> list[Value]:
        x_chunks, w_chunks = ([self._widen(read(row)) for row in rows] for rows in (xs, ws))
        pairs = [(x, w) for x in x_chunks for w in w_chunks]
        return [self._multiply_add(x, w, total) for (x, w), total in zip(pairs, sums, strict=True)]

    def _at(self, row: Value, column: Value) -> Value:
        return b.offset(row, column, self._element)

    def _widen(self, chunk: Value) -> Value:
        return mlir.arith.extf(self._sums, chunk) if self._narrow and not self._pairs else chunk

    def _multiply_add(self, x: Value, w: Value, total: Value) -> Value:
        return mlir.x86.avx512_dot(total, x, w) if self._pairs else mlir.vector.fma(x, w, total)

    def _finish(self, sums: list[Value], biases: Value, outs: list[Value]) -> None:
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


def _tiles(n_start: Value, n_stop: Value, tile: Callable[[int, bool, Value], None]) -> None:
    """`tile(height, near, n)` per _GROUP rows, then one of what is left; `near`: one of the first _AHEAD, or the last."""
    tail = b.add(n_start, b.round_down(mlir.arith.subi(n_stop, n_start), _GROUP))
    near = b.smaller(tail, b.add(n_start, b.integer(_AHEAD * _GROUP)))
    b.for_each(n_start, near, _GROUP, partial(tile, _GROUP, True))
    b.for_each(near, tail, _GROUP, partial(tile, _GROUP, False))
    left = mlir.arith.subi(n_stop, tail)
    for height in range(1, _GROUP):
        b.when(b.is_equal(left, b.integer(height)), partial(tile, height, True, tail))
