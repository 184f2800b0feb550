"""A vector norm as sums of powers: one operator fewer in the closed list, by its definition."""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.graph import insert, replace

_aten = torch.ops.aten


def spell_out_norm(graph: Graph) -> None:
    """Changes `graph` in place: `linalg_vector_norm` of order 1 becomes sum(|x|), of order 2 sqrt(sum(x^2)), along given dimensions."""
    for node in list(graph.nodes):
        if node.target == _aten.linalg_vector_norm.default:
            _rewrite(graph, node)


def _rewrite(graph: Graph, node: Node) -> None:
    x: Any = node.args[0]
    order: Any = node.args[1] if len(node.args) > 1 else node.kwargs.get("ord", 2)
    dims: Any = node.args[2] if len(node.args) > 2 else node.kwargs.get("dim")
    keep = bool(node.args[3] if len(node.args) > 3 else node.kwargs.get("keepdim", False))
    if order not in (1, 2) or not dims or node.meta["val"].dtype != x.meta["val"].dtype:
        return
    power = insert(graph, node, _aten.abs.default, x) if order == 1 else insert(graph, node, _aten.mul.Tensor, x, x)
    made = insert(graph, node, _aten.sum.dim_IntList, power, list(dims), keep)
    replace(node, made if order == 1 else insert(graph, node, _aten.sqrt.default, made))
