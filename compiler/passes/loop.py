"""Writing a loop: the first iteration's operations move into the body of `aweigh.repeat`, the others go."""

from dataclasses import dataclass, field
from typing import Any

from aweigh.compiler.dialect import tensors
from aweigh.compiler.dialect.build import Repeated, attribute, attributes, build, pack, unpack
from aweigh.compiler.passes.aten import alternated
from aweigh.compiler.passes.layers import MARK
from aweigh.kernels import mlir


@dataclass(frozen=True, slots=True)
class Argument:
    """A loop-carried value: what it is at first, and the result of the body that it is in the next iteration."""

    initial: Any
    position: int
    result: int


@dataclass(frozen=True, slots=True)
class Table:
    """An operation without operands, `aweigh.<name>`, whose one attribute differs per iteration."""

    name: str
    attribute: str
    items: Repeated
    type: Any


@dataclass(slots=True)
class Loop:
    """A loop that was recognised. Keys are (position in the body, number of the operand), or (position, name of the attribute)."""

    iterations: list[Any]
    attributes: dict[tuple[int, str], Repeated] = field(default_factory=dict)
    arguments: dict[tuple[int, int], Argument] = field(default_factory=dict)
    tables: dict[tuple[int, int], Table] = field(default_factory=dict)
    leaving: list[tuple[Any, int, int]] = field(default_factory=list)


def write(loop: Loop) -> None:
    """Replaces the operations of the loop by one `aweigh.repeat` in the place of the last of them."""
    ir = mlir.ir
    arguments = list(dict.fromkeys(loop.arguments.values()))
    anchor = loop.iterations[-1][-1]
    body = list(loop.iterations[0])
    lists = ir.Type.parse("!torch.list<vtensor>")
    gathered = _unmark(body)
    carried = [(argument.position, argument.result) for argument in arguments]
    extra = list(dict.fromkeys(spot for _, *rest in loop.leaving if (spot := tuple(rest)) not in carried))
    with ir.InsertionPoint(anchor), anchor.location:
        initial = pack([argument.initial for argument in arguments])
        repeat = ir.Operation.create(
            "aweigh.repeat",
            results=[lists, lists],
            operands=[initial],
            attributes={"count": attribute(len(loop.iterations))},
            regions=1,
        )
        types = [body[position].results[result].type for position, result in (*carried, *extra)]
        results = unpack(repeat.results[0], types)
        if gathered:
            _gather(repeat, [value.type for value in gathered], len(loop.iterations))
    block = repeat.regions[0].blocks.append(*[argument.initial.type for argument in arguments])
    _fill(loop, block, body, dict(zip(arguments, block.arguments, strict=True)))
    with ir.InsertionPoint(block), ir.Location.unknown():
        kept = pack([body[position].results[result] for position, result in (*carried, *extra)])
        build("yield", {"carried": kept, "collected": pack(gathered)}, {}, [])
    spots = [*carried, *extra]
    for value, position, result in loop.leaving:
        value.replace_all_uses_with(results[spots.index((position, result))])
    for iteration in reversed(loop.iterations[1:]):
        for op in reversed(iteration):
            op.erase()


def _unmark(body: list[Any]) -> list[Any]:
    """The values of the body that are marked as inputs of layers, in order; the marks go."""
    found = []
    for op in body:
        if MARK in op.attributes:
            found.append(op.results[attributes(op, marks=True)[MARK]])
            del op.attributes[MARK]
    return found


def _gather(repeat: Any, kinds: list[Any], count: int) -> None:
    """Stacks what the loop collected in the order of layers, and marks it."""
    types = []
    for kind in kinds:
        shape = tensors.parse(str(kind))
        assert shape is not None
        types.append(tensors.write(tensors.TensorShape((count, *shape.dims), shape.dtype)))
    values = unpack(repeat.results[1], types)
    stack = values[0] if len(values) == 1 else alternated(values)
    stack.owner.attributes[MARK] = attribute(0)


def _fill(loop: Loop, block: Any, body: list[Any], places: dict[Argument, Any]) -> None:
    made: dict[Any, Any] = {}
    for position, op in enumerate(body):
        for slot in range(len(op.operands)):
            if (argument := loop.arguments.get((position, slot))) is not None:
                op.operands[slot] = places[argument]
            elif (table := loop.tables.get((position, slot))) is not None:
                if table not in made:
                    with mlir.ir.InsertionPoint(block), op.location:
                        made[table] = build(table.name, {}, {table.attribute: table.items}, [table.type])[0]
                op.operands[slot] = made[table]
        for (place, name), items in loop.attributes.items():
            if place == position:
                op.attributes[name] = attribute(items)
        block.append(op)
