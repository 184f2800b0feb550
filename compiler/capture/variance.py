"""A variance as means of squares: one operator fewer in the closed list, by its definition."""

import math
from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.graph import insert, replace

_aten = torch.ops.aten


def spell_out_variance(graph: Graph) -> None:
    """Changes `graph` in place: `var.correction` over dimensions of known size becomes mean((x - mean(x))^2), corrected."""
    for node in list(graph.nodes):
        if node.target == _aten.var.correction:
            _rewrite(graph, node)


def _rewrite(graph: Graph, node: Node) -> None:
    x: Any = node.args[0]
    dims: Any = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim")
    sizes = [x.meta["val"].shape[dim] for dim in dims or ()]
    if not sizes or not all(isinstance(size, int) for size in sizes):
        return
    given: Any = node.kwargs.get("correction")
    count, correction = math.prod(sizes), 1.0 if given is None else float(given)
    mean = insert(graph, node, _aten.mean.dim, x, list(dims), True)
    distance = insert(graph, node, _aten.sub.Tensor, x, mean)
    square = insert(graph, node, _aten.mul.Tensor, distance, distance)
    made = insert(graph, node, _aten.mean.dim, square, list(dims), bool(node.kwargs.get("keepdim", False)))
    if correction:
        made = insert(graph, node, _aten.mul.Scalar, made, count / max(count - correction, 0.0))
    replace(node, made)
