"""One captured function becomes one function of the Program, as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.emit.names import INPUTS, OPTIONAL, OUTPUTS, SYMBOL
from aweigh.kernels import mlir


@dataclass(frozen=True, slots=True)
class Whole:
    """Calls @main `function` and says names of inputs and outputs in attributes. `symbol`: of its sizes, empty where all are fixed."""

    function: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    symbol: str
    name: str = "whole"

    def run(self, module: Any) -> None:
        ir = mlir.ir
        for function in read.functions(module):
            if read.function_name(function) == "main":
                function.attributes["sym_name"] = ir.StringAttr.get(self.function)
                function.attributes[SYMBOL] = ir.StringAttr.get(self.symbol)
                for key, names in ((INPUTS, self.inputs), (OUTPUTS, self.outputs)):
                    function.attributes[key] = ir.ArrayAttr.get([ir.StringAttr.get(name) for name in names])
                function.attributes[OPTIONAL] = ir.ArrayAttr.get([ir.BoolAttr.get(False) for _ in self.outputs])
