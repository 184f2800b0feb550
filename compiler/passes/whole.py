"""Names the inputs and outputs of a function that stays whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import attribute
from aweigh.compiler.emit.names import DIMS, INPUTS, OPTIONAL, OUTPUTS, SYMBOLS


@dataclass(frozen=True, slots=True)
class Whole:
    """Says in attributes of @main what emission needs: `inputs` are the numbers of its arguments in the call, `dims` one entry per dimension
    of each, a size or -1 - the number of a symbol; outputs are numbered."""

    inputs: Sequence[int]
    dims: Sequence[Sequence[int]]
    symbols: Sequence[str]
    name: str = "whole"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            count = len(read.operations(read.body(function))[-1].operands)
            said = {
                INPUTS: [str(number) for number in self.inputs],
                OUTPUTS: [str(number) for number in range(count)],
                OPTIONAL: [False] * count,
                SYMBOLS: list(self.symbols),
                DIMS: [list(dims) for dims in self.dims],
            }
            for key, value in said.items():
                function.attributes[key] = attribute(value)
