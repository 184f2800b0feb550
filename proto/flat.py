"""A Program's function without blocks: every iteration written out, tables resolved, equal work done once.

Values are numbered anew. Pure ops with equal operands and attributes are one instruction (hash consing), so whatever a repeated
block computes from nothing but the outside, rotary tables for instance, runs once and not per layer. Ops with an effect on state stay
in order. A recurrent state has one op that reads and writes it: a second one would not see what the first one wrote.
"""

from dataclasses import dataclass, field

from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.ops import STATEFUL
from aweigh.proto.program import Attribute, Block, Function, Op, Operand, Program, RecurrentState, Table, TensorType
from aweigh.proto.verify import value_types

MAX_INSTRUCTIONS = 100_000
MAX_WORK = 2_000_000  # operands and ops of all iterations, found again or not: what writing a function out costs
EFFECTS = STATEFUL
COLLECT = "collect"  # of the values of one list operand: stacked along a new first dimension


@dataclass(frozen=True, slots=True)
class Instruction:
    """One op of one iteration. `operands` and `results` are value numbers of the flat function."""

    kind: str
    operands: tuple[Operand, ...]
    attributes: tuple[tuple[str, Attribute], ...]
    results: tuple[int, ...]


@dataclass(slots=True)
class Flat:
    """A flat function; `types[v]` is the declared type of value v. Inputs are values 0, 1, ... `unproved` are first results of
    instructions whose shapes nobody can foretell: the check of shapes leaves them to the step."""

    function: Function
    types: list[TensorType] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    outputs: dict[str, int] = field(default_factory=dict)
    unproved: set[int] = field(default_factory=set)
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def emit(self, op: Op, operands: tuple[Operand, ...], iteration: int) -> tuple[int, ...]:
        """Appends an op of an iteration, or finds the instruction that computed it before. Returns its results."""
        attributes = tuple((name, _resolve(value, iteration)) for name, value in op.attributes)
        # As text, since 1, 1.0 and True are equal as keys but not as attributes.
        key = f"{op.kind} {operands} {attributes!r}"
        if op.kind not in EFFECTS and key in self._seen:
            return self._seen[key]
        if len(self.instructions) >= MAX_INSTRUCTIONS:
            raise ProgramInvalid(f"function {self.function.name!r} runs more than {MAX_INSTRUCTIONS} ops")
        results = tuple(range(len(self.types), len(self.types) + len(op.results)))
        self.types.extend(op.results)
        self.instructions.append(Instruction(op.kind, operands, attributes, results))
        self._seen[key] = results
        return results


def flatten(program: Program, function: Function) -> Flat:
    """Writes a verified function out. Raises ProgramInvalid if that becomes too long."""
    if sum(map(_work, function.blocks)) > MAX_WORK:
        raise ProgramInvalid(f"function {function.name!r} is longer than {MAX_WORK} ops and operands when written out")
    declared = value_types(program, function)
    flat = Flat(function)
    flat.types.extend(entry.type for entry in function.inputs)
    values: list[int] = list(range(len(function.inputs)))
    for block in function.blocks:
        _flatten_block(flat, block, values)
    used = [dict(entry.attributes)["state"] for entry in flat.instructions if entry.kind in EFFECTS]
    for state in used:
        if isinstance(program.states[state], RecurrentState) and used.count(state) > 1:  # type: ignore[index]
            raise ProgramInvalid(f"recurrent state {state} is used by two ops of function {function.name!r}")
    assert len(values) == len(declared), "values are numbered as the verifier numbers them"
    flat.outputs = {output.name: values[output.value] for output in function.outputs}
    return flat


def _flatten_block(flat: Flat, block: Block, values: list[int]) -> None:
    first = len(values)
    carried = [values[value] for value in block.initial]
    collected: list[list[int]] = [[] for _ in block.collects]
    yielded: list[int] = []
    for iteration in range(block.repeat):
        del values[first:]
        values.extend(carried)
        for op in block.ops:
            operands = tuple(_renumber(operand, values) for operand in op.operands)
            values.extend(flat.emit(op, operands, iteration))
        yielded = [values[value] for value in block.yields]
        carried = yielded[: len(block.initial)]
        for place, value in zip(collected, block.collects, strict=True):
            place.append(values[value])
    values.extend(yielded)
    for place in collected:
        inner = flat.types[place[0]]
        op = Op(COLLECT, (), (TensorType(inner.dtype, (block.repeat, *inner.dims)),))
        values.extend(flat.emit(op, (tuple(place),), 0))


def _work(block: Block) -> int:
    lists = sum(len(operand) for op in block.ops for operand in op.operands if isinstance(operand, tuple))
    ops = sum(1 + len(op.operands) + len(op.results) for op in block.ops)
    return block.repeat * (1 + ops + lists + len(block.initial) + len(block.yields) + len(block.collects))


def _renumber(operand: Operand, values: list[int]) -> Operand:
    if operand is None:
        return None
    return values[operand] if isinstance(operand, int) else tuple(values[value] for value in operand)


def _resolve(value: Attribute, iteration: int) -> Attribute:
    return value.items[iteration % len(value.items)] if isinstance(value, Table) else value
