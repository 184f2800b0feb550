"""Codes of low-bit weights as vectors that multiply: a block of 8 columns of 16 outputs, as `aweigh.proto.low_bit` lays it out.

`Pairs` gives four vectors of 16 pairs of bfloat16, for dot products of pairs: every code is exact in bfloat16. Codes of 4 bits go through a table
of 32 words (the instruction reads 5 bits of each, so the table has the 16 values twice and nothing is masked): one shift and one
look-up for 32 weights. Bytes become integers, floats, then pairs: five instructions for 32. `Singles` gives eight vectors of 16 float32
out of shifts, for any processor and for float32.

A byte of fp8 (e4m3) at the right place of a float32 is a number 2^-120 times its value, subnormal ones too, so one multiplication is left.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value

_SIXTEENS = 4
_TABLE = tuple(code if code < 8 else code - 16 for code in range(16))


class Codes(Protocol):
    """Reads codes of one kind."""

    columns: int
    """That a vector holds of each output."""

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


def _intrinsic(name: str, result: Any, *operands: Value) -> Value:
    return mlir.llvm.call_intrinsic(result, name, list(operands), [], [])


class _Bytes:
    def __init__(self, kind: str) -> None:
        self._is_float = kind == "fp8"

    def float_of(self, at_top: Value) -> Value:
        """Float32 of codes that stand in the top bits of 32."""
        integers = b.vector_type(LANES, _bits(32))
        by = 4 if self._is_float else 24
        value = mlir.arith.shrsi(at_top, b.filled_integers(integers, by))
        if not self._is_float:
            return mlir.arith.sitofp(_float32(), value)
        kept = mlir.arith.andi(value, b.filled_integers(integers, 0x87F00000 - (1 << 32)))
        return mlir.arith.mulf(mlir.arith.bitcast(_float32(), kept), b.filled(_float32(), 2.0**120))


class BytePairs(_Bytes):
    """Pairs out of bytes."""

    columns = 2

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        for pair in range(4):
            first, second = (self._half(block, pair * _SIXTEENS * 2 + sixteen * 2 + half) for half in range(2))
            pairs = b.vector_type(2 * LANES, mlir.ir.BF16Type.get())
            yield _intrinsic("llvm.x86.avx512bf16.cvtne2ps2bf16.512", pairs, second, first)

    def _half(self, block: Value, sixteenth: int) -> Value:
        integers = b.vector_type(LANES, _bits(32))
        narrow = b.load(
            b.offset(block, b.integer(LANES * sixteenth), _bits(8)), b.vector_type(LANES, _bits(8)), 1
        )
        value = mlir.arith.extsi(integers, narrow)
        if not self._is_float:
            return mlir.arith.sitofp(_float32(), value)
        return self.float_of(mlir.arith.shli(value, b.filled_integers(integers, 24)))


class ByteSingles(_Bytes):
    """Single columns out of bytes."""

    columns = 1

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        integers = b.vector_type(LANES, _bits(32))
        for pair in range(4):
            words = _part(block, sixteen, pair * _SIXTEENS * 2 * LANES, LANES, 16)
            both = mlir.arith.extui(integers, words)
            yield self.float_of(mlir.arith.shli(both, b.filled_integers(integers, 24)))
            high = mlir.arith.shrui(both, b.filled_integers(integers, 8))
            yield self.float_of(mlir.arith.shli(high, b.filled_integers(integers, 24)))


class NibblePairs:
    """Pairs out of codes of 4 bits."""

    columns = 2

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        kind = b.vector_type(2 * LANES, _bits(16))
        pairs = b.vector_type(2 * LANES, mlir.ir.BF16Type.get())
        values = mlir.ir.DenseElementsAttr.get(
            [mlir.ir.FloatAttr.get(mlir.ir.BF16Type.get(), float(code)) for code in (*_TABLE, *_TABLE)], pairs
        )
        table = mlir.arith.bitcast(kind, mlir.arith.constant(pairs, values))
        words = _part(block, sixteen, 0, 2 * LANES, 16)
        for k in range(4):
            indices = mlir.arith.shrui(words, b.filled_integers(kind, 4 * k)) if k else words
            yield mlir.arith.bitcast(pairs, _intrinsic("llvm.x86.avx512.permvar.hi.512", kind, table, indices))


class NibbleSingles:
    """Single columns out of codes of 4 bits."""

    columns = 1

    def of(self, block: Value, sixteen: int) -> Iterator[Value]:
        """See `Codes.of`."""
        integers = b.vector_type(LANES, _bits(32))
        words = _part(block, sixteen, 0, LANES, 32)
        for column in range(8):
            bit = 16 * (column % 2) + 4 * (column // 2)
            at_top = mlir.arith.shli(words, b.filled_integers(integers, 28 - bit)) if bit < 28 else words
            yield mlir.arith.sitofp(_float32(), mlir.arith.shrsi(at_top, b.filled_integers(integers, 28)))


def codes(kind: str, *, pairs: bool) -> Codes:
    """What reads codes of a kind ("int4", "int8", "fp8")."""
    if kind == "int4":
        return NibblePairs() if pairs else NibbleSingles()
    return BytePairs(kind) if pairs else ByteSingles(kind)
