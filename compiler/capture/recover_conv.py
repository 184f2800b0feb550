"""Convolutions along tokens become the opaque `aweigh::causal_conv`, if they look back only.

Modelling code writes them as a convolution padded on both sides whose tail is cut off, or as one behind a padding in front. Both give
as many outputs as there are tokens, output t from inputs t - W + 1 .. t.

Two convolutions behind one padding that is long enough for both are two such, but for what the second one sees before the first token: the
bias of the first one, not zeros. So that bias goes through the second one's weights into its bias, which comes to the same everywhere.
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
        if node.target in _CONVOLUTIONS and node.users:
            _rewrite(graph, node)


def _rewrite(graph: Graph, conv: Node) -> None:
    second = next(iter(conv.users))
    if len(conv.users) == 1 and second.target in _CONVOLUTIONS and _pads_for_both(conv, second):
        _rewrite_both(graph, conv, second)
        return
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


def _pads_for_both(first: Node, second: Node) -> bool:
    """Whether both look at each token once, without a padding of their own, and what comes in has one in front for both."""
    x = _argument(first, "input")
    widths = [_argument(conv, "weight").meta["val"].shape[-1] for conv in (first, second)]
    plain = all(
        list(_argument(conv, "padding") or [0]) == [0]
        and all(list(_argument(conv, name) or [1]) == [1] for name in ("stride", "dilation"))
        and not _argument(conv, "transposed")
        and conv.meta["val"].dim() == 3
        for conv in (first, second)
    )
    along = is_symbolic(x.meta["val"].shape[-1]) and _argument(second, "input") is first
    return plain and along and _pads_in_front(x, sum(widths) - 2)


def _rewrite_both(graph: Graph, first: Node, second: Node) -> None:
    target = torch.ops.aweigh.causal_conv.default
    weight, bias, groups = (_argument(second, name) for name in ("weight", "bias", "groups"))
    said = {"layer": 0, "groups": _argument(first, "groups")}
    x = _argument(first, "input").args[0]
    inner = insert(graph, second, target, x, _argument(first, "weight"), None, **said)
    before = _argument(first, "bias")
    if before is not None:
        outs, inputs, _ = weight.meta["val"].shape
        sums = insert(graph, second, _aten.sum.dim_IntList, weight, [2])
        grouped = insert(graph, second, _aten.reshape.default, sums, [groups, outs // groups, inputs])
        constant = insert(graph, second, _aten.reshape.default, before, [groups, 1, inputs])
        product = insert(graph, second, _aten.mul.Tensor, grouped, constant)
        through = insert(graph, second, _aten.sum.dim_IntList, product, [2])
        through = insert(graph, second, _aten.reshape.default, through, [outs])
        bias = through if bias is None else insert(graph, second, _aten.add.Tensor, through, bias)
    replace(second, insert(graph, second, target, inner, weight, bias, layer=0, groups=groups))
    graph.erase_node(first)


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
