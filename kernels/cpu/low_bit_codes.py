"""Codes of low-bit weights as vectors that multiply: a block of 8 columns of 16 outputs, as `aweigh.proto.low_bit` lays it out.

`...Pairs` give four vectors of 16 pairs of bfloat16, for dot products of pairs. Codes of 4 bits, which are stored plus 8, become the last bits of a
bfloat16 between 128 and 144, where those are worth 1: a shift and one operation of three operands for 32 weights, and 136 times the sum of x to
be taken off, once for each group. (A table of 16 numbers gives the code itself, but to look 32 words up takes two cycles here: 24 GB/s of codes
from the cache with one thread.) Bytes become integers and floats, whose upper halves are put together: six instructions for 32; each is exact.
`...Singles` give eight vectors of 16 float32 out of shifts, for any processor and for float32.

A byte of fp8 (e4m3) at the right place of a float32 is a number 2^-120 times its value, subnormal ones too, so one multiplication is left.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value

_SIXTEENS = 4
_LIFTED, _HALVES = 0x4300, 0x000F
_EIGHTS = 0x88888888 - (1 << 32)


class Codes(Protocol):
    """Reads codes of one kind."""

    columns: int
    """That a vector holds of each output."""
    sums: int
    """That vectors of an output take in turns, where one could not take them as fast as they come."""
    offset: float
    """How much what multiplies is more than the code."""

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """Vectors of the columns from left to right, out of the block at an address."""


def _bits(width: int) -> Any:
    return mlir.ir.IntegerType.get_signless(width)


def _float32() -> Any:
    return b.vector_type(LANES, mlir.ir.F32Type.get())


def _part(block: Value, sixteen: int, offset: int, lanes: int, width: int) -> Value:
    """Integers at the sixteenth's place in a block, `offset` bytes behind it."""
    bytes_each = lanes * width // 8
    pointer = b.offset(block, b.integer(offset + sixteen * bytes_each), _bits(8))
    return b.load(pointer, b.vector_type(lanes, _bits(width)), 1)


class _Bytes:
    def __init__(self, kind: str) -> None:
        self._is_float = kind == "fp8"

    def _columns(self, block: Value, sixteen: int) -> Iterator[Value]:
        """Float32 of each column."""
        integers = b.vector_type(LANES, _bits(32))
        for column in range(8):
            sixteenth = (column // 2 * _SIXTEENS + sixteen) * 2 + column % 2
            pointer = b.offset(block, b.integer(LANES * sixteenth), _bits(8))
            code = mlir.arith.extsi(integers, b.load(pointer, b.vector_type(LANES, _bits(8)), 1))
            if not self._is_float:
                yield mlir.arith.sitofp(_float32(), code)
                continue
            shifted = mlir.arith.shli(code, b.filled_integers(integers, 20))
            kept = mlir.arith.andi(shifted, b.filled_integers(integers, 0x87F00000 - (1 << 32)))
            yield mlir.arith.mulf(mlir.arith.bitcast(_float32(), kept), b.filled(_float32(), 2.0**120))


class BytePairs(_Bytes):
    """Pairs out of bytes."""

    columns, sums, offset = 2, 1, 0.0

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        integers, pairs = b.vector_type(LANES, _bits(32)), b.vector_type(2 * LANES, mlir.ir.BF16Type.get())
        columns = self._columns(block, sixteen)
        for even, odd in zip(columns, columns, strict=True):
            low = mlir.arith.shrui(mlir.arith.bitcast(integers, even), b.filled_integers(integers, 16))
            yield mlir.vector.bitcast(pairs, mlir.arith.ori(low, mlir.arith.bitcast(integers, odd)))


class ByteSingles(_Bytes):
    """Single columns out of bytes."""

    columns, sums, offset = 1, 1, 0.0

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        return self._columns(block, sixteen)


class NibblePairs:
    """Pairs out of codes of 4 bits."""

    columns, sums, offset = 2, 2, 136.0

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        kind = b.vector_type(2 * LANES, _bits(16))
        pairs = b.vector_type(2 * LANES, mlir.ir.BF16Type.get())
        words = _part(block, sixteen, 0, 2 * LANES, 16)
        for k in range(4):
            at_bottom = mlir.arith.shrui(words, b.filled_integers(kind, 4 * k)) if k else words
            code = mlir.arith.andi(at_bottom, b.filled_integers(kind, _HALVES))
            yield mlir.arith.bitcast(pairs, mlir.arith.ori(code, b.filled_integers(kind, _LIFTED)))


class NibbleSingles:
    """Single columns out of codes of 4 bits."""

    columns, sums, offset = 1, 1, 0.0

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        integers = b.vector_type(LANES, _bits(32))
        words = mlir.arith.xori(_part(block, sixteen, 0, LANES, 32), b.filled_integers(integers, _EIGHTS))
        for column in range(8):
            bit = 16 * (column % 2) + 4 * (column // 2)
            at_top = mlir.arith.shli(words, b.filled_integers(integers, 28 - bit)) if bit < 28 else words
            yield mlir.arith.sitofp(_float32(), mlir.arith.shrsi(at_top, b.filled_integers(integers, 28)))


def codes(kind: str, *, pairs: bool) -> Codes:
    """What reads codes of a kind ("int4", "int8", "fp8")."""
    if kind == "int4":
        return NibblePairs() if pairs else NibbleSingles()
    return BytePairs(kind) if pairs else ByteSingles(kind)
