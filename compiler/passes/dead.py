"""Removes what nobody reads."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.definition import KEEPERS

# Everything else that can stand in a module is a function of its operands.
_KEPT = KEEPERS | {f"torch.{name}" for name in KEEPERS} | {"func.return", "aweigh.yield"}


@dataclass(frozen=True, slots=True)
class Dead:
    """Erases operations without uses, except those that keep state, since they write it. One walk from the end."""

    name: str = "dead"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            sweep(read.body(function))


def sweep(block: Any) -> None:
    """Erases the dead operations of one block and of the blocks within it."""
    for op in reversed(read.operations(block)):
        if op.name == "aweigh.repeat":
            sweep(read.body(op))
        if read.kind(op) not in _KEPT and read.unused(op):
            op.erase()
