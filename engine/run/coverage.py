"""`python -m aweigh.engine.run.coverage < PROGRAM`: how much of a decode step is native code on a CPU, and what is called one by one.

Only the composer knows (`compose.py`): whether a step fits native code follows from dtypes, layouts and sizes once a plan is bound. So it
is asked, with memory in the place of weights that nobody fills: all of them share the bytes of the largest. Whoever may not import this
room starts it as a process, as it would start a worker.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import torch

from aweigh.engine.run.model import Bound
from aweigh.engine.run.structure import Structure
from aweigh.kernels import load
from aweigh.memory.addresses import AddressTable
from aweigh.memory.core import Extent
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvStore
from aweigh.memory.weights import Weights
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_from_message
from aweigh.proto.program import Program
from aweigh.proto.v1 import program_pb2

_POOL_BYTES = 1 << 30  # reserved, not touched
_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one function: steps by name that run on its `tapes`, and steps that are called one by one. Views are not among them."""

    function: str
    tapes: int
    native: Counter[str]
    apart: Counter[str]

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        steps = self.native.total() + self.apart.total()
        starts = "1 tape" if self.tapes == 1 else f"{self.tapes} tapes"
        yield f"native steps           {self.function}: {self.native.total()} of {steps}, on {starts}"
        for kind, number in self.apart.most_common():
            yield f"  {number:5d}  {kind}, called by itself"


def coverage_of(program: Program) -> list[Coverage]:
    """Of each function, for one token (one row, one of whatever has a size).

    Raises:
        ProgramInvalid: it is no valid Program.
        ModuleNotFoundError: native code cannot be made here.
    """
    structure = Structure(program, fingerprint(program), load("cpu"), torch.device("cpu"))
    structure.open_pools(KvStore(HostArena(), _POOL_BYTES), _BLOCK)
    weights = _stand_ins(program)
    found = []
    for function in program.functions:
        with torch.inference_mode():
            bound = Bound(structure.plan(function.name, copies=False), structure, weights)
        made = bound.composition((1,) * len(function.symbols))
        found.append(Coverage(function.name, made.tapes, made.native, made.apart))
    return found


def _stand_ins(program: Program) -> Weights:
    sizes = [prod(slot.shape) * slot.dtype.size for slot in program.slots]
    arena = HostArena()
    bytes_B = arena.reserve(max(sizes, default=0) or 1).bytes_B
    tensors = [
        bytes_B[:size].view(getattr(torch, slot.dtype.torch_name)).view(slot.shape)
        for size, slot in zip(sizes, program.slots, strict=True)
    ]
    table = AddressTable(len(tensors), arena.device)
    table.place_all(tensors)
    return Weights(table, tuple(Extent("", 0, size) for size in sizes), (), arena, b"")


def main() -> None:
    """Reads a Program from standard input and prints its coverage."""
    message = program_pb2.Program.FromString(sys.stdin.buffer.read())
    try:
        found = coverage_of(program_from_message(message))
    except ModuleNotFoundError as error:
        print(f"native steps           none: {error}")
        return
    print("\n".join(line for one in found for line in one.lines()))


if __name__ == "__main__":
    main()
