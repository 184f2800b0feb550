"""Indexing with dimensions left out: x[:, i] becomes an index of the leading dimensions, between two permutations.

The operands of a Program's op are values, and a list of them has no holes.
"""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.graph import insert, replace

_aten = torch.ops.aten


def fill_holes(graph: Graph) -> None:
    """Changes `aten.index.Tensor` and `aten.index_put` in place, so that no index is None."""
    for node in list(graph.nodes):
        if node.target not in (_aten.index.Tensor, _aten.index_put.default):
            continue
        indices: Any = list(node.args[1])
        while indices and indices[-1] is None:
            indices.pop()
        if None in indices:
            _fill(graph, node, indices)
        elif len(indices) != len(node.args[1]):
            node.args = (node.args[0], indices, *node.args[2:])


def _fill(graph: Graph, node: Node, indices: list[Any]) -> None:
    x: Any = node.args[0]
    rank = x.meta["val"].dim()
    taken = [place for place, index in enumerate(indices) if index is not None]
    order = [*taken, *(place for place in range(rank) if place not in taken)]
    given = [indices[place] for place in taken]
    turned = insert(graph, node, _aten.permute.default, x, order)
    if node.target == _aten.index_put.default:
        _put(graph, node, turned, given, order)
        return
    found = insert(graph, node, _aten.index.Tensor, turned, given)
    spread = max(index.meta["val"].dim() for index in given)
    before = taken[0] if taken == list(range(taken[0], taken[0] + len(taken))) else 0
    if before:
        whole = spread + rank - len(taken)
        back = [*range(spread, spread + before), *range(spread), *range(spread + before, whole)]
        found = insert(graph, node, _aten.permute.default, found, back)
    replace(node, found)


def _put(graph: Graph, node: Node, turned: Node, given: list[Any], order: list[int]) -> None:
    values: Any = node.args[2]
    spread = max(index.meta["val"].dim() for index in given)
    taken = order[: len(given)]
    before = taken[0] if taken == list(range(taken[0], taken[0] + len(taken))) else 0
    whole = spread + len(order) - len(given)
    if before:
        while values.meta["val"].dim() < whole:
            values = insert(graph, node, _aten.unsqueeze.default, values, 0)
        forth = [*range(before, before + spread), *range(before), *range(before + spread, whole)]
        values = insert(graph, node, _aten.permute.default, values, forth)
    put = insert(graph, node, _aten.index_put.default, turned, given, values, *node.args[3:])
    back = [order.index(place) for place in range(len(order))]
    replace(node, insert(graph, node, _aten.permute.default, put, back))
