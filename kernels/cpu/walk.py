"""A tape: a step's tasks one behind the other, which all threads walk through together without coming back.

A thread runs a record's task, which takes parts until none is left, and adds those that it did to a counter. Where a record asks for it, the
thread then waits until as many parts are done as there are, of this record and those since the last wait: for the work, that is, and not for the
other threads. One that has lost its core to somebody else holds nobody up unless it has a part in its hands, and finds nothing left to
take when it comes back.

Whoever waits asks again at once, with a pause of the processor between, and after some hundred times gives its core away each time: on
a machine with more threads than cores, the one that it waits for may be without.

The task reads a table of 64-bit integers:
    threads, count of records, then per record: address of what `native.py` calls its `record`, address of its table,
    address of a counter of parts done, 0 in the beginning, which it shares with the records up to the next one that waits, whether to wait
"""

import platform

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import Value

HEADER, PER_RECORD = 2, 4
_SPINS = 500
"""Times that a thread asks before it gives its core away: some microseconds."""
_PAUSES = {"x86_64": "llvm.x86.sse2.pause", "AMD64": "llvm.x86.sse2.pause"}


def walk(table: Value, thread: Value, threads: Value) -> None:
    """Builds what one thread does."""

    def record(index: Value, expected: list[Value]) -> list[Value]:
        at = b.add(b.multiply(index, b.integer(PER_RECORD)), b.integer(HEADER))
        entry = b.offset(table, at, b.integer_type())
        done = b.pointer_field(entry, 2)
        arguments = [b.pointer_field(entry, 0), b.pointer_field(entry, 1), thread, threads, done]
        there_are = b.add(expected[0], mlir.llvm.call(b.integer_type(), arguments, [], []))
        waits = b.is_less(b.integer(0), b.field(entry, 3))

        def wait() -> list[Value]:
            _wait(done, there_are)
            return [b.integer(0)]

        return b.choose(waits, [b.integer_type()], wait, [there_are])

    b.fold(b.integer(0), b.field(table, 1), 1, [b.integer(0)], record)


def _wait(done: Value, count: Value) -> None:
    """Until as many parts are done."""
    kind = b.integer_type()
    loop = mlir.scf.WhileOp([kind], [b.integer(0)])
    with mlir.ir.InsertionPoint(loop.before.blocks.append(kind)):
        asked = loop.before.blocks[0].arguments[0]
        mlir.scf.condition(b.is_less(b.load_shared(done), count), [asked])
    with mlir.ir.InsertionPoint(loop.after.blocks.append(kind)):
        asked = loop.after.blocks[0].arguments[0]
        gives = b.is_less(b.integer(_SPINS), asked)
        branch = mlir.scf.IfOp(gives, has_else=True)
        with mlir.ir.InsertionPoint(branch.then_block):
            mlir.llvm.call(mlir.ir.IntegerType.get_signless(32), [], [], [], callee="sched_yield")
            mlir.scf.yield_([])
        with mlir.ir.InsertionPoint(branch.else_block):
            pause = _PAUSES.get(platform.machine())
            if pause is not None:
                mlir.llvm.call_intrinsic(None, pause, [], [], [])
            mlir.scf.yield_([])
        mlir.scf.yield_([b.add(asked, b.integer(1))])
