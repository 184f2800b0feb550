"""Float32 vectors: sums of lanes, the transposed sum of sixteen vectors, the exponential and what is made of it. All in one fixed order of
operations."""

from collections.abc import Sequence
from typing import Any

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value


def sum_of_lanes(vector: Value) -> Value:
    """The lanes added as a tree, halves first: an order that no compiler flag may change."""
    return _tree(vector, mlir.arith.addf)


def largest_lane(vector: Value) -> Value:
    """NaN if a lane is NaN."""
    return _tree(vector, mlir.arith.maximumf)


def _tree(vector: Value, join: Any) -> Value:
    lanes = mlir.ir.VectorType(vector.type).shape[0]
    while lanes > 1:
        lanes //= 2
        half = b.vector_type(lanes, mlir.ir.F32Type.get())
        low = mlir.vector.extract_strided_slice(half, vector, [0], [lanes], [1])
        high = mlir.vector.extract_strided_slice(half, vector, [lanes], [lanes], [1])
        vector = join(low, high)
    return mlir.vector.extract(vector, [], [0])


def sums_of_lanes(vectors: Sequence[Value]) -> Value:
    """Lane i is the sum of vector i's lanes, added as `sum_of_lanes` adds them: 45 operations instead of 128."""
    return _trees(vectors, mlir.arith.addf)


def largest_lanes(vectors: Sequence[Value]) -> Value:
    """Lane i is `largest_lane` of vector i."""
    return _trees(vectors, mlir.arith.maximumf)


def _trees(vectors: Sequence[Value], join: Any) -> Value:
    assert len(vectors) == LANES
    segment, left = LANES, list(vectors)
    while len(left) > 1:
        # A vector holds LANES / segment partial results side by side; those of two vectors interleave into one.
        half, distance = segment // 2, len(left) // 2
        starts = [start + part for start in range(0, LANES, segment) for part in (0, LANES)]
        low = [start + lane for start in starts for lane in range(half)]
        high = [lane + half for lane in low]
        pairs = zip(left[:distance], left[distance:], strict=True)
        left = [join(mlir.vector.shuffle(v, w, low), mlir.vector.shuffle(v, w, high)) for v, w in pairs]
        segment = half
    return left[0]


def transposed(rows: Sequence[Value]) -> list[Value]:
    """Vector i holds lane i of LANES vectors."""
    rows, distance = list(rows), LANES
    low = [lane + side for lane in range(LANES // 2) for side in (0, LANES)]
    high = [lane + LANES // 2 for lane in low]
    while distance > 1:
        # The bit of a row's number that tells two rows apart becomes the lowest bit of the lane's, whose highest takes its place.
        distance //= 2
        for first in [row for row in range(LANES) if not row & distance]:
            pair = rows[first], rows[first + distance]
            rows[first], rows[first + distance] = (mlir.vector.shuffle(*pair, half) for half in (low, high))
    return rows


_LOWEST = -87.0
"""Below it the result is 0: e^-87 is the last normal number but one."""
_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 0.693359375, -2.12194440e-4
_POLYNOMIAL = (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)


def exponential(x: Value) -> Value:
    """e^x of a float32 or a vector of them, x <= 0; 0 at minus infinity, NaN at NaN; within 2 units in the last place.

    Cephes' expf (Moshier): x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial of degree 5 for (e^r - 1 - r) / r^2, and 2^n by
    its exponent bits.
    """
    kind, arith = x.type, mlir.arith
    bits = _integers_like(kind)

    def constant(value: float) -> Value:
        return b.filled(kind, value)

    bounded = arith.maximumf(x, constant(_LOWEST))
    n = arith.fptosi(bits, arith.subf(arith.mulf(bounded, constant(_LOG2_E)), constant(0.5)))
    whole = arith.sitofp(kind, n)
    r = arith.subf(bounded, arith.mulf(whole, constant(_LN2_HIGH)))
    r = arith.subf(r, arith.mulf(whole, constant(_LN2_LOW)))
    p = constant(_POLYNOMIAL[0])
    for coefficient in _POLYNOMIAL[1:]:
        p = arith.addf(arith.mulf(p, r), constant(coefficient))
    p = arith.addf(arith.addf(arith.mulf(p, arith.mulf(r, r)), r), constant(1.0))
    power = arith.bitcast(kind, arith.shli(arith.addi(n, b.filled_integers(bits, 127)), b.filled_integers(bits, 23)))
    below = arith.cmpf(arith.CmpFPredicate.OLT, x, constant(_LOWEST))
    return arith.select(below, constant(0.0), arith.mulf(p, power))


_TANH = (-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
_SMALL = 0.625


def hyperbolic_tangent(x: Value) -> Value:
    """tanh x of a float32 or a vector of them; NaN at NaN; within 2 units in the last place.

    Cephes' tanhf (Moshier): a polynomial where |x| < 0.625; else (1 - e) / (1 + e) with e = exp(-2 |x|) and the sign of x.
    """
    arith, kind = mlir.arith, x.type
    size = mlir.math.absf(x)
    square = arith.mulf(x, x)
    p = b.filled(kind, _TANH[0])
    for coefficient in _TANH[1:]:
        p = mlir.math.fma(p, square, b.filled(kind, coefficient))
    small = mlir.math.fma(arith.mulf(p, square), size, size)
    falling = exponential(arith.mulf(size, b.filled(kind, -2.0)))
    one = b.filled(kind, 1.0)
    large = arith.divf(arith.subf(one, falling), arith.addf(one, falling))
    is_small = arith.cmpf(arith.CmpFPredicate.OLT, size, b.filled(kind, _SMALL))
    return mlir.math.copysign(arith.select(is_small, small, large), x)


_TAIL = (
    -0.0396838678, 0.215671921, -0.432688531, 0.348269233, -0.125417537, 0.17129051, 0.165652664, 0.217993537, 0.239580736,
    0.239329419, 1.91227187e-6,
)  # fmt: skip
_TAIL_SCALE = 0.3
_FURTHEST = 16.0
"""Standard deviations beyond which nothing is left in float32."""


def normal_tail(a: Value) -> Value:
    """The weight of a normal distribution beyond a >= 0, in a float32 or a vector of them: erfc(a / sqrt 2) / 2; NaN at NaN; within 4
    units in the last place down to 1e-38, which is 13 standard deviations, then 0.

    exp(-a^2 / 2) p(u) / 2 with u = 1 / (1 + 0.3 a): what the exponential leaves of erfc falls slowly, and a polynomial of degree 10 in u has
    it within 3e-9 (least squares, weighted anew until errors were level). The rounding of a^2 comes back as a factor, since it would
    cost 80 units far out.
    """
    arith, kind = mlir.arith, a.type

    def constant(value: float) -> Value:
        return b.filled(kind, value)

    a = arith.minimumf(a, constant(_FURTHEST))
    square = arith.mulf(a, a)
    lost = mlir.math.fma(a, a, arith.negf(square))
    falling = exponential(arith.mulf(square, constant(-0.5)))
    falling = mlir.math.fma(falling, arith.mulf(lost, constant(-0.5)), falling)
    u = arith.divf(constant(1.0), mlir.math.fma(a, constant(_TAIL_SCALE), constant(1.0)))
    p = constant(_TAIL[0] / 2)
    for coefficient in _TAIL[1:]:
        p = mlir.math.fma(p, u, constant(coefficient / 2))
    return arith.mulf(falling, p)


def _integers_like(kind: Any) -> Any:
    integer = mlir.ir.IntegerType.get_signless(32)
    return b.vector_type(LANES, integer) if isinstance(kind, mlir.ir.VectorType) else integer
