"""The number that a value of a graph is filled with, whatever its shape."""

from typing import Any

import pytest
import torch
from torch.fx import symbolic_trace

from aweigh.compiler.capture.filled import filled_with

_aten = torch.ops.aten


def node(*calls: tuple[Any, ...]) -> torch.fx.Node:
    """The last of `calls`; each is an operator and its arguments, where ... is the call before."""
    graph = symbolic_trace(torch.nn.Identity()).graph
    made: Any = next(iter(graph.nodes))
    for target, *arguments in calls:
        made = graph.call_function(target, tuple(made if each is ... else each for each in arguments))
    assert isinstance(made, torch.fx.Node)
    return made


ZEROS = (_aten.zeros_like.default, ...)


@pytest.mark.parametrize(
    ("calls", "wanted"),
    [
        ([ZEROS], 0.0),
        ([ZEROS, (_aten.select.int, ..., 2, 0), (_aten.eq.Scalar, ..., 1)], 0.0),
        ([(_aten.full.default, [3], 2.5), (_aten.to.dtype, ..., torch.int64)], 2.0),
        ([(_aten.full.default, [3], -1), (_aten.to.dtype, ..., torch.bool)], 1.0),
        ([ZEROS, (_aten.eq.Scalar, ..., 1), (_aten.where.Scalar, ..., 7, -1)], -1.0),
        ([(_aten.ones.default, [4]), (_aten.mul.Tensor, ..., 3)], 3.0),
        ([(_aten.arange.default, 4)], None),
        ([(_aten.neg.default, ...)], None),
        ([(_aten.eq.Scalar, ..., 1)], None),
    ],
)
def test_filled(calls: list[tuple[object, ...]], wanted: float | None) -> None:
    assert filled_with(node(*calls)) == wanted
