"""The write of keys and values into their blocks as native code. Legend: T tokens, K KV heads, D key size, E value size, B tokens per block.

The task reads a table of 64-bit integers:
    threads, T, K, B, address of T slots, 0: how many tokens were taken,
    then of keys and of values: size of a head, address of the rows, their strides by token and head, address of the entry of the address
    table, the pool's strides by block, token and head
"""

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element

HEADER, PER_SIDE = 6, 8


class Writing:
    """Builds the task for one element type, that of rows and pool."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._vector = b.vector_type(LANES, self._element)
        self._size = self._element.width // 8

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the tokens that it did, and those that there are."""
        tokens, heads, block_size = (b.field(table, place) for place in (1, 2, 3))
        slots, taken = b.pointer_field(table, 4), b.offset(table, b.integer(5), b.integer_type())

        def token(t: Value) -> None:
            slot = b.load(b.offset(slots, t, b.integer_type()), b.integer_type(), 8)
            block = b.divide(slot, block_size)
            row = b.subtract(slot, b.multiply(block, block_size))

            def write() -> None:
                for side in range(2):
                    entry = b.offset(table, b.integer(HEADER + PER_SIDE * side), b.integer_type())
                    self._rows(entry, t, heads, block, row)

            # NO_SLOT is -1: as a number without a sign larger than any slot.
            b.when(b.is_less(slot, b.integer(2**62)), write)

        return b.for_each_taken(taken, tokens, token), tokens

    def _rows(self, entry: Value, token: Value, heads: Value, block: Value, row: Value) -> None:
        """A token's heads."""
        size = b.field(entry, 0)
        source = b.offset(b.pointer_field(entry, 1), b.multiply(token, b.field(entry, 2)), self._element)
        pool = b.pointer_field(b.pointer_field(entry, 4), 0)
        place = b.add(b.multiply(block, b.field(entry, 5)), b.multiply(row, b.field(entry, 6)))
        target = b.offset(pool, place, self._element)
        from_head, to_head = b.field(entry, 3), b.field(entry, 7)

        def head(h: Value) -> None:
            here = b.offset(source, b.multiply(h, from_head), self._element)
            there = b.offset(target, b.multiply(h, to_head), self._element)

            def features(d: Value) -> None:
                mask = b.mask_of(b.smaller(b.subtract(size, d), b.integer(LANES)), LANES)
                value = b.load_first(b.offset(here, d, self._element), self._vector, mask, self._size)
                b.store_first(value, b.offset(there, d, self._element), mask, self._size)

            b.for_each(b.integer(0), size, LANES, features)

        b.for_each(b.integer(0), heads, 1, head)
