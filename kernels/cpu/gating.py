"""Activations as native code, times or plus a second operand where there is one: what stands between projections. Legend: N rows, C features.

Computed in float32, rounded after the activation and after the product or sum, as torch does it. Most activations here are x * sigmoid(p(x)), and
sigmoid is taken of exponentials that do not overflow; GELU is x times the weight of a normal distribution, taken from the side where it is
small: results stay right where they are small, and an element's depends on nothing else (torch's own does on the element's place:
`reference/activation.py`).

The task reads a table of 64-bit integers:
    threads, N, C, address of x, elements from row to row of x, address of the second operand or 0, elements from row to row of it,
    address of the output [N, C] (which may be x, or the second), which activation, whether to add, 0: how many parts were taken
"""

from collections.abc import Callable
from math import pi, sqrt

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element
from aweigh.kernels.cpu.vectors import exponential, hyperbolic_tangent, normal_tail

_PART = 512
"""Elements that are taken at once."""


def _silu(x: Value) -> Value:
    return times_sigmoid(x, x)


def _gelu_tanh(x: Value) -> Value:
    """x (1 + tanh(u)) / 2 = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)."""
    arith = mlir.arith
    cube = arith.mulf(arith.mulf(x, x), x)
    inner = arith.addf(x, arith.mulf(b.filled(x.type, 0.044715), cube))
    return times_sigmoid(x, arith.mulf(b.filled(x.type, 2 * sqrt(2 / pi)), inner))


def _gelu(x: Value) -> Value:
    """x times what a normal distribution has below x."""
    arith = mlir.arith
    beyond = normal_tail(mlir.math.absf(x))
    negative = arith.cmpf(arith.CmpFPredicate.OLT, x, b.zeros(x.type))
    below = arith.select(negative, beyond, arith.subf(b.filled(x.type, 1.0), beyond))
    return arith.mulf(arith.maximumf(x, b.filled(x.type, -16.0)), below)


def _quick_gelu(x: Value) -> Value:
    return times_sigmoid(x, mlir.arith.mulf(b.filled(x.type, 1.702), x))


def _sigmoid(x: Value) -> Value:
    return times_sigmoid(b.filled(x.type, 1.0), x)


def _relu2(x: Value) -> Value:
    positive = _relu(x)
    return mlir.arith.mulf(positive, positive)


def _relu(x: Value) -> Value:
    return mlir.arith.maximumf(x, b.zeros(x.type))


FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "silu": _silu,
    "gelu_pytorch_tanh": _gelu_tanh,
    "relu": _relu,
    "linear": lambda x: x,
    "gelu": _gelu,
    "quick_gelu": _quick_gelu,
    "relu2": _relu2,
    "sigmoid": _sigmoid,
    "tanh": hyperbolic_tangent,
}
"""By transformers' names. A table has the place here."""


def times_sigmoid(x: Value, v: Value) -> Value:
    """x / (1 + e^-v) of float32 or vectors of them, without an exponential of something positive."""
    arith = mlir.arith
    one = b.filled(x.type, 1.0)
    negative = arith.cmpf(arith.CmpFPredicate.OLT, v, b.zeros(x.type))
    falling = exponential(arith.select(negative, v, arith.negf(v)))
    return arith.divf(arith.mulf(x, arith.select(negative, falling, one)), arith.addf(one, falling))


class Gating:
    """Builds the task for one element type, that of every operand."""

    def __init__(self, element: Element) -> None:
        self._element = mlir.ir.Type.parse(element)
        self._size = self._element.width // 8
        self._narrow = b.vector_type(LANES, self._element)
        self._wide = b.vector_type(LANES, mlir.ir.F32Type.get())

    def build(self, table: Value, thread: Value, threads: Value) -> tuple[Value, Value]:
        """What one thread of `threads` does. Returns the parts that it did, and those that there are."""
        rows, columns, kind = b.field(table, 1), b.field(table, 2), b.field(table, 8)
        x_stride, second_stride = b.field(table, 4), b.field(table, 6)
        has_second, adds = (b.is_less(b.integer(0), b.field(table, place)) for place in (5, 9))
        per_row = b.divide(b.add(columns, b.integer(_PART - 1)), b.integer(_PART))
        parts = b.multiply(rows, per_row)

        def part(index: Value) -> None:
            row = b.divide(index, per_row)
            first = b.multiply(b.subtract(index, b.multiply(row, per_row)), b.integer(_PART))
            last = b.smaller(b.add(first, b.integer(_PART)), columns)
            x, second, out = (
                b.offset(b.pointer_field(table, place), b.multiply(row, stride), self._element)
                for place, stride in ((3, x_stride), (5, second_stride), (7, columns))
            )

            def vector(function: Callable[[Value], Value], at: Value) -> None:
                mask = b.mask_of(b.smaller(b.subtract(last, at), b.integer(LANES)), LANES)
                value = self._rounded(function(self._load(x, at, mask)))

                def joined() -> list[Value]:
                    other = self._load(second, at, mask)
                    sum_, product = mlir.arith.addf(value, other), mlir.arith.mulf(value, other)
                    return [self._rounded(mlir.arith.select(adds, sum_, product))]

                result = b.choose(has_second, [self._wide], joined, [value])[0]
                narrow = result if result.type == self._narrow else mlir.arith.truncf(self._narrow, result)
                b.store_first(narrow, b.offset(out, at, self._element), mask, self._size)

            for place, function in enumerate(FUNCTIONS.values()):
                b.when(
                    b.is_equal(kind, b.integer(place)),
                    lambda function=function: b.for_each(first, last, LANES, lambda at: vector(function, at)),  # type: ignore[misc]
                )

        return b.for_each_taken(b.offset(table, b.integer(10), b.integer_type()), parts, part), parts

    def _load(self, base: Value, at: Value, mask: Value) -> Value:
        vector = b.load_first(b.offset(base, at, self._element), self._narrow, mask, self._size)
        return vector if vector.type == self._wide else mlir.arith.extf(self._wide, vector)

    def _rounded(self, value: Value) -> Value:
        if value.type == self._narrow:
            return value
        return mlir.arith.extf(self._wide, mlir.arith.truncf(self._narrow, value))
