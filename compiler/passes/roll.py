"""Equal consecutive layers become one `aweigh.repeat`.

Which pieces of the function could be one loop is decided in `periods` on tokens. Here each operand of the piece is classified over all
iterations, and the first classification that holds for every operand makes the loop:

    weight      a weight in each iteration           -> `aweigh.weight` inside, with a table of names
    constant    a constant in each iteration         -> taken from outside, or `aweigh.constant` with a table
    internal    a result of the same iteration
    carried     a result of the iteration before; in the first iteration a value from outside -> an argument
    invariant   one and the same value from outside

What the first layer lacks of its predecessor's end (a norm folded into the residual sum before it) the loop simply takes from the end of
the last iteration: its boundary lies where fewest values cross it. Results that are read behind the loop must come from its last iteration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import Repeated, attributes
from aweigh.compiler.dialect.definition import KEEPERS
from aweigh.compiler.passes.loop import Argument, Loop, Table, write
from aweigh.compiler.passes.periods import Period, periods

# Attributes whose values may differ from layer to layer.
_NUMBERS = frozenset({"state", "scale", "window", "chunk", "softcap", "epsilon"})


@dataclass(frozen=True, slots=True)
class Roll:
    """Rolls what can be rolled in @main, the largest piece first, until nothing repeats."""

    name: str = "roll"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            while read.function_name(function) == "main" and _roll(read.body(function)):
                pass


def _roll(block: Any) -> bool:
    core = [op for op in read.operations(block)[:-1] if not _free(op)]
    names: dict[Any, int] = {}
    tokens = [names.setdefault(_token(op), len(names)) for op in core]
    anchors = [index for index, op in enumerate(core) if op.name in KEEPERS]
    for period in periods(tokens, anchors)[:8]:
        for first in _starts(core, period):
            loop = _classify(core[first : first + period.length * period.count], period)
            if loop is not None:
                write(loop)
                return True
    return False


def _free(op: Any) -> bool:
    """Whether an operation belongs to no place: weights, constants, and integers made of them and of sizes of arguments."""
    if op.name == "aweigh.weight" or op.name.startswith("torch.constant."):
        return True
    if not all(_scalar(str(result.type)) for result in op.results):
        return False
    return all(
        (maker := read.producer(value)) is None or (_free(maker) and maker.name != "aweigh.weight")
        for value in op.operands
    )


def _scalar(kind: str) -> bool:
    return kind in ("!torch.int", "!torch.float", "!torch.bool", "!torch.list<int>")


def _token(op: Any) -> Any:
    """Equal for operations that could be one operation of a loop."""
    said = [(name, None if name in _NUMBERS else str(op.attributes[name])) for name in op.attributes]
    return (
        op.name,
        tuple(said),
        tuple(str(result.type) for result in op.results),
        tuple(_operand_token(value) for value in op.operands),
    )


def _operand_token(value: Any) -> Any:
    maker = read.producer(value)
    if maker is not None and maker.name == "torch.constant.float":
        return "a number"
    if maker is not None and maker.name != "aweigh.weight" and _free(maker):
        return _tree(value)
    return (maker is not None and maker.name == "aweigh.weight", str(value.type))


def _tree(value: Any) -> Any:
    """A free value by what it is made of; any other is itself."""
    maker = read.producer(value)
    if maker is None or not _free(maker):
        return value
    said = tuple((name, str(maker.attributes[name])) for name in maker.attributes)
    return (maker.name, said, tuple(_tree(operand) for operand in maker.operands))


def _starts(core: Sequence[Any], period: Period) -> list[int]:
    """Possible first operations of a loop, those first that fewest values would be carried over."""

    def crossing(first: int) -> int:
        piece = set(core[first : first + period.length])
        behind = set(core[first + period.length :])
        return sum(any(user in behind for user in read.users(value)) for op in piece for value in op.results)

    candidates = range(period.first, period.first + period.slack + 1)
    return sorted(candidates, key=lambda first: (crossing(first), first))


def _classify(ops: Sequence[Any], period: Period) -> Loop | None:
    place = {
        value: (i // period.length, i % period.length, j)
        for i, op in enumerate(ops)
        for j, value in enumerate(op.results)
    }
    iterations = [ops[i * period.length : (i + 1) * period.length] for i in range(period.count)]
    loop = Loop(iterations)
    for position in range(period.length):
        layers = [iteration[position] for iteration in iterations]
        if not _attributes(loop, position, layers):
            return None
        for slot in range(len(layers[0].operands)):
            values = [layer.operands[slot] for layer in layers]
            if not _operand(loop, (position, slot), values, place):
                return None
    return loop if _leaves_at_the_end(loop, place, set(ops)) else None


def _attributes(loop: Loop, position: int, layers: Sequence[Any]) -> bool:
    if not layers[0].name.startswith("aweigh."):
        return True
    said = [attributes(layer) for layer in layers]
    for name in said[0]:
        values = [entry[name] for entry in said]
        if any(value != values[0] for value in values):
            if any(isinstance(value, Repeated) for value in values):
                return False
            loop.attributes[(position, name)] = Repeated(values)
    return True


def _operand(loop: Loop, where: tuple[int, int], values: Sequence[Any], place: dict[Any, tuple[int, int, int]]) -> bool:
    spots = [place.get(value) for value in values]
    if all(spot is not None and spot[0] == i for i, spot in enumerate(spots)):
        return len({spot[1:] for spot in spots if spot is not None}) == 1
    if spots[0] is None and all(spot is not None and spot[0] == i for i, spot in enumerate(spots[1:])):
        later = {spot[1:] for spot in spots[1:] if spot is not None}
        if len(later) != 1:
            return False
        position, result = next(iter(later))
        loop.arguments[where] = Argument(values[0], position, result)
        return True
    if any(spot is not None for spot in spots):
        return False
    if all(value == values[0] for value in values):
        return True
    return _from_outside(loop, where, values)


def _from_outside(loop: Loop, where: tuple[int, int], values: Sequence[Any]) -> bool:
    makers = [read.producer(value) for value in values]
    if all(maker is not None and maker.name == "aweigh.weight" for maker in makers):
        names = [attributes(maker)["name"] for maker in makers]
        if any(isinstance(name, Repeated) for name in names) or any(value.type != values[0].type for value in values):
            return False
        loop.tables[where] = Table("weight", "name", Repeated(names), values[0].type)
        return True
    said = [read.constant(value) for value in values]
    if all(isinstance(value, float) for value in said) and any(value != said[0] for value in said):
        loop.tables[where] = Table("constant", "value", Repeated(said), values[0].type)
        return True
    return all(_tree(value) == _tree(values[0]) for value in values)


def _leaves_at_the_end(loop: Loop, place: dict[Any, tuple[int, int, int]], ours: set[Any]) -> bool:
    """Whether all that is read behind the loop comes from the last iteration; notes it."""
    last = len(loop.iterations) - 1
    for value, (iteration, position, result) in place.items():
        if any(user not in ours for user in read.users(value)):
            if iteration != last:
                return False
            loop.leaving.append((value, position, result))
    return True
