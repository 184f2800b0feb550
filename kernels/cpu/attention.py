"""Attention over paged KV as native code: one query row and one KV head at a time, softmax as it goes.

Legend: T tokens, K KV heads, G query heads per KV head, D key head size, E value head size, B tokens per block.

Order. A query's keys are seen in groups of LANES positions that start at multiples of LANES, whatever part of the sequence a
call brings. Per group: the scores, each a tree over lanes of sums over D; the new maximum; the weights; then sum and output are
scaled to the new maximum and the group's are added, key by key. Position alone decides that order, so chunks, batch mates, the
size of blocks and threads change no bit. (Online softmax: Milakov and Gimelshein 2018; over blocks of keys: Dao et al. 2022.)

A row's visible positions are a range (`low` .. `high`): causal, windows and chunks all are. Nothing outside is read: where a group
reaches over the range, the lane computes on the key of `high` and its score becomes minus infinity; its value is skipped.

A sink is a score without a value that comes before all keys: the maximum starts as the sink, the sum as 1.

Heads that share a KV head follow each other, so that its keys come from the first-level cache after the first. Threads take the next token of
a KV head when they have done one, since later ones have more to see, and cores are not always ours alone.

The task reads a table of 64-bit integers:
    threads, T, K, G, D, E, address of the queries, their strides by token and head,
    addresses of the entries of the address table for keys and for values, their strides by block, token and head (three each),
    address of the output [T, K * G, E], of a scratch of float32 and how many of it are a thread's,
    address of (start of the block table, low, high, the query's own position) per token, address of the block tables, B,
    the scale's bits as float32, those of the soft cap or 0,
    address of the sinks or 0, or of their entry in the address table or 0, elements from token to token of them, whether they are float32,
    address of the slopes [K * G] or 0, or of their entry or 0, whether they are float32,
    0: how many pairs of KV head and token were taken
"""

from collections.abc import Callable
from functools import partial

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element, address
from aweigh.kernels.cpu.vectors import (
    exponential,
    hyperbolic_tangent,
    largest_lane,
    sum_of_lanes,
    sums_of_lanes,
)

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
    "softcap",
    "sinks",
    "sinks_entry",
    "sinks_token",
    "sinks_wide",
    "slopes",
    "slopes_entry",
    "slopes_wide",
    "taken",
]
PER_SPAN = 4
"""Integers of a token's span."""
PER_HEAD = LANES
"""Floats of scratch before a head's output: its maximum and its sum."""
PER_THREAD = 3 * LANES
"""Floats of scratch before the heads': a group's weights, and the addresses of its values."""

_STRIPE = 4
"""Vectors of a value that are summed side by side."""


class Attention:
    """Builds the task for one element type, that of queries, keys, values and output.

    `pairs`: scores of bfloat16 with the processor's instruction for pairs of products.
    """

    def __init__(self, element: Element, *, pairs: bool) -> None:
        self._pairs = pairs and element == "bf16"
        self._chunk = 2 * LANES if self._pairs else LANES
        self._element = mlir.ir.Type.parse(element)
        self._narrow = element != "f32"
        self._size = 2 if self._narrow else 4
        self._float32 = mlir.ir.F32Type.get()
        self._read = b.vector_type(LANES, self._element)
        self._factors = b.vector_type(self._chunk, self._element)
        self._sums = b.vector_type(LANES, self._float32)
        self._table: dict[str, Value] = {}

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the pairs of KV head and token that it did, and those that there are."""
        pointers = {"query", "keys", "values", "out", "scratch", "spans", "blocks"}
        t = self._table = {
            name: (b.pointer_field if name in pointers else b.field)(table, index) for index, name in enumerate(FIELDS)
        }
        t["keys"], t["values"] = b.pointer_field(t["keys"], 0), b.pointer_field(t["values"], 0)
        t["scale"], t["softcap"] = (b.float_field(table, FIELDS.index(name)) for name in ("scale", "softcap"))
        t["has_softcap"] = mlir.arith.cmpf(mlir.arith.CmpFPredicate.OGT, t["softcap"], b.zeros(self._float32))
        for name in ("sinks", "slopes"):
            places = FIELDS.index(name), FIELDS.index(f"{name}_entry")
            given = mlir.arith.ori(b.field(table, places[0]), b.field(table, places[1]))
            t[f"has_{name}"] = b.is_less(b.integer(0), given)
            t[name] = address(table, *places)
        t["scratch"] = b.offset(t["scratch"], b.multiply(thread, t["scratch_size"]), self._float32)
        t["accumulators"] = b.offset(t["scratch"], b.integer(PER_THREAD), self._float32)
        t["head_size"] = b.add(b.round_down(b.add(t["value_size"], b.integer(LANES - 1)), LANES), b.integer(PER_HEAD))
        t["whole"] = b.round_down(t["key_size"], self._chunk)
        t["rest"] = b.mask_of(b.subtract(t["key_size"], t["whole"]), self._chunk)

        def row(taken: Value) -> None:
            kv_head = b.divide(taken, t["tokens"])
            self._row(b.subtract(taken, b.multiply(kv_head, t["tokens"])), kv_head)

        taken = b.offset(table, b.integer(FIELDS.index("taken")), b.integer_type())
        pairs = b.multiply(t["kv_heads"], t["tokens"])
        return b.for_each_taken(taken, pairs, row), pairs

    def _row(self, token: Value, kv_head: Value) -> None:
        """A token's queries of one KV head."""
        t = self._table
        span = b.offset(t["spans"], b.multiply(token, b.integer(PER_SPAN)), b.integer_type())
        blocks = b.offset(t["blocks"], b.field(span, 0), b.integer_type())
        low, high, position = (b.field(span, place) for place in (1, 2, 3))
        first = b.multiply(kv_head, t["group"])
        keys = b.offset(t["keys"], b.multiply(kv_head, t["key_head"]), self._element)
        values = b.offset(t["values"], b.multiply(kv_head, t["value_head"]), self._element)
        b.for_each(b.integer(0), t["group"], 1, lambda index: self._begin(token, b.add(first, index), index))

        def group_of_keys(start: Value) -> None:
            places, seen = self._places(blocks, start, low, high)
            rows = [self._at(keys, place, t["key_block"], t["key_token"]) for place in places]
            for i, place in enumerate(places):
                row = self._at(values, place, t["value_block"], t["value_token"])
                b.store(row, b.offset(t["scratch"], b.integer(LANES + 2 * i), self._float32))
            from_ = b.subtract(b.larger(low, start), start)
            to = b.add(b.subtract(b.smaller(high, b.add(start, b.integer(LANES - 1))), start), b.integer(1))

            def head(index: Value) -> None:
                number = b.add(first, index)
                query = b.offset(t["query"], b.multiply(token, t["query_token"]), self._element)
                query = b.offset(query, b.multiply(number, t["query_head"]), self._element)
                scores = self._ruled(self._scores(query, rows), number, b.subtract(start, position))
                scores = mlir.arith.select(seen, scores, b.filled(self._sums, float("-inf")))
                self._add(self._accumulator(index), scores, from_, to)

            b.for_each(b.integer(0), t["group"], 1, head)

        b.for_each(b.round_down(low, LANES), b.add(high, b.integer(1)), LANES, group_of_keys)

        def finish(index: Value) -> None:
            heads = b.multiply(t["kv_heads"], t["group"])
            row = b.add(b.multiply(token, heads), b.add(first, index))
            self._finish(self._accumulator(index), b.offset(t["out"], b.multiply(row, t["value_size"]), self._element))

        b.for_each(b.integer(0), t["group"], 1, finish)

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
        return b.offset(base, index, self._element)

    def _accumulator(self, index: Value) -> Value:
        return b.offset(self._table["accumulators"], b.multiply(index, self._table["head_size"]), self._float32)

    def _begin(self, token: Value, head: Value, index: Value) -> None:
        """A head's maximum, sum and output before the first key."""
        t, accumulator, zeros = self._table, self._accumulator(index), b.zeros(self._sums)
        b.for_each(
            b.integer(0),
            t["head_size"],
            LANES,
            lambda e: b.store(zeros, b.offset(accumulator, e, self._float32), 4),
        )

        def sink() -> list[Value]:
            at = b.add(b.multiply(token, t["sinks_token"]), head)
            return [self._one(t["sinks"], at, t["sinks_wide"]), b.filled(self._float32, 1.0)]

        nothing = [b.filled(self._float32, value) for value in (float("-inf"), 0.0)]
        highest, total = b.choose(t["has_sinks"], [self._float32] * 2, sink, nothing)
        b.store(highest, accumulator)
        b.store(total, b.offset(accumulator, b.integer(1), self._float32))

    def _one(self, base: Value, index: Value, wide: Value) -> Value:
        """An element as float32, which it may be already."""

        def load_wide() -> list[Value]:
            return [b.load(b.offset(base, index, self._float32), self._float32, 4)]

        def load_narrow() -> list[Value]:
            value = b.load(b.offset(base, index, self._element), self._element, self._size)
            return [mlir.arith.extf(self._float32, value) if self._narrow else value]

        return b.choose_one(b.is_less(b.integer(0), wide), [self._float32], load_wide, load_narrow)[0]

    def _ruled(self, scores: Value, head: Value, behind: Value) -> Value:
        """Scaled scores with what else is said of them: the soft cap, then the slope. `behind`: of the first key, from the query on."""
        t, arith = self._table, mlir.arith

        def capped() -> list[Value]:
            cap = mlir.vector.broadcast(self._sums, t["softcap"])
            return [arith.mulf(cap, hyperbolic_tangent(arith.divf(scores, cap)))]

        capped_scores = b.choose(t["has_softcap"], [self._sums], capped, [scores])[0]

        def sloping() -> list[Value]:
            slope = mlir.vector.broadcast(self._sums, self._one(t["slopes"], head, t["slopes_wide"]))
            from_ = mlir.vector.broadcast(self._sums, arith.sitofp(self._float32, behind))
            lanes = mlir.ir.DenseElementsAttr.get(
                [mlir.ir.FloatAttr.get(self._float32, i) for i in range(LANES)], self._sums
            )
            distance = arith.addf(from_, arith.constant(self._sums, lanes))
            return [arith.addf(capped_scores, arith.mulf(slope, distance))]

        return b.choose(t["has_slopes"], [self._sums], sloping, [capped_scores])[0]

    def _scores(self, query: Value, rows: list[Value]) -> Value:
        """The scaled scores of a group's keys."""
        t = self._table

        def chunk(read: Callable[[Value], Value], sums: list[Value]) -> list[Value]:
            q = read(query)
            return [self._multiply_add(q, read(row), total) for row, total in zip(rows, sums, strict=True)]

        def whole(d: Value, sums: list[Value]) -> list[Value]:
            return chunk(lambda row: b.load(b.offset(row, d, self._element), self._factors, self._size), sums)

        def rest() -> list[Value]:
            def read(row: Value) -> Value:
                return b.load_first(b.offset(row, t["whole"], self._element), self._factors, t["rest"], self._size)

            return chunk(read, sums)

        sums = b.fold(b.integer(0), t["whole"], self._chunk, [b.zeros(self._sums)] * LANES, whole)
        sums = b.choose(b.is_less(t["whole"], t["key_size"]), [self._sums] * LANES, rest, sums)
        return mlir.arith.mulf(sums_of_lanes(sums), mlir.vector.broadcast(self._sums, t["scale"]))

    def _multiply_add(self, x: Value, y: Value, total: Value) -> Value:
        if self._pairs:
            return mlir.x86.avx512_dot(total, x, y)
        return mlir.vector.fma(self._widen(x), self._widen(y), total)

    def _add(self, accumulator: Value, scores: Value, from_: Value, to: Value) -> None:
        """A group's weights and values, lanes `from_` to `to`, into a head's maximum, sum and output."""
        t, arith = self._table, mlir.arith
        sum_at = b.offset(accumulator, b.integer(1), self._float32)
        before = b.load(accumulator, self._float32, 4)
        now = arith.maximumf(before, largest_lane(scores))
        # Where every score so far is minus infinity there is nothing to subtract: the weights are 0, as those of unseen keys.
        lowest = b.filled(self._float32, float("-inf"))
        none = arith.cmpf(arith.CmpFPredicate.OEQ, now, lowest)
        pivot = arith.select(none, b.filled(self._float32, 0.0), now)
        weights = exponential(arith.subf(scores, mlir.vector.broadcast(self._sums, pivot)))
        shrink = exponential(arith.subf(before, pivot))
        total = arith.addf(arith.mulf(b.load(sum_at, self._float32, 4), shrink), sum_of_lanes(weights))
        b.store(now, accumulator)
        b.store(total, sum_at)
        b.store(weights, t["scratch"], 4)
        shrinks = mlir.vector.broadcast(self._sums, shrink)

        def features(vectors: int, e: Value) -> None:
            """Several vectors at once: a sum alone would wait for itself, key after key."""
            starts = [b.add(e, b.integer(i * LANES)) for i in range(vectors)]
            output = b.offset(accumulator, b.integer(PER_HEAD), self._float32)
            places = [b.offset(output, start, self._float32) for start in starts]
            masks = None if vectors > 1 else self._mask(e)

            def key(lane: Value, sums: list[Value]) -> list[Value]:
                weight = b.load(b.offset(t["scratch"], lane, self._float32), self._float32, 4)
                weight = mlir.vector.broadcast(self._sums, weight)
                address = b.offset(t["scratch"], b.add(b.integer(LANES), b.multiply(lane, b.integer(2))), self._float32)
                row = b.load(address, b.pointer_type(), 8)
                rows = [b.offset(row, start, self._element) for start in starts]
                values = [
                    b.load(at, self._read, self._size)
                    if masks is None
                    else b.load_first(at, self._read, masks, self._size)
                    for at in rows
                ]
                pairs = zip(values, sums, strict=True)
                return [mlir.vector.fma(weight, self._widen(value), total) for value, total in pairs]

            old = [arith.mulf(b.load(at, self._sums, 4), shrinks) for at in places]
            for at, new in zip(places, b.fold(from_, to, 1, old, key), strict=True):
                b.store(new, at, 4)

        stripes = b.round_down(t["value_size"], _STRIPE * LANES)
        b.for_each(b.integer(0), stripes, _STRIPE * LANES, partial(features, _STRIPE))
        b.for_each(stripes, t["value_size"], LANES, partial(features, 1))

    def _finish(self, accumulator: Value, out: Value) -> None:
        t = self._table
        total = b.load(b.offset(accumulator, b.integer(1), self._float32), self._float32, 4)

        def features(e: Value) -> None:
            at = b.offset(b.offset(accumulator, b.integer(PER_HEAD), self._float32), e, self._float32)
            result = mlir.arith.divf(b.load(at, self._sums, 4), mlir.vector.broadcast(self._sums, total))
            mask = self._mask(e)
            narrow = mlir.arith.truncf(self._read, result) if self._narrow else result
            b.store_first(narrow, b.offset(out, e, self._element), mask, self._size)

        b.for_each(b.integer(0), t["value_size"], LANES, features)

    def _mask(self, e: Value) -> Value:
        """The lanes of the vector at feature `e` that values have."""
        return b.mask_of(b.smaller(b.subtract(self._table["value_size"], e), b.integer(LANES)), LANES)

    def _widen(self, vector: Value) -> Value:
        return mlir.arith.extf(self._sums, vector) if self._narrow else vector
