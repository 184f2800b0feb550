"""Tapes: many tasks in one walk give what each gives alone, at any number of threads, as often as they are played."""

from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load, mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.linear import projection_for, projection_table
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.tape import Tape

CPU = load("cpu")
ROUNDS = 40


def tensor(*shape: int, dtype: torch.dtype, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def project(tape: Tape, x: Tensor, weight: Tensor, out: Tensor) -> int:
    native = projection_for(x, weight, None)
    assert native is not None
    return tape.add(native, projection_table(tape.threads, x, [(weight, None, out)]))


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("rows", [1, 6])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_chain_is_what_its_calls_are(threads: int, rows: int, dtype: torch.dtype) -> None:
    """Every link reads what all threads wrote in the one before; two links in the middle are independent of each other."""
    size = 192
    weights = [tensor(size, size, dtype=dtype, seed=seed).div_(14) for seed in range(12)]
    x = tensor(rows, size, dtype=dtype, seed=99)
    outs = [torch.empty_like(x) for _ in weights]
    tape = Tape(threads)
    expected: list[Tensor] = []
    for number, weight in enumerate(weights):
        beside = number == 6  # reads what the fifth wrote, as the sixth does
        project(tape, x if number == 0 else outs[number - 2 if beside else number - 1], weight, outs[number])
        before = x if number == 0 else expected[number - 2 if beside else number - 1]
        expected.append(CPU.linear(before, weight))
        if number != 5:
            tape.wait()
    ready = tape.ready()
    for _ in range(ROUNDS):
        for out in outs:
            out.fill_(float("nan"))
        ready.run()
        assert all(torch.equal(out, right) for out, right in zip(outs, expected, strict=True))


@cache
def stalling() -> Native:
    """A task in which thread 1 does nothing until a cell is not 0 any more, or for long; then it says what it saw."""

    def task(table: Any, thread: Any, threads: Any) -> tuple[Any, Any]:
        cell, seen = b.pointer_field(table, 1), b.pointer_field(table, 2)
        kind = b.integer_type()

        def stall() -> None:
            loop = mlir.scf.WhileOp([kind], [b.integer(0)])
            with mlir.ir.InsertionPoint(loop.before.blocks.append(kind)):
                rounds = loop.before.blocks[0].arguments[0]
                closed = b.is_equal(b.load_shared(cell), b.integer(0))
                mlir.scf.condition(mlir.arith.andi(closed, b.is_less(rounds, b.integer(1 << 32))), [rounds])
            with mlir.ir.InsertionPoint(loop.after.blocks.append(kind)):
                mlir.scf.yield_([b.add(loop.after.blocks[0].arguments[0], b.integer(1))])
            b.store(b.add(b.load_shared(cell), b.integer(1)), seen)

        b.when(b.is_equal(thread, b.integer(1)), stall)
        return b.integer(0), b.integer(0)

    return compiled(lambda: task)


@cache
def opening() -> Native:
    """A task of one part, which writes 1 to a cell."""

    def task(table: Any, thread: Any, threads: Any) -> tuple[Any, Any]:
        one = b.integer(1)
        taken = b.offset(table, b.integer(2), b.integer_type())
        return b.for_each_taken(taken, one, lambda _: b.store(one, b.pointer_field(table, 1))), one

    return compiled(lambda: task)


def test_a_thread_that_has_no_part_holds_nobody_up() -> None:
    """It is let go by the last record only, so with a barrier for all threads nobody would get there."""
    cells = torch.zeros(2, dtype=torch.int64)
    cell, seen = cells.data_ptr(), cells.data_ptr() + 8
    x, weight = (tensor(1, 64, dtype=torch.float32, seed=seed) for seed in (0, 1))
    out = torch.empty(1, 1)
    tape = Tape(2)
    tape.add(stalling(), (2, cell, seen))
    tape.wait()
    project(tape, x, weight, out)
    tape.wait()
    tape.add(opening(), (2, cell, 0))
    tape.ready().run()
    assert cells.tolist() == [1, 2], "the late thread found the cell open"
    assert torch.equal(out, CPU.linear(x, weight))


def test_an_entry_that_was_set_counts_from_then_on() -> None:
    x, other, weight = (tensor(1, 64, dtype=torch.float32, seed=seed) for seed in (0, 1, 2))
    out = torch.empty(1, 1)
    tape = Tape(2)
    record = project(tape, x, weight, out)
    ready = tape.ready()
    ready.run()
    assert torch.equal(out, CPU.linear(x, weight))
    ready.set([ready.place(record, 3)], other.data_ptr())
    for _ in range(2):
        ready.run()
        assert torch.equal(out, CPU.linear(other, weight))


def test_a_tape_of_nothing_is_nothing() -> None:
    tape = Tape(2)
    tape.wait()
    tape.ready().run()
    assert len(tape) == 0
