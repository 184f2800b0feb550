"""An element type as vectors that are read, multiplied and added to sums of float32."""

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES, Value
from aweigh.kernels.cpu.operands import Element


class Numbers:
    """`pairs`: products of bfloat16 with the processor's instruction for pairs of them. Made where an MLIR context is."""

    def __init__(self, element: Element, *, pairs: bool) -> None:
        self.pairs = pairs and element == "bf16"
        self.chunk = 2 * LANES if self.pairs else LANES
        """Elements that one multiplication of vectors takes of each operand."""
        self.element = mlir.ir.Type.parse(element)
        self.narrow = element != "f32"
        self.size = 2 if self.narrow else 4
        self.float32 = mlir.ir.F32Type.get()
        self.read = b.vector_type(LANES, self.element)
        self.factors = b.vector_type(self.chunk, self.element)
        self.sums = b.vector_type(LANES, self.float32)

    def widen(self, vector: Value) -> Value:
        """As float32."""
        return mlir.arith.extf(self.sums, vector) if self.narrow else vector

    def multiply_add(self, x: Value, y: Value, total: Value) -> Value:
        """Of two chunks."""
        if self.pairs:
            return mlir.x86.avx512_dot(total, x, y)
        return mlir.vector.fma(self.widen(x), self.widen(y), total)

    def units(self, chunk: Value) -> Value:
        """What lane by lane is multiplied of a chunk, as 32 bits: a pair, or one float32."""
        vector = chunk if self.pairs else self.widen(chunk)
        return mlir.vector.bitcast(b.vector_type(LANES, mlir.ir.IntegerType.get_signless(32)), vector)

    def spread(self, pointer: Value) -> Value:
        """The unit at an address, in every lane."""
        if not self.pairs:
            value = b.load(pointer, self.element, self.size)
            return mlir.vector.broadcast(self.sums, mlir.arith.extf(self.float32, value) if self.narrow else value)
        kind = mlir.ir.IntegerType.get_signless(32)
        return mlir.vector.broadcast(b.vector_type(LANES, kind), b.load(pointer, kind, self.size))

    def multiply_add_units(self, x: Value, y: Value, total: Value) -> Value:
        """Of vectors of units."""
        if not self.pairs:
            return mlir.vector.fma(x, mlir.vector.bitcast(self.sums, y), total)
        return mlir.x86.avx512_dot(total, *(mlir.vector.bitcast(self.factors, units) for units in (x, y)))
