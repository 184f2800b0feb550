"""What compilation did, in numbers: operations before and after, what was raised, how layers were rolled, what activations take."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.proto.activations import described, of_function
from aweigh.proto.flat import flatten
from aweigh.proto.ops import VIEWS
from aweigh.proto.program import Block, Function, Program
from aweigh.proto.v1 import compiler_pb2 as pb

_EXAMPLE = 16  # of every symbol
_SHOWN = 0.005  # seconds of a pass that a person wants to see


@dataclass(frozen=True, slots=True)
class Memory:
    """Of what one function makes between its inputs and its outputs, and of these: bytes as a sum of products of its symbols.

    shared: where values that do not meet share bytes; apart: where each has its own; share: of these, where every symbol is 16.
    """

    function: str
    shared: str
    apart: str
    share: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """Attributes:
    imported: operations of torch in the imported module, constants and weights not counted.
    stored: ops in the Program, weights not counted: what is compiled.
    executed: the same with loops unrolled: what is run.
    raised: of `executed`, those of the aweigh dialect.
    launches: of `executed`, those that start work on a device: all but views.
    loops: iterations of each block that repeats, its ops, and those of them that are launches.
    kinds: ops in the Program by kind.
    memory: of each function.
    passes: seconds by name.
    """

    imported: int
    stored: int
    executed: int
    raised: int
    launches: int
    loops: tuple[tuple[int, int, int], ...]
    kinds: tuple[tuple[str, int], ...]
    memory: tuple[Memory, ...]
    passes: tuple[tuple[str, float], ...]

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        share = 100 * self.raised / max(self.executed, 1)
        yield f"operations imported    {self.imported}"
        yield f"ops executed per step  {self.executed}, {share:.0f} % of them raised, {self.launches} launches"
        yield f"ops in the Program     {self.stored}"
        for count, ops, launches in self.loops:
            yield f"loop                   {count} iterations of {ops} ops, {launches} launches each"
        for kind, number in self.kinds:
            yield f"  {number:5d}  {kind}"
        for one in self.memory:
            yield f"activations            {one.function}: {one.shared} bytes at once, {one.apart} without reuse"
        if self.passes:
            yield f"passes                 {sum(seconds for _, seconds in self.passes):.2f} s"
        for name, seconds in sorted(self.passes, key=lambda entry: -entry[1]):
            if seconds >= _SHOWN:
                yield f"  {seconds:5.2f}  {name}"

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


class Watch:
    """A watcher of the pipeline (`pipeline.Watcher`) that counts."""

    def __init__(self) -> None:
        self.imported = 0
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, module: Any, seconds: float) -> None:
        if name == "import":
            self.imported += imported_operations(module)
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def message(self) -> pb.CompileWork:
        """For the answer."""
        passes = [pb.CompileWork.Pass(name=name, seconds=seconds) for name, seconds in self.seconds.items()]
        return pb.CompileWork(imported=self.imported, passes=passes)


def imported_operations(module: Any) -> int:
    """Operations of an imported module that compute tensors, weights not counted."""
    return sum(
        "vtensor" in " ".join(str(result.type) for result in op.results) and read.kind(op) != "aweigh.weight"
        for function in read.functions(module)
        for op in read.operations(read.body(function))
    )


def statistics(program: Program, work: pb.CompileWork) -> Statistics:
    """Of a verified Program."""
    blocks = [block for function in program.functions for block in function.blocks]
    sizes = {id(block): [op for op in block.ops if op.kind != "weight"] for block in blocks}
    launches = {id(block): sum(op.kind not in VIEWS for op in sizes[id(block)]) for block in blocks}

    def run(count: dict[int, int]) -> int:
        return sum(count[id(block)] * block.repeat for block in blocks)

    return Statistics(
        imported=work.imported,
        stored=sum(map(len, sizes.values())),
        executed=run({id(block): len(sizes[id(block)]) for block in blocks}),
        raised=run({id(block): _raised(block) for block in blocks}),
        launches=run(launches),
        loops=tuple((block.repeat, len(sizes[id(block)]), launches[id(block)]) for block in blocks if block.repeat > 1),
        kinds=tuple(Counter(op.kind for ops in sizes.values() for op in ops).most_common()),
        memory=tuple(_memory(program, function) for function in program.functions),
        passes=tuple((entry.name, entry.seconds) for entry in work.passes),
    )


def _raised(block: Block) -> int:
    return sum(op.kind != "weight" and not op.kind.startswith("aten.") for op in block.ops)


def _memory(program: Program, function: Function) -> Memory:
    made = of_function(flatten(program, function))
    sizes = [_EXAMPLE] * len(function.symbols)
    return Memory(
        function.name,
        described(made.shared, function.symbols),
        described(made.apart, function.symbols),
        round(made.bytes(sizes) / max(made.bytes_apart(sizes), 1), 4),
    )
