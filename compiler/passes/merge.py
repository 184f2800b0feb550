"""Projections of one value, taken together."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import operands
from aweigh.compiler.passes.replace import raised


@dataclass(frozen=True, slots=True)
class Merge:
    """Several `aweigh.linear` of one x, all with a bias or all without -> one `aweigh.merged_linear` in the place of the first.

    The weights stay apart, each in its slot; a transposed weight is left alone.
    """

    name: str = "merge"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            groups: dict[tuple[Any, bool], list[Any]] = {}
            for entry in read.operations(read.body(function)):
                if entry.name == "aweigh.linear" and "transposed" not in entry.attributes:
                    given = operands(entry)
                    groups.setdefault((given["x"], given["bias"] is not None), []).append(entry)
            for (x, biased), linears in groups.items():
                if len(linears) > 1:
                    _merge(x, biased, linears)


def _merge(x: Any, biased: bool, linears: list[Any]) -> None:
    given = [operands(linear) for linear in linears]
    both = {
        "x": x,
        "weights": [entry["weight"] for entry in given],
        "biases": [entry["bias"] for entry in given] if biased else [],
    }
    raised(linears[0], "merged_linear", both, {}, [linear.results[0] for linear in linears])
