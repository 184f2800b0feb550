"""A module whose functions are split becomes a Program."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.emit.function import emit_function
from aweigh.compiler.emit.shapes import TOKENS_AND_ROWS, Samples
from aweigh.compiler.emit.slots import Slots, States
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.program import Program
from aweigh.proto.verify import verify


@dataclass(frozen=True, slots=True)
class Emitted:
    """A Program and, by slot, the name of the parameter that belongs there; names are no part of the Program."""

    program: Program
    names: tuple[str, ...]


def emit(module: Any, points: tuple[tuple[int, ...], ...] = TOKENS_AND_ROWS) -> Emitted:
    """Emits every function of `module`, in its context. `points`: sizes of the symbols to try, a tuple of all symbols each.

    Raises:
        UnsupportedModel: an operation has no counterpart in a Program.
    """
    slots, states = Slots(), States()
    functions = tuple(emit_function(function, slots, states, Samples(points)) for function in read.functions(module))
    program = Program(tuple(slots.slots), states.all(), functions)
    try:
        verify(program)
    except ProgramInvalid as error:
        raise AssertionError(f"the compiler made an invalid Program: {error}") from error
    return Emitted(program, tuple(slots.names))
