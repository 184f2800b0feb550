"""What all layers share goes before the first of them."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.definition import KEEPERS


@dataclass(frozen=True, slots=True)
class Hoist:
    """Moves operations that depend on the positions but not on the tokens (rotary tables) to the front, if more than one layer reads what
    they make. Otherwise the first layer, which happens to hold them, would look unlike the others."""

    name: str = "hoist"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            if read.function_name(function) == "main":
                _hoist(read.body(function))


def _hoist(block: Any) -> None:
    ops = read.operations(block)
    token_ids = block.arguments[0]
    moving: set[Any] = {token_ids}  # values that depend on tokens
    layer: dict[Any, int] = {}
    fixed: list[Any] = []
    number = 0
    for op in ops:
        layer[op] = number
        if op.name in KEEPERS:
            number += 1
        if op.name in KEEPERS or any(value in moving for value in op.operands):
            moving.update(op.results)
        elif op.name != "aweigh.weight" and not op.name.startswith("torch.constant"):
            fixed.append(op)
    first = next((op for op in ops if any(value in moving for value in op.results)), None)
    if first is None:
        return
    placed: set[Any] = {block.arguments[1]} if len(block.arguments) > 1 else set()  # values that depend on positions
    for op in fixed:
        if any(value in placed for value in op.operands):
            placed.update(op.results)
    for op in _needed([op for op in fixed if _shared(op, layer, placed)], fixed, ops):
        if first.is_before_in_block(op):
            op.move_before(first)


def _shared(op: Any, layer: dict[Any, int], placed: set[Any]) -> bool:
    """Whether layers share what an operation makes. Of weights alone it may be made for one layer's second state, far behind it."""
    readers = {layer[user] for result in op.results for user in read.users(result) if user in layer}
    return len(readers) > 1 or (op.results[0] in placed and not readers <= {layer[op]})


def _needed(shared: list[Any], fixed: list[Any], ops: list[Any]) -> list[Any]:
    """`shared` and all that they are made from, in order."""
    wanted: set[Any] = set()
    waiting = list(shared)
    while waiting:
        op = waiting.pop()
        if op in wanted:
            continue
        wanted.add(op)
        waiting += [maker for value in op.operands if (maker := read.producer(value)) is not None]
    return [op for op in ops if op in wanted]
