"""The weighted sum of what a token's experts say, as native code. Legend: T tokens, A experts per token, P = T * A pairs, C features.

A token's experts are added in the order of its ids, each product rounded to what the dtypes of both promote to, in float32: an order that
knows nothing of other tokens. A pair that went nowhere counts for nothing.

The task reads a table of 64-bit integers:
    threads, T, A, C, address of the pairs' rows [P, C], address of P places of pairs among them (-1: nowhere) as int64,
    address of the weights [T, A], address of the output [T, C], 0: how many tokens were taken
"""

from functools import cache

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import Element


class Combining:
    """Builds the task for the element types of rows and of weights."""

    def __init__(self, element: Element, weight: Element) -> None:
        self._element, self._weight = mlir.ir.Type.parse(element), mlir.ir.Type.parse(weight)
        self._vector = b.vector_type(LANES, self._element)
        self._float32 = mlir.ir.F32Type.get()
        self._wide = b.vector_type(LANES, self._float32)
        self._rounds = element == weight and element != "f32"

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the tokens that it did, and those that there are."""
        tokens, per_token, features = (b.field(table, place) for place in (1, 2, 3))
        rows, places, weights, out = (b.pointer_field(table, place) for place in (4, 5, 6, 7))

        def token(t: Value) -> None:
            first = b.multiply(t, per_token)

            def vector(c: Value) -> None:
                mask = b.mask_of(b.smaller(b.subtract(features, c), b.integer(LANES)), LANES)

                def expert(a: Value, sums: list[Value]) -> list[Value]:
                    pair = b.add(first, a)
                    row = b.load(b.offset(places, pair, b.integer_type()), b.integer_type(), 8)
                    went = b.is_less(row, b.integer(2**62))  # -1 is larger, as a number without a sign

                    def weighed() -> list[Value]:
                        at = b.offset(rows, b.add(b.multiply(row, features), c), self._element)
                        weight = b.load(b.offset(weights, pair, self._weight), self._weight, 1)
                        return [
                            mlir.arith.addf(sums[0], self._product(b.load_first(at, self._vector, mask, 1), weight))
                        ]

                    return b.choose(went, [self._wide], weighed, sums)

                total = b.fold(b.integer(0), per_token, 1, [b.zeros(self._wide)], expert)[0]
                narrow = total if self._vector == self._wide else mlir.arith.truncf(self._vector, total)
                b.store_first(narrow, b.offset(out, b.add(b.multiply(t, features), c), self._element), mask, 1)

            b.for_each(b.integer(0), features, LANES, vector)

        return b.for_each_taken(b.offset(table, b.integer(8), b.integer_type()), tokens, token), tokens

    def _product(self, row: Value, weight: Value) -> Value:
        arith = mlir.arith
        wide = row if row.type == self._wide else arith.extf(self._wide, row)
        weight = weight if weight.type == self._float32 else arith.extf(self._float32, weight)
        product = arith.mulf(wide, mlir.vector.broadcast(self._wide, weight))
        return arith.extf(self._wide, arith.truncf(self._vector, product)) if self._rounds else product


@cache
def combining(element: Element, weight: Element) -> Native:
    """Returns the compiled sum; compiles at the first call of the process."""
    return compiled(lambda: Combining(element, weight).build, f"combining {element} {weight}")
