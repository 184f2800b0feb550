"""Words for native code: what projections, and whatever comes after them, are written with, over MLIR's own builders.

Integers are 64 bits wide, as sizes and strides arrive; a pointer is an `!llvm.ptr` and knows no type, so loads and offsets name it.
Loops are scf, arithmetic is arith and vector, memory is llvm: weights lie wherever the owner of the pages put them, and a
memref would only wrap that address into a descriptor. Everything is built at the insertion point of the calling `with`.

Rejected: assembling MLIR as text. It is shorter for one kernel, but an error shows only when the whole is parsed, far away from
the line that made it; here each operation is verified against its definition when it is made.
"""

from collections.abc import Callable, Sequence
from typing import Any

from aweigh.kernels import mlir

Value = Any
"""An SSA value; the bindings carry no type information."""

LANES = 16
"""Partial sums of one result: the float32 lanes of the widest vector; narrower machines take two or four registers."""


def integer_type() -> Any:
    return mlir.ir.IntegerType.get_signless(64)


def pointer_type() -> Any:
    return mlir.ir.Type.parse("!llvm.ptr")


def vector_type(lanes: int, element: Any) -> Any:
    return mlir.ir.VectorType.get([lanes], element)


def integer(value: int) -> Value:
    return mlir.arith.constant(integer_type(), value)


def filled(type_: Any, value: float) -> Value:
    """A float, or a vector of equal floats."""
    if not isinstance(type_, mlir.ir.VectorType):
        return mlir.arith.constant(type_, value)
    element = mlir.ir.FloatAttr.get(type_.element_type, value)
    return mlir.arith.constant(type_, mlir.ir.DenseElementsAttr.get_splat(type_, element))


def filled_integers(type_: Any, value: int) -> Value:
    """An integer, or a vector of equal integers."""
    if not isinstance(type_, mlir.ir.VectorType):
        return mlir.arith.constant(type_, value)
    element = mlir.ir.IntegerAttr.get(type_.element_type, value)
    return mlir.arith.constant(type_, mlir.ir.DenseElementsAttr.get_splat(type_, element))


def zeros(type_: Any) -> Value:
    return filled(type_, 0.0)


def add(a: Value, b: Value) -> Value:
    return mlir.arith.addi(a, b)


def subtract(a: Value, b: Value) -> Value:
    return mlir.arith.subi(a, b)


def multiply(a: Value, b: Value) -> Value:
    return mlir.arith.muli(a, b)


def divide(a: Value, b: Value) -> Value:
    """Of numbers that are not negative, rounded down."""
    return mlir.arith.divui(a, b)


def round_down(a: Value, step: int) -> Value:
    return multiply(divide(a, integer(step)), integer(step))


def smaller(a: Value, b: Value) -> Value:
    return mlir.arith.minui(a, b)


def offset(pointer: Value, index: Value, element: Any) -> Value:
    """The address of element `index`."""
    dynamic = -(2**31)  # in the constant indices: this one is a value
    return mlir.llvm.getelementptr(pointer_type(), pointer, [index], [dynamic], element, 0)


def load(pointer: Value, type_: Any, alignment: int) -> Value:
    return mlir.llvm.load(type_, pointer, alignment=alignment)


def load_first(pointer: Value, type_: Any, mask: Value, alignment: int) -> Value:
    """The lanes that `mask` names, zero in the others; those are not touched in memory."""
    return mlir.llvm.intr_masked_load(type_, pointer, mask, alignment, pass_thru=zeros(type_))


def store_first(value: Value, pointer: Value, mask: Value, alignment: int) -> None:
    """The lanes that `mask` names."""
    mlir.llvm.intr_masked_store(value, pointer, mask, alignment)


def store(value: Value, pointer: Value, alignment: int | None = None) -> None:
    """`alignment`: where it is less than the type's own."""
    mlir.llvm.store(value, pointer, alignment=alignment)


def larger(a: Value, b: Value) -> Value:
    return mlir.arith.maxui(a, b)


def field(table: Value, index: int) -> Value:
    """Entry `index` of a table of 64-bit integers."""
    return load(offset(table, integer(index), integer_type()), integer_type(), 8)


def pointer_field(table: Value, index: int) -> Value:
    return load(offset(table, integer(index), integer_type()), pointer_type(), 8)


def float_field(table: Value, index: int) -> Value:
    """The float32 whose bits are the low half of entry `index`."""
    bits = mlir.arith.trunci(mlir.ir.IntegerType.get_signless(32), field(table, index))
    return mlir.arith.bitcast(mlir.ir.F32Type.get(), bits)


def mask_of(count: Value, lanes: int) -> Value:
    """The first `count` of `lanes`."""
    index = mlir.arith.index_cast(mlir.ir.IndexType.get(), count)
    return mlir.vector.create_mask(vector_type(lanes, mlir.ir.IntegerType.get_signless(1)), [index])


def for_each(start: Value, stop: Value, step: int | Value, body: Callable[[Value], None]) -> None:
    """`body` per value of start, start + step, ... below stop."""
    loop = mlir.scf.ForOp(start, stop, integer(step) if isinstance(step, int) else step)
    with mlir.ir.InsertionPoint(loop.body):
        body(loop.induction_variable)
        mlir.scf.yield_([])


def for_each_taken(counter: Value, count: Value, body: Callable[[Value], None]) -> Value:
    """`body` per value below `count` that this thread is the first to take from `counter`, the address of an integer that all threads share.
    Returns how many those are."""
    kind = integer_type()
    loop = mlir.scf.WhileOp([kind, kind], [integer(0)])
    with mlir.ir.InsertionPoint(loop.before.blocks.append(kind)):
        add_, relaxed = mlir.llvm.AtomicBinOp.add, mlir.llvm.AtomicOrdering.monotonic
        taken = mlir.llvm.atomicrmw(add_, counter, integer(1), relaxed)
        mlir.scf.condition(is_less(taken, count), [taken, loop.before.blocks[0].arguments[0]])
    with mlir.ir.InsertionPoint(loop.after.blocks.append(kind, kind)):
        taken, mine = loop.after.blocks[0].arguments
        body(taken)
        mlir.scf.yield_([add(mine, integer(1))])
    return loop.results[1]


def load_shared(pointer: Value) -> Value:
    """An integer that other threads add to, and all that they wrote before they did."""
    return mlir.llvm.load(integer_type(), pointer, alignment=8, ordering=mlir.llvm.AtomicOrdering.acquire)


def fold(
    start: Value, stop: Value, step: int, initial: Sequence[Value], body: Callable[[Value, list[Value]], list[Value]]
) -> list[Value]:
    """As `for_each`, with values that each round passes on to the next."""
    loop = mlir.scf.ForOp(start, stop, integer(step), list(initial))
    with mlir.ir.InsertionPoint(loop.body):
        mlir.scf.yield_(body(loop.induction_variable, list(loop.inner_iter_args)))
    return list(loop.results)


def choose(condition: Value, types: Sequence[Any], yes: Callable[[], list[Value]], no: list[Value]) -> list[Value]:
    """`yes()` where the condition holds, computed only then; else `no`."""
    branch = mlir.scf.IfOp(condition, list(types), has_else=True)
    with mlir.ir.InsertionPoint(branch.then_block):
        mlir.scf.yield_(yes())
    with mlir.ir.InsertionPoint(branch.else_block):
        mlir.scf.yield_(no)
    return list(branch.results)


def choose_one(
    condition: Value, types: Sequence[Any], yes: Callable[[], list[Value]], no: Callable[[], list[Value]]
) -> list[Value]:
    """`yes()` where the condition holds, else `no()`; only one is computed."""
    branch = mlir.scf.IfOp(condition, list(types), has_else=True)
    with mlir.ir.InsertionPoint(branch.then_block):
        mlir.scf.yield_(yes())
    with mlir.ir.InsertionPoint(branch.else_block):
        mlir.scf.yield_(no())
    return list(branch.results)


def is_less(a: Value, b: Value) -> Value:
    return mlir.arith.cmpi(mlir.arith.CmpIPredicate.ult, a, b)


def is_at_most(a: Value, b: Value) -> Value:
    return mlir.arith.cmpi(mlir.arith.CmpIPredicate.ule, a, b)


def is_equal(a: Value, b: Value) -> Value:
    return mlir.arith.cmpi(mlir.arith.CmpIPredicate.eq, a, b)


def when(condition: Value, body: Callable[[], None]) -> None:
    branch = mlir.scf.IfOp(condition)
    with mlir.ir.InsertionPoint(branch.then_block):
        body()
        mlir.scf.yield_([])


def prefetch(pointer: Value) -> None:
    """Asks for the cache line of an address, which may be any, into the second-level cache."""
    read, second_level, data = 0, 2, 1
    mlir.llvm.intr_prefetch(pointer, read, second_level, data)
