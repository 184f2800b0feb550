"""Attention over paged KV as native code: a query row, or a tile of them, and one KV head at a time, softmax as it goes.

Legend: T tokens, K KV heads, G query heads per KV head, D key head size, E value head size, B tokens per block.

Order. A query's keys are seen in groups of LANES positions that start at multiples of LANES, whatever part of the sequence a
call brings. Per group: the scores, each a tree over lanes of sums over D; the new maximum; the weights; then sum and output are
scaled to the new maximum and the group's are added, key by key. Position alone decides that order, so chunks, batch mates, the
size of blocks and threads change no bit. (Online softmax: Milakov and Gimelshein 2018; over blocks of keys: Dao et al. 2022.)

A row's visible positions are a range (`low` .. `high`): causal, windows and chunks all are. Nothing outside is read: where a group
reaches over the range, the lane computes on the key of `high` and its score becomes minus infinity; its value is skipped.

Heads that share a KV head follow each other, so that its keys come from the first-level cache after the first. Threads take the next tokens of
a KV head when they have done some, since later ones have more to see, and cores are not always ours alone. Where there are many tokens they take a tile of
them, and groups of keys that all its rows see are added to all at once (`attention_tile.py`), with the same bits; not where scores have a soft cap or slopes.

The task reads a table of 64-bit integers:
    threads, T, K, G, D, E, address of the queries, their strides by token and head,
    addresses of the entries of the address table for keys and for values, their strides by block, token and head (three each),
    address of the output [T, K * G, E], of a scratch of float32 and how many of it are a thread's,
    address of (start of the block table, low, high, the query's own position) per token, address of the block tables, B,
    the scale's bits as float32, what else is said of scores (`attention_rules.py`), 0: how many tiles were taken
"""

from collections.abc import Callable
from functools import partial

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.attention_rules import FIELDS as RULES
from aweigh.kernels.cpu.attention_rules import Said
from aweigh.kernels.cpu.attention_tile import ROWS, Tile, padded
from aweigh.kernels.cpu.attention_tile import scratch_of as tile_scratch_of
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.numbers import Numbers
from aweigh.kernels.cpu.operands import Element
from aweigh.kernels.cpu.vectors import exponential, largest_lane, sum_of_lanes, sums_of_lanes

FIELDS = [
    "threads",
    "tokens",
    "kv_heads",
    "group",
    "key_size",
    "value_size",
    "query",
    "query_token",
    "query_head",
    "keys",
    "values",
    "key_block",
    "key_token",
    "key_head",
    "value_block",
    "value_token",
    "value_head",
    "out",
    "scratch",
    "scratch_size",
    "spans",
    "blocks",
    "block_size",
    "scale",
    *RULES,
    "taken",
]
PER_SPAN = 4
"""Integers of a token's span."""
_PER_THREAD = 3 * LANES
"""Floats of scratch before the tile's: a group's weights, and the addresses of its values."""
_SHARES = 16
"""Tiles that there must be for each thread: where there are less, threads take single tokens."""

_STRIPE = 4
"""Vectors of a value that are summed side by side."""

State = tuple[Value, Value, Value]
"""Where the maximum, the sum and the output of a row and head are."""


def scratch_of(group: int, key_size: int, value_size: int) -> int:
    """Floats that a thread needs beside the operands."""
    return _PER_THREAD + group * ROWS * (2 + padded(value_size)) + tile_scratch_of(key_size, value_size)


class Attention:
    """Builds the task for one element type, that of queries, keys, values and output.

    `pairs`: scores of bfloat16 with the processor's instruction for pairs of products.
    """

    def __init__(self, element: Element, *, pairs: bool) -> None:
        self._numbers = Numbers(element, pairs=pairs)
        self._float32 = self._numbers.float32
        self._table: dict[str, Value] = {}

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the tiles that it did, and those that there are."""
        pointers = {"query", "keys", "values", "out", "scratch", "spans", "blocks"}
        t = self._table = {
            name: (b.pointer_field if name in pointers else b.field)(table, index) for index, name in enumerate(FIELDS)
        }
        n = self._numbers
        t["keys"], t["values"] = b.pointer_field(t["keys"], 0), b.pointer_field(t["values"], 0)
        t["scale"] = b.float_field(table, FIELDS.index("scale"))
        self._said = Said(n, table, FIELDS, t)
        t["scratch"] = b.offset(t["scratch"], b.multiply(thread, t["scratch_size"]), self._float32)
        t["row_size"] = b.round_down(b.add(t["value_size"], b.integer(LANES - 1)), LANES)
        t["stats"] = b.offset(t["scratch"], b.integer(_PER_THREAD), self._float32)
        t["outputs"] = b.offset(t["stats"], b.multiply(t["group"], b.integer(2 * ROWS)), self._float32)
        rows = b.multiply(b.multiply(t["group"], b.integer(ROWS)), t["row_size"])
        t["whole"] = b.round_down(t["key_size"], n.chunk)
        t["rest"] = b.mask_of(b.subtract(t["key_size"], t["whole"]), n.chunk)
        shared = b.offset(t["outputs"], rows, self._float32)
        self._tile = Tile(n, shared, t["whole"], t["row_size"], t["scale"])
        all_ = b.multiply(t["kv_heads"], t["tokens"])
        enough = b.is_at_most(b.multiply(threads, b.integer(_SHARES * ROWS)), all_)
        height = mlir.arith.select(enough, b.integer(ROWS), b.integer(1))
        tiles = b.divide(b.subtract(b.add(t["tokens"], height), b.integer(1)), height)

        def tile(taken: Value) -> None:
            kv_head = b.divide(taken, tiles)
            first = b.multiply(b.subtract(taken, b.multiply(kv_head, tiles)), height)
            self._rows(first, b.smaller(height, b.subtract(t["tokens"], first)), kv_head)

        taken = b.offset(table, b.integer(FIELDS.index("taken")), b.integer_type())
        count = b.multiply(t["kv_heads"], tiles)
        return b.for_each_taken(taken, count, tile), count

    def _rows(self, first: Value, count: Value, kv_head: Value) -> None:
        """`count` tokens' queries of one KV head: groups that all of them see whole are added to all at once, the others row by row."""
        t = self._table
        heads = b.multiply(count, t["group"])
        b.for_each(b.integer(0), heads, 1, partial(self._begin, first, kv_head))
        begin, end = self._seen_by_all(first, count)

        def turn(after: Value) -> None:
            """First what comes before the shared groups and those, then what comes after."""
            is_after = b.is_less(b.integer(0), after)

            def row(index: Value) -> None:
                span = self._span(b.add(first, index))
                start, stop = b.round_down(b.field(span, 1), LANES), b.add(b.field(span, 2), b.integer(1))
                start = mlir.arith.select(is_after, b.larger(start, end), start)
                stop = mlir.arith.select(is_after, stop, b.smaller(stop, begin))
                b.for_each(start, stop, LANES, partial(self._group_of_keys, span, first, index, kv_head))

            b.for_each(b.integer(0), count, 1, row)
            shared_stop = mlir.arith.select(is_after, begin, end)
            b.for_each(begin, shared_stop, LANES, partial(self._shared_group, first, kv_head))

        b.for_each(b.integer(0), b.integer(2), 1, turn)

        def finish(index: Value) -> None:
            row = b.divide(index, t["group"])
            head = b.subtract(index, b.multiply(row, t["group"]))
            out = b.multiply(b.add(first, row), b.multiply(t["kv_heads"], t["group"]))
            out = b.add(out, b.add(b.multiply(kv_head, t["group"]), head))
            out = b.offset(t["out"], b.multiply(out, t["value_size"]), self._numbers.element)
            self._finish(self._state(row, head), out)

        b.for_each(b.integer(0), heads, 1, finish)

    def _span(self, token: Value) -> Value:
        return b.offset(self._table["spans"], b.multiply(token, b.integer(PER_SPAN)), b.integer_type())

    def _seen_by_all(self, first: Value, count: Value) -> tuple[Value, Value]:
        """The positions of the groups that all rows see whole; (0, 0) where there are none, or rows of several sequences."""
        t, arith = self._table, mlir.arith
        table = b.field(self._span(first), 0)
        whole = arith.andi(b.is_equal(count, b.integer(ROWS)), b.is_equal(t["whole"], t["key_size"]))
        plain = mlir.arith.select(self._said.changes_scores, b.integer(0), b.integer(1))
        whole = arith.andi(whole, b.is_equal(plain, b.integer(1)))

        def row(index: Value, found: list[Value]) -> list[Value]:
            differ, low, stop = found
            span = self._span(b.add(first, index))
            differ = arith.ori(differ, arith.xori(table, b.field(span, 0)))
            end = b.add(b.field(span, 2), b.integer(1))
            return [differ, b.larger(low, b.field(span, 1)), b.smaller(stop, end)]

        most = b.integer((1 << 62) - 1)
        differ, low, stop = b.fold(b.integer(0), count, 1, [b.integer(0), b.integer(0), most], row)
        begin, end = b.round_down(b.add(low, b.integer(LANES - 1)), LANES), b.round_down(stop, LANES)
        shares = arith.andi(whole, arith.andi(b.is_equal(differ, b.integer(0)), b.is_less(begin, end)))
        return tuple(arith.select(shares, place, b.integer(0)) for place in (begin, end))

    def _shared_group(self, first: Value, kv_head: Value, start: Value) -> None:
        """A group of keys that all rows from `first` see."""
        t = self._table
        blocks = b.offset(t["blocks"], b.field(self._span(first), 0), b.integer_type())
        rows, _ = self._read_places(blocks, start, start, b.add(start, b.integer(LANES - 1)), kv_head)
        self._tile.take(rows, b.offset(t["scratch"], b.integer(LANES), self._float32), t["value_size"])

        def head(index: Value) -> None:
            self._tile.add(self._query(first, kv_head, index), t["query_token"], *self._state(b.integer(0), index))

        b.for_each(b.integer(0), t["group"], 1, head)

    def _query(self, token: Value, kv_head: Value, head: Value) -> Value:
        t = self._table
        query = b.offset(t["query"], b.multiply(token, t["query_token"]), self._numbers.element)
        head = b.add(b.multiply(kv_head, t["group"]), head)
        return b.offset(query, b.multiply(head, t["query_head"]), self._numbers.element)

    def _read_places(
        self, blocks: Value, start: Value, low: Value, high: Value, kv_head: Value
    ) -> tuple[list[Value], Value]:
        """Where the keys of a group begin, and which are seen. The addresses of their values go into scratch."""
        t, element = self._table, self._numbers.element
        keys = b.offset(t["keys"], b.multiply(kv_head, t["key_head"]), element)
        values = b.offset(t["values"], b.multiply(kv_head, t["value_head"]), element)
        places, seen = self._places(blocks, start, low, high)
        for i, place in enumerate(places):
            row = self._at(values, place, t["value_block"], t["value_token"])
            b.store(row, b.offset(t["scratch"], b.integer(LANES + 2 * i), self._float32))
        return [self._at(keys, place, t["key_block"], t["key_token"]) for place in places], seen

    def _group_of_keys(self, span: Value, first: Value, row: Value, kv_head: Value, start: Value) -> None:
        """A group of keys for one row."""
        t = self._table
        low, high, position = (b.field(span, place) for place in (1, 2, 3))
        blocks = b.offset(t["blocks"], b.field(span, 0), b.integer_type())
        rows, seen = self._read_places(blocks, start, low, high, kv_head)
        from_ = b.subtract(b.larger(low, start), start)
        to = b.add(b.subtract(b.smaller(high, b.add(start, b.integer(LANES - 1))), start), b.integer(1))

        def head(index: Value) -> None:
            scaled = self._scores(self._query(b.add(first, row), kv_head, index), rows)
            number = b.add(b.multiply(kv_head, t["group"]), index)
            scores = self._said.scores(scaled, number, b.subtract(start, position))
            scores = mlir.arith.select(seen, scores, b.filled(self._numbers.sums, float("-inf")))
            self._add(self._state(row, index), scores, from_, to)

        b.for_each(b.integer(0), t["group"], 1, head)

    def _places(self, blocks: Value, start: Value, low: Value, high: Value) -> tuple[list[tuple[Value, Value]], Value]:
        """(block, row in it) of each position of a group, that of `high` for those which are not seen; and which are."""
        size = self._table["block_size"]

        def block(index: Value) -> Value:
            return b.load(b.offset(blocks, index, b.integer_type()), b.integer_type(), 8)

        last = b.divide(high, size)
        last_row = b.subtract(high, b.multiply(last, size))
        index = b.divide(start, size)
        row = b.subtract(start, b.multiply(index, size))
        places, seen = [], b.filled_integers(b.vector_type(LANES, mlir.ir.IntegerType.get_signless(1)), 0)
        for lane in range(LANES):
            position = b.add(start, b.integer(lane))
            sees = mlir.arith.andi(b.is_at_most(low, position), b.is_at_most(position, high))
            seen = mlir.vector.insert(sees, seen, [], [lane])
            places.append(
                (
                    block(mlir.arith.select(sees, index, last)),
                    mlir.arith.select(sees, row, last_row),
                )
            )
            row = b.add(row, b.integer(1))
            over = b.is_equal(row, size)
            index = mlir.arith.select(over, b.add(index, b.integer(1)), index)
            row = mlir.arith.select(over, b.integer(0), row)
        return places, seen

    def _at(self, base: Value, place: tuple[Value, Value], per_block: Value, per_token: Value) -> Value:
        index = b.add(b.multiply(place[0], per_block), b.multiply(place[1], per_token))
        return b.offset(base, index, self._numbers.element)

    def _state(self, row: Value, head: Value) -> State:
        t = self._table
        stats = b.offset(t["stats"], b.add(b.multiply(head, b.integer(2 * ROWS)), row), self._float32)
        index = b.add(b.multiply(head, b.integer(ROWS)), row)
        output = b.offset(t["outputs"], b.multiply(index, t["row_size"]), self._float32)
        return stats, b.offset(stats, b.integer(ROWS), self._float32), output

    def _begin(self, first: Value, kv_head: Value, index: Value) -> None:
        """A row and head before the first key."""
        t = self._table
        row = b.divide(index, t["group"])
        head = b.subtract(index, b.multiply(row, t["group"]))
        maximum, sum_, output = self._state(row, head)
        highest, total = self._said.start(b.add(first, row), b.add(b.multiply(kv_head, t["group"]), head))
        b.store(highest, maximum)
        b.store(total, sum_)
        zeros = b.zeros(self._numbers.sums)
        b.for_each(b.integer(0), t["row_size"], LANES, lambda e: b.store(zeros, b.offset(output, e, self._float32), 4))

    def _scores(self, query: Value, rows: list[Value]) -> Value:
        """The scaled scores of a group's keys."""
        t = self._table

        def chunk(read: Callable[[Value], Value], sums: list[Value]) -> list[Value]:
            q = read(query)
            return [self._numbers.multiply_add(q, read(row), total) for row, total in zip(rows, sums, strict=True)]

        def whole(d: Value, sums: list[Value]) -> list[Value]:
            return chunk(
                lambda row: b.load(b.offset(row, d, self._numbers.element), self._numbers.factors, self._numbers.size),
                sums,
            )

        def rest() -> list[Value]:
            def read(row: Value) -> Value:
                return b.load_first(
                    b.offset(row, t["whole"], self._numbers.element),
                    self._numbers.factors,
                    t["rest"],
                    self._numbers.size,
                )

            return chunk(read, sums)

        sums = b.fold(b.integer(0), t["whole"], self._numbers.chunk, [b.zeros(self._numbers.sums)] * LANES, whole)
        sums = b.choose(b.is_less(t["whole"], t["key_size"]), [self._numbers.sums] * LANES, rest, sums)
        return mlir.arith.mulf(sums_of_lanes(sums), mlir.vector.broadcast(self._numbers.sums, t["scale"]))

    def _add(self, state: State, scores: Value, from_: Value, to: Value) -> None:
        """A group's weights and values, lanes `from_` to `to`, into a head's maximum, sum and output."""
        t, arith = self._table, mlir.arith
        maximum_at, sum_at, output = state
        before = b.load(maximum_at, self._float32, 4)
        now = arith.maximumf(before, largest_lane(scores))
        # Where every score so far is minus infinity there is nothing to subtract: the weights are 0, as those of unseen keys.
        lowest = b.filled(self._float32, float("-inf"))
        none = arith.cmpf(arith.CmpFPredicate.OEQ, now, lowest)
        pivot = arith.select(none, b.filled(self._float32, 0.0), now)
        weights = exponential(arith.subf(scores, mlir.vector.broadcast(self._numbers.sums, pivot)))
        shrink = exponential(arith.subf(before, pivot))
        total = arith.addf(arith.mulf(b.load(sum_at, self._float32, 4), shrink), sum_of_lanes(weights))
        b.store(now, maximum_at)
        b.store(total, sum_at)
        b.store(weights, t["scratch"], 4)
        shrinks = mlir.vector.broadcast(self._numbers.sums, shrink)

        def features(vectors: int, e: Value) -> None:
            """Several vectors at once: a sum alone would wait for itself, key after key."""
            starts = [b.add(e, b.integer(i * LANES)) for i in range(vectors)]
            places = [b.offset(output, start, self._float32) for start in starts]
            masks = None if vectors > 1 else self._mask(e)

            def key(lane: Value, sums: list[Value]) -> list[Value]:
                weight = b.load(b.offset(t["scratch"], lane, self._float32), self._float32, 4)
                weight = mlir.vector.broadcast(self._numbers.sums, weight)
                address = b.offset(t["scratch"], b.add(b.integer(LANES), b.multiply(lane, b.integer(2))), self._float32)
                row = b.load(address, b.pointer_type(), 8)
                rows = [b.offset(row, start, self._numbers.element) for start in starts]
                values = [
                    b.load(at, self._numbers.read, self._numbers.size)
                    if masks is None
                    else b.load_first(at, self._numbers.read, masks, self._numbers.size)
                    for at in rows
                ]
                pairs = zip(values, sums, strict=True)
                return [mlir.vector.fma(weight, self._numbers.widen(value), total) for value, total in pairs]

            old = [arith.mulf(b.load(at, self._numbers.sums, 4), shrinks) for at in places]
            for at, new in zip(places, b.fold(from_, to, 1, old, key), strict=True):
                b.store(new, at, 4)

        stripes = b.round_down(t["value_size"], _STRIPE * LANES)
        b.for_each(b.integer(0), stripes, _STRIPE * LANES, partial(features, _STRIPE))
        b.for_each(stripes, t["value_size"], LANES, partial(features, 1))

    def _finish(self, state: State, out: Value) -> None:
        t = self._table
        _, sum_at, output = state
        total = b.load(sum_at, self._float32, 4)

        def features(e: Value) -> None:
            at = b.offset(output, e, self._float32)
            result = mlir.arith.divf(
                b.load(at, self._numbers.sums, 4), mlir.vector.broadcast(self._numbers.sums, total)
            )
            mask = self._mask(e)
            narrow = mlir.arith.truncf(self._numbers.read, result) if self._numbers.narrow else result
            b.store_first(narrow, b.offset(out, e, self._numbers.element), mask, self._numbers.size)

        b.for_each(b.integer(0), t["value_size"], LANES, features)

    def _mask(self, e: Value) -> Value:
        """The lanes of the vector at feature `e` that values have."""
        return b.mask_of(b.smaller(b.subtract(self._table["value_size"], e), b.integer(LANES)), LANES)
