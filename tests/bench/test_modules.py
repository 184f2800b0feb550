"""The second part of docs/coverage.md: its rows, and that each part is written without the other."""

import ast
import math

import numpy
import pytest
from bench import modules

from aweigh.compiler.coverage import report
from aweigh.compiler.coverage.verdict import Verdict

PROGRAM = {"imported": 60, "executed": 48, "launches": 25, "raised": 12, "memory": [{"share": 0.152}]}
ROWS = [
    modules.Row("vit", "ViT", True, 3e-8, [PROGRAM], []),
    modules.Row("bart", "Bart", False, 0.0, [], ["it returns a|b"]),
    modules.Row("odd", "Odd", False, None, [], []),
]


def test_a_row_says_what_ran_where() -> None:
    first, second, third = map(str, ROWS)
    assert first == "| vit | `ViT` | yes | 3.0e-08 | 60 | 48 | 25 | 25% | 15% |  |"
    assert second == "| bart | `Bart` | no | 0.0e+00 |  |  |  |  |  | it returns a/b |"
    assert "| another shape |" in third


def test_each_part_of_the_page_is_made_without_the_other() -> None:
    types = report.markdown({"llama": Verdict(equal=True)})
    both = modules.page(ROWS, types)
    assert both.startswith(types) and "**2 of 3 kinds give the same**, 1 of them remote." in both
    again = report.markdown({"llama": Verdict(), "opt": Verdict()}, both)
    assert "| opt | no |" in again and again.endswith(both.removeprefix(types).lstrip("\n"))
    assert modules.page(ROWS, again) == again


def test_the_page_has_every_kind() -> None:
    part = modules.PAGE.read_text(encoding="utf-8").partition(report.MODULES)[2]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in part.splitlines() if line.startswith("| ")][2:]
    assigned = {}
    for node in ast.parse(modules.SCRIPT.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name):
            assigned[node.targets[0].id] = [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
    assert rows == [*assigned["LIBRARY"], *assigned["OWN"]], "make it anew: python -m bench.modules --write"


@pytest.mark.parametrize(("other", "expected"), [([1.0, 4.5], 0.125), ([1.0, 4.0, 3.0], None)])
def test_differences_are_relative_and_shapes_count(other: list[float], expected: float | None) -> None:
    assert modules.difference({"a 0": numpy.array([1.0, 4.0])}, {"a 0": numpy.array(other)}) == expected
    assert modules.difference({"a 0": numpy.array([1.0])}, {}) is None
    odd = {"a 0": numpy.array([1.0, numpy.nan])}
    assert modules.difference({"a 0": numpy.array([1.0, 4.0])}, odd) == math.inf
    assert modules.difference(odd, odd) == 0.0
