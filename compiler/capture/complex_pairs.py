"""Complex numbers become pairs of real ones: rotary embeddings that are written as products of complex numbers.

A Program has no complex dtype that kernels know. Every complex value is held as its real and imaginary part; views act on both.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture import local_rules as rules
from aweigh.compiler.capture.graph import insert, replace
from aweigh.proto.errors import UnsupportedModel

_aten = torch.ops.aten
Pair = tuple[Any, Any]


def _polar(graph: Graph, node: Node, pairs: dict[Node, Pair]) -> Pair:
    length, angle = node.args
    cos, sin = insert(graph, node, _aten.cos.default, angle), insert(graph, node, _aten.sin.default, angle)
    if isinstance(length, Node) and length.target in (_aten.ones_like.default, _aten.ones.default):
        return cos, sin
    if isinstance(length, Node) and length.target == _aten.full_like.default and length.args[1] == 1:
        return cos, sin
    return insert(graph, node, _aten.mul.Tensor, length, cos), insert(graph, node, _aten.mul.Tensor, length, sin)


def _from_real(graph: Graph, node: Node, pairs: dict[Node, Pair]) -> Pair:
    (real,) = node.args
    return insert(graph, node, _aten.select.int, real, -1, 0), insert(graph, node, _aten.select.int, real, -1, 1)


def _product(graph: Graph, node: Node, pairs: dict[Node, Pair]) -> Pair:
    def mul(one: Any, other: Any) -> Node:
        return insert(graph, node, _aten.mul.Tensor, one, other)

    left, right = node.args[0], node.args[1]
    if left not in pairs:
        left, right = right, left
    (a, b) = pairs[left]  # type: ignore[index]
    if right not in pairs:
        return mul(a, right), mul(b, right)
    (c, d) = pairs[right]  # type: ignore[index]
    real = insert(graph, node, _aten.sub.Tensor, mul(a, c), mul(b, d))
    return real, insert(graph, node, _aten.add.Tensor, mul(a, d), mul(b, c))


_RULES: dict[Any, Callable[[Graph, Node, dict[Node, Pair]], Pair]] = {
    _aten.polar.default: _polar,
    _aten.view_as_complex.default: _from_real,
    _aten.mul.Tensor: _product,
}


def _is_complex(node: Node) -> bool:
    value = node.meta.get("val")
    return isinstance(value, torch.Tensor) and value.is_complex()


def pair_complex(graph: Graph) -> None:
    """Changes `graph` in place: no value in it is complex afterwards.

    Raises:
        UnsupportedModel: a complex value goes through an operator that has no rule here.
    """
    pairs: dict[Node, Pair] = {}
    for node in list(graph.nodes):
        if node.op != "call_function":
            continue
        if node.target == _aten.view_as_real.default:
            replace(node, insert(graph, node, _aten.stack.default, list(pairs[node.args[0]]), -1))
        elif _is_complex(node):
            pairs[node] = _pair(graph, node, pairs)
    for node in reversed(list(graph.nodes)):
        if node in pairs:
            graph.erase_node(node)


def _pair(graph: Graph, node: Node, pairs: dict[Node, Pair]) -> Pair:
    if (rule := _RULES.get(node.target)) is not None:
        return rule(graph, node, pairs)
    name = str(node.target).rsplit(".", 1)[0]
    if name not in rules.VIEWS | rules.MOVES | rules.ALONG | {"aten.clone", "aten.index"} or node.args[0] not in pairs:
        raise UnsupportedModel(f"{node.target} on complex numbers has no counterpart in a Program.")
    real, imaginary = pairs[node.args[0]]  # type: ignore[index]
    rest = node.args[1:]
    return insert(graph, node, node.target, real, *rest, **node.kwargs), insert(
        graph, node, node.target, imaginary, *rest, **node.kwargs
    )
