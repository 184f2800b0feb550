"""Names the inputs and outputs of a function that stays whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import attribute
from aweigh.compiler.emit.names import DIMS, INPUTS, OPTIONAL, OUTPUTS, SYMBOLS


@dataclass(frozen=True, slots=True)
class Whole:
    """Says in attributes of @main what emission needs: `inputs` are the names of its arguments, or their numbers in the call, `dims` one
    entry per dimension of each, a size or -1 - the number of a symbol (none: what is open is the one symbol); outputs are named, or numbered.
    `function`: what @main is called from here on."""

    inputs: Sequence[int | str]
    dims: Sequence[Sequence[int]]
    symbols: Sequence[str]
    function: str = "main"
    outputs: Sequence[str] = ()
    name: str = "whole"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            count = len(read.operations(read.body(function))[-1].operands)
            said: dict[str, Any] = {
                "sym_name": self.function,
                INPUTS: [str(number) for number in self.inputs],
                OUTPUTS: list(self.outputs) or [str(number) for number in range(count)],
                OPTIONAL: [False] * count,
                SYMBOLS: list(self.symbols),
            }
            if self.dims:
                said[DIMS] = [list(dims) for dims in self.dims]
            for key, value in said.items():
                function.attributes[key] = attribute(value)
