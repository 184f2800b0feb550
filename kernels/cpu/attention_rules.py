"""What else is said of attention's scores: a soft cap, a slope per head (ALiBi), and sinks.

A score is scaled, then capped, then the slope times its distance is added. A sink is a score without a value that comes before all keys: the maximum
starts as the sink, the sum as 1. What is not given costs a comparison per group of keys.
"""

from collections.abc import Mapping, Sequence

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.numbers import Numbers
from aweigh.kernels.cpu.operands import address
from aweigh.kernels.cpu.vectors import hyperbolic_tangent

FIELDS = (
    "softcap",
    "sinks",
    "sinks_entry",
    "sinks_token",
    "sinks_wide",
    "slopes",
    "slopes_entry",
    "slopes_wide",
)
"""Of the table, in this order: the cap's bits as float32 or 0; sinks [H] or [T, H] or 0, or their entry in the address table or 0, elements from token to
token of them, whether they are float32; slopes [H] or 0, or their entry or 0, whether they are float32."""


class Said:
    """Reads the table of one task."""

    def __init__(self, numbers: Numbers, table: Value, fields: Sequence[str], values: Mapping[str, Value]) -> None:
        """`values`: the fields as integers."""
        self._numbers, self._values = numbers, values
        self._softcap = b.float_field(table, fields.index("softcap"))
        self._capped = mlir.arith.cmpf(mlir.arith.CmpFPredicate.OGT, self._softcap, b.zeros(numbers.float32))
        self._at: dict[str, Value] = {}
        self._given: dict[str, Value] = {}
        for name in ("sinks", "slopes"):
            places = fields.index(name), fields.index(f"{name}_entry")
            self._given[name] = b.is_less(b.integer(0), mlir.arith.ori(*(b.field(table, place) for place in places)))
            self._at[name] = address(table, *places)

    @property
    def changes_scores(self) -> Value:
        """Whether there is a cap or a slope."""
        return mlir.arith.ori(self._capped, self._given["slopes"])

    def start(self, token: Value, head: Value) -> list[Value]:
        """The maximum and the sum before the first key."""
        float32 = self._numbers.float32

        def sink() -> list[Value]:
            at = b.add(b.multiply(token, self._values["sinks_token"]), head)
            return [self._one("sinks", at), b.filled(float32, 1.0)]

        nothing = [b.filled(float32, value) for value in (float("-inf"), 0.0)]
        return b.choose(self._given["sinks"], [float32] * 2, sink, nothing)

    def scores(self, scaled: Value, head: Value, behind: Value) -> Value:
        """Of a group of keys. `behind`: where its first key is, from the query on."""
        arith, sums, float32 = mlir.arith, self._numbers.sums, self._numbers.float32

        def capped() -> list[Value]:
            cap = mlir.vector.broadcast(sums, self._softcap)
            return [arith.mulf(cap, hyperbolic_tangent(arith.divf(scaled, cap)))]

        found = b.choose(self._capped, [sums], capped, [scaled])[0]

        def sloping() -> list[Value]:
            slope = mlir.vector.broadcast(sums, self._one("slopes", head))
            first = mlir.vector.broadcast(sums, arith.sitofp(float32, behind))
            lanes = mlir.ir.DenseElementsAttr.get([mlir.ir.FloatAttr.get(float32, i) for i in range(LANES)], sums)
            distance = arith.addf(first, arith.constant(sums, lanes))
            return [arith.addf(found, arith.mulf(slope, distance))]

        return b.choose(self._given["slopes"], [sums], sloping, [found])[0]

    def _one(self, name: str, index: Value) -> Value:
        """An element as float32, which it may be already."""
        numbers, base = self._numbers, self._at[name]

        def wide() -> list[Value]:
            return [b.load(b.offset(base, index, numbers.float32), numbers.float32, 4)]

        def narrow() -> list[Value]:
            value = b.load(b.offset(base, index, numbers.element), numbers.element, numbers.size)
            return [mlir.arith.extf(numbers.float32, value) if numbers.narrow else value]

        is_wide = b.is_less(b.integer(0), self._values[f"{name}_wide"])
        return b.choose_one(is_wide, [numbers.float32], wide, narrow)[0]
