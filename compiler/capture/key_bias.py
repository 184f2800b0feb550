"""An additive mask that says how much each key weighs, besides who may see whom, becomes one more feature of queries and keys.

Legend: T tokens, H query heads, K key heads, D key size.

    scale * query @ key.T + bias[key]  =  scale * [query, 1] @ [key, bias / scale].T

so that the bias is cached with its key, and what is left of the mask is one that `fold_masks.py` knows. The pattern is
`masked_fill(expand(bias), mask != 0, minimum)`, perhaps repeated for groups of heads as keys are.
"""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.fold_masks import MASK, is_same, source
from aweigh.compiler.capture.graph import insert

_aten = torch.ops.aten
_ATTEND = torch.ops.aweigh.attend.default
_MINIMUM = -1000.0


def fold_key_bias(graph: Graph) -> None:
    """Changes `graph` in place: an `attend` whose mask holds a bias of keys gets it as a feature, and the plain mask."""
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        mask: Any = attend.args[3]
        if mask is None:
            continue
        filled = source(mask)
        found = _parts(filled)
        if found is not None and _grouped(mask, filled, attend):
            _rewrite(graph, attend, *found)


def _parts(filled: Node) -> tuple[Node, Node] | None:
    """The bias [1, K, 1, T] and the opaque mask of `masked_fill(expand(bias), mask != 0, minimum)`."""
    if filled.target != _aten.masked_fill.Scalar:
        return None
    spread, condition, low = filled.args
    if not isinstance(low, int | float) or low > _MINIMUM or not isinstance(condition, Node):
        return None
    differs = source(condition)
    if differs.target != _aten.ne.Scalar or differs.args[1] != 0 or not isinstance(differs.args[0], Node):
        return None
    plain = source(differs.args[0])
    bias: Any = spread
    while is_same(bias) and bias.meta["val"].dim() == 4 and bias.meta["val"].shape[2] != 1:
        bias = bias.args[0]
    size = bias.meta["val"].shape
    one_row = len(size) == 4 and size[0] == 1 and size[2] == 1
    return (bias, plain) if one_row and plain.target == MASK else None


def _grouped(mask: Node, filled: Node, attend: Node) -> bool:
    """Whether the mask's heads are those of the keys, each as it is or repeated next to itself."""
    query, key = (argument.meta["val"] for argument in attend.args[:2])  # type: ignore[union-attr]
    heads, groups = query.shape[1], key.shape[1]
    if filled.meta["val"].shape[1] != groups:
        return False
    wanted, node = (1, groups, heads // groups), mask
    while heads != groups and node is not filled:
        if node.target == _aten.expand.default and tuple(node.meta["val"].shape[:3]) == wanted:
            return True
        node = node.args[0]  # type: ignore[assignment]
    return bool(heads == groups)


def _rewrite(graph: Graph, attend: Node, bias: Node, plain: Node) -> None:
    query, key, value, _, *rest = attend.args
    scale: Any = attend.kwargs["scale"]
    column = insert(graph, attend, _aten.transpose.int, bias, 2, 3)
    feature = insert(graph, attend, _aten.mul.Scalar, column, 1.0 / scale)
    ones = insert(
        graph, attend, _aten.full_like.default, insert(graph, attend, _aten.slice.Tensor, query, 3, 0, 1), 1.0
    )
    wide_query = insert(graph, attend, _aten.cat.default, [query, ones], -1)
    wide_key = insert(graph, attend, _aten.cat.default, [key, feature], -1)
    attend.args = (wide_query, wide_key, value, plain, *rest)
