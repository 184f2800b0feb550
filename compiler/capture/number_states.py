"""Numbers the states of a captured graph in the order of the operators that keep them, whoever put them there."""

import torch
from torch.fx import Graph

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)

_KEEPERS = frozenset(
    {
        torch.ops.aweigh.attend.default,
        torch.ops.aweigh.select.default,
        torch.ops.aweigh.cross_attend.default,
        torch.ops.aweigh.causal_conv.default,
        torch.ops.aweigh.scan.default,
        torch.ops.aweigh.log_scan.default,
    }
)


def number_states(graph: Graph) -> None:
    """Rewrites the argument `layer` of every operator that keeps state: 0, 1, 2, ..."""
    number = 0
    for node in graph.nodes:
        if node.target in _KEEPERS:
            node.kwargs = {**node.kwargs, "layer": number}
            number += 1
