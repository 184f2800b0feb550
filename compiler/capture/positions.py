"""Places in the batch become positions in the sequence.

Modelling code that takes no positions counts tokens itself: `arange(T)`, or a running sum over a mask of ones. It was written for one
sequence from its start, where a token's place is its position; so the position is what it means, and the ragged batch says it. An
`arange` that picks tokens by index (routing to experts) really means the place, and stays. In the same way the first T rows of a table
are those of the positions.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture import local_rules as rules
from aweigh.compiler.capture.graph import insert, placeholder, replace

_aten = torch.ops.aten
_ARANGES = frozenset({_aten.arange.default, _aten.arange.start, _aten.arange.start_step})
_PICKS = frozenset({_aten.index.Tensor, _aten.index_put.default, _aten.index_add.default, _aten.index_select.default})


def _symbolic(size: object) -> bool:
    return isinstance(size, torch.SymInt) and bool(size.node.expr.free_symbols)


def _readers(node: Node) -> Iterator[Node]:
    """Users of a value, seen through views."""
    for user in node.users:
        name = str(user.target).rsplit(".", 1)[0]
        if name in rules.VIEWS or name in rules.MOVES or name in ("aten._to_copy", "aten.clone"):
            yield from _readers(user)
        else:
            yield user


def _picks_tokens(node: Node) -> bool:
    for reader in _readers(node):
        if reader.target in _PICKS and isinstance(reader.args[0], Node):
            source = reader.args[0].meta["val"]
            if any(_symbolic(size) for size in source.shape):
                return True
    return False


def _all_ones(node: Node) -> bool:
    while str(node.target).rsplit(".", 1)[0] in ("aten._to_copy", "aten.expand", "aten.clone", "aten.alias"):
        parent = node.args[0]
        assert isinstance(parent, Node)
        node = parent
    if node.target in (_aten.ones.default, _aten.ones_like.default, _aten.new_ones.default):
        return True
    return node.target in (_aten.full.default, _aten.full_like.default) and node.args[1] in (1, True)


def _row(graph: Graph, before: Node, dtype: torch.dtype) -> Node:
    """Positions [T] in `dtype`."""
    row = insert(graph, before, _aten.select.int, placeholder(graph, "positions"), 0, 0)
    return row if dtype == torch.int64 else insert(graph, before, _aten._to_copy.default, row, dtype=dtype)


def use_positions(graph: Graph) -> None:
    """Changes `graph` in place."""
    tokens = placeholder(graph, "token_ids").meta["val"].shape[1]
    for node in list(graph.nodes):
        if node.op != "call_function" or not isinstance(node.meta.get("val"), torch.Tensor):
            continue
        shape = node.meta["val"].shape
        if node.target in _ARANGES and len(shape) == 1 and _symbolic(shape[0]) and not _picks_tokens(node):
            _replace_arange(graph, node, tokens)
        elif node.target == _aten.slice.Tensor:
            _replace_slice(graph, node, tokens)
        elif node.target == _aten.cumsum.default and isinstance(node.args[0], Node) and _all_ones(node.args[0]):
            along: Any = node.args[1]
            dim = along % len(shape)
            if _symbolic(shape[dim]) and all(size == 1 for place, size in enumerate(shape) if place != dim):
                row = _row(graph, node, node.meta["val"].dtype)
                count = insert(graph, node, _aten.add.Scalar, row, 1)
                replace(
                    node,
                    insert(graph, node, _aten.view.default, count, [-1 if i == dim else 1 for i in range(len(shape))]),
                )


def _replace_arange(graph: Graph, node: Node, tokens: torch.SymInt) -> None:
    start = node.args[0] if node.target != _aten.arange.default else 0
    step = node.args[2] if len(node.args) > 2 else 1
    same_length = node.meta["val"].shape[0].node.expr == tokens.node.expr
    if step != 1 or not same_length or not isinstance(start, int):
        return
    row = _row(graph, node, node.meta["val"].dtype)
    replace(node, row if start == 0 else insert(graph, node, _aten.add.Scalar, row, start))


def _replace_slice(graph: Graph, node: Node, tokens: torch.SymInt) -> None:
    """`table[:T]`, of a table that counts no tokens, is `table[positions]`."""
    source, *rest = node.args
    assert isinstance(source, Node)
    said: list[Any] = [*rest, *(0, 0, None, 1)[len(rest) :]]
    dim, start, _, step = said
    if any(map(_symbolic, source.meta["val"].shape)) or start not in (0, None) or step != 1:
        return
    size = node.meta["val"].shape[dim]
    if _symbolic(size) and size.node.expr == tokens.node.expr:
        row = _row(graph, node, torch.int64)
        replace(node, insert(graph, node, _aten.index_select.default, source, dim, row))
