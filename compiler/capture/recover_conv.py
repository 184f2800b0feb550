"""Convolutions along tokens become the opaque `aweigh::causal_conv`, if they look back only.

Modelling code writes them as a convolution padded on both sides whose tail is cut off, or as one behind a padding in front. Both give
as many outputs as there are tokens, output t from inputs t - W + 1 .. t.
"""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.graph import insert, replace
from aweigh.compiler.capture.locality import is_symbolic

_aten = torch.ops.aten
_CONVOLUTIONS = frozenset({_aten.conv1d.default, _aten.convolution.default})
_DIMENSION = 2  # of x [1, C, T] that counts tokens


def recover_conv(graph: Graph) -> None:
    """Changes the graph in place. `locality.py` refuses what is left."""
    for node in list(graph.nodes):
        if node.target in _CONVOLUTIONS:
            _rewrite(graph, node)


def _rewrite(graph: Graph, conv: Node) -> None:
    names = ("input", "weight", "bias", "stride", "padding", "dilation")
    given = {name: _argument(conv, name) for name in names}
    x, weight, groups = given["input"], given["weight"], _argument(conv, "groups")
    assert isinstance(x, Node) and isinstance(weight, Node)
    width = weight.meta["val"].shape[-1]
    once = all(list(given[name] or [1]) == [1] for name in ("stride", "dilation")) and not _argument(conv, "transposed")
    if x.meta["val"].dim() != 3 or not is_symbolic(x.meta["val"].shape[-1]) or width == 1 or not once:
        return
    padding = list(given["padding"] or [0])
    if padding == [0] and _pads_in_front(x, width - 1):
        source, outs = x.args[0], [conv]
    elif padding == [width - 1]:
        source, outs = x, list(conv.users)
    else:
        return
    assert isinstance(source, Node)
    shape = source.meta["val"].shape
    if not all(out is conv or (_cuts_tail(out) and out.meta["val"].shape[-1] == shape[-1]) for out in outs):
        return
    bias = given["bias"]
    target = torch.ops.aweigh.causal_conv.default
    new = insert(graph, conv, target, source, weight, bias, layer=0, groups=groups)
    for out in outs:
        replace(out, new)


def _argument(node: Node, name: str) -> Any:
    schema = node.target._schema  # type: ignore[union-attr]
    for position, argument in enumerate(schema.arguments):
        if argument.name == name:
            if position < len(node.args):
                return node.args[position]
            return node.kwargs.get(name, argument.default_value)
    return None


def _pads_in_front(node: Node, count: int) -> bool:
    if node.target != _aten.constant_pad_nd.default:
        return False
    padded: Any = node.args[1]
    return list(padded) == [count, 0] and not any(node.args[2:])


def _cuts_tail(node: Node) -> bool:
    return bool(
        node.target == _aten.slice.Tensor
        and _argument(node, "dim") in (_DIMENSION, -1)
        and _argument(node, "start") in (None, 0)
        and _argument(node, "step") == 1
    )
