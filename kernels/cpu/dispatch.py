"""Which rows each expert gets, as native code that writes the tables of the products behind it on a tape.

Legend: T tokens, A experts per token, P = T * A pairs, X experts, S = min(X, P) products at most, C hidden, I intermediate.

Pairs are sorted by expert, and by their number among those of one expert: by counting, in one part. The s-th expert that was hit gets the s-th
product of either kind: where its rows begin, how many there are, where its weights and biases lie. A product that gets no expert has no
rows and no outputs, and so no parts. Only weights of experts that were hit are ever read. Ids that name no expert are dropped.

The task reads a table of 64-bit integers:
    threads, P, A, X, S, address of P ids as int64, of P places for the token of each sorted pair, of P places for where each pair went (-1: it
    was dropped), of 2 X integers of scratch, of X counts of how often an expert was hit (each call adds at most 1),
    0: how many parts were taken,
    then for the products before and behind the gate: address of the stacked weights or 0, of their entry in the address table or 0, bytes
    from expert to expert, the same three of the biases, address of the rows, bytes from row to row, address of the results,
    bytes from row to row, outputs,
    then S addresses of tables of products before the gate, and S of those behind it
"""

from functools import cache

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import Value
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import HEADER as PRODUCT
from aweigh.kernels.cpu.operands import address

HEADER, PER_SIDE = 11, 11
END = HEADER + 2 * PER_SIDE
"""Where the addresses of tables begin."""


class Dispatch:
    """Builds the task."""

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and that there is one."""
        one = b.integer(1)
        taken = b.offset(table, b.integer(10), b.integer_type())
        return b.for_each_taken(taken, one, lambda _: self._all(table)), one

    def _all(self, table: Value) -> None:
        pairs, per_token, experts = (b.field(table, place) for place in (1, 2, 3))
        ids, tokens, places, counts, hits = (b.pointer_field(table, place) for place in (5, 6, 7, 8, 9))
        starts = b.offset(counts, experts, b.integer_type())
        zero, one = b.integer(0), b.integer(1)

        def at(base: Value, index: Value) -> Value:
            return b.offset(base, index, b.integer_type())

        def read(base: Value, index: Value) -> Value:
            return b.load(at(base, index), b.integer_type(), 8)

        def add_one(base: Value, index: Value) -> None:
            b.store(b.add(read(base, index), one), at(base, index))

        def count(pair: Value) -> None:
            b.store(zero, at(tokens, pair))
            b.store(b.integer(-1), at(places, pair))
            expert = read(ids, pair)
            b.when(b.is_less(expert, experts), lambda: add_one(counts, expert))

        def hand_out(expert: Value, done: list[Value]) -> list[Value]:
            first, slot = done
            rows = read(counts, expert)
            b.store(first, at(starts, expert))
            hit = b.is_less(zero, rows)

            def product() -> None:
                add_one(hits, expert)
                self._fill(table, expert, slot, first, rows)

            b.when(hit, product)
            return [b.add(first, rows), b.add(slot, mlir.arith.extui(b.integer_type(), hit))]

        def place(pair: Value) -> None:
            expert = read(ids, pair)

            def put() -> None:
                row = read(starts, expert)
                add_one(starts, expert)
                b.store(b.divide(pair, per_token), at(tokens, row))
                b.store(row, at(places, pair))

            b.when(b.is_less(expert, experts), put)

        b.for_each(zero, experts, 1, lambda expert: b.store(zero, at(counts, expert)))
        b.for_each(zero, pairs, 1, count)
        b.fold(zero, experts, 1, [zero, zero], hand_out)
        b.for_each(zero, pairs, 1, place)

    def _fill(self, table: Value, expert: Value, slot: Value, first: Value, rows: Value) -> None:
        """The tables of an expert's two products."""
        byte = mlir.ir.IntegerType.get_signless(8)
        for side in range(2):
            given = b.offset(table, b.integer(HEADER + PER_SIDE * side), b.integer_type())
            before = b.multiply(b.field(table, 4), b.integer(side))
            product = b.load(
                b.offset(table, b.add(b.integer(END), b.add(before, slot)), b.integer_type()), b.pointer_type(), 8
            )

            def write(entry: int, value: Value, product: Value = product) -> None:
                b.store(value, b.offset(product, b.integer(entry), b.integer_type()))

            def moved(place: int, index: Value, stride: int, given: Value = given) -> Value:
                return b.offset(b.pointer_field(given, place), b.multiply(index, b.field(given, stride)), byte)

            weights, biases = (
                b.offset(address(given, place, place + 1), b.multiply(expert, b.field(given, place + 2)), byte)
                for place in (0, 3)
            )
            write(1, rows)
            write(3, moved(6, first, 7))
            write(PRODUCT, weights)
            write(PRODUCT + 2, biases)  # 0 where there are none, since bytes from one to the next are 0 then
            write(PRODUCT + 3, moved(8, first, 9))
            write(PRODUCT + 4, b.field(given, 10))


@cache
def dispatch() -> Native:
    """Returns the compiled code; compiles at the first call of the process."""
    return compiled(lambda: Dispatch().build, "dispatch")
