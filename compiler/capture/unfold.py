"""Undoes `repeats.py`: a copy of the traced layer's nodes in the place of every `aweigh::again`, and no marks."""

import operator
from typing import Any

import torch
from torch.fx import Graph, Node

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)


def unfold(graph: Graph) -> None:
    """Changes the graph in place, to what it were if every layer had been traced."""
    begins = {node.kwargs["number"]: node for node in _calls(graph, torch.ops.aweigh.begin.default)}
    ends = {node.kwargs["number"]: node for node in _calls(graph, torch.ops.aweigh.end.default)}
    for node in _calls(graph, torch.ops.aweigh.again.default):
        number = node.kwargs["number"]
        _copy(graph, node, begins[number], ends[number])
    for mark in (*begins.values(), *ends.values()):
        _replace(graph, mark, list(_nodes(mark.args[0])))


def _copy(graph: Graph, node: Node, begin: Node, end: Node) -> None:
    same: dict[Node, Node] = dict(zip(_nodes(begin.args[1]), _nodes(node.args[1]), strict=True))
    inputs = list(_nodes(node.args[0]))
    at = begin.next
    with graph.inserting_before(node):
        while at is not end:
            if at.target is operator.getitem and at.args[0] is begin:
                index: Any = at.args[1]
                same[at] = inputs[index]
            else:
                same[at] = graph.node_copy(at, lambda one: same.get(one, one))
            at = at.next
    _replace(graph, node, [same.get(one, one) for one in _nodes(end.args[0])])


def _replace(graph: Graph, node: Node, values: list[Node]) -> None:
    for item in list(node.users):
        index: Any = item.args[1]
        item.replace_all_uses_with(values[index])
        graph.erase_node(item)
    graph.erase_node(node)


def _calls(graph: Graph, target: Any) -> list[Node]:
    return list(graph.find_nodes(op="call_function", target=target))


def _nodes(argument: Any) -> "list[Node]":
    assert isinstance(argument, list | tuple)
    return list(argument)
