"""What compilation did, in numbers: operations before and after, what was raised, how layers were rolled."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.proto.ops import VIEWS
from aweigh.proto.program import Program


@dataclass(frozen=True, slots=True)
class Statistics:
    """Attributes:
    imported: operations of torch in the imported module, constants and weights not counted.
    stored: ops in the Program, weights not counted: what is compiled.
    executed: the same with loops unrolled: what is run.
    raised: of `executed`, those of the aweigh dialect.
    loops: iterations of each block that repeats, its ops, and those of them that start work on a device: all but views.
    kinds: ops in the Program by kind.
    """

    imported: int
    stored: int
    executed: int
    raised: int
    loops: tuple[tuple[int, int, int], ...]
    kinds: tuple[tuple[str, int], ...]

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        share = 100 * self.raised / max(self.executed, 1)
        yield f"operations imported    {self.imported}"
        yield f"ops executed per step  {self.executed}, {share:.0f} % of them raised"
        yield f"ops in the Program     {self.stored}"
        for count, ops, launches in self.loops:
            yield f"loop                   {count} iterations of {ops} ops, {launches} launches each"
        for kind, number in self.kinds:
            yield f"  {number:5d}  {kind}"


def imported_operations(module: Any) -> int:
    """Operations of an imported module that compute tensors, weights not counted."""
    return sum(
        "vtensor" in " ".join(str(result.type) for result in op.results) and read.kind(op) != "aweigh.weight"
        for function in read.functions(module)
        for op in read.operations(read.body(function))
    )


def statistics(imported: int, program: Program) -> Statistics:
    """Of a Program that was made of so many imported operations."""
    blocks = [block for function in program.functions for block in function.blocks]
    sizes = {id(block): [op for op in block.ops if op.kind != "weight"] for block in blocks}
    return Statistics(
        imported=imported,
        stored=sum(len(ops) for ops in sizes.values()),
        executed=sum(len(sizes[id(block)]) * block.repeat for block in blocks),
        raised=sum(block.repeat for block in blocks for op in sizes[id(block)] if not op.kind.startswith("aten.")),
        loops=tuple(
            (block.repeat, len(sizes[id(block)]), sum(op.kind not in VIEWS for op in sizes[id(block)]))
            for block in blocks
            if block.repeat > 1
        ),
        kinds=tuple(Counter(op.kind for ops in sizes.values() for op in ops).most_common()),
    )
