"""Scores by distance that every token has of its own (Inkling): a bank of profiles, mixed per token, becomes an operand of `aweigh::attend`.

Legend: T tokens, H heads, P profiles, R distances.

Modelling code lays them out for all pairs of tokens, from positions that it counts in the batch. The module that does so is proposed by
the names of what its `forward` takes, as in `recurrences.py`, and leaves the opaque `aweigh::spread`; what is multiplied onto the pairs row
by row is then multiplied onto the distances instead.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor
from torch.fx import Graph, Node

from aweigh.compiler.capture.graph import insert
from aweigh.compiler.capture.scan import is_defined

_aten = torch.ops.aten
_ATTEND = torch.ops.aweigh.attend.default
_SPREAD = torch.ops.aweigh.spread.default
_BIAS, _RELATIVE = 7, 8  # among the arguments of `attend`
_CONVERSIONS = frozenset({_aten._to_copy.default, _aten.to.dtype})


def spread(self: Any, relative_states: Tensor, query_positions: Tensor, key_positions: Tensor) -> Tensor:
    """relative_states [1, T, H, P] by a bank [P, R], for all pairs of tokens: [1, H, T, T]."""
    relative_1HTR: Tensor = (relative_states @ self.proj).transpose(1, 2)
    tokens, reach = key_positions.shape[0], relative_1HTR.shape[3]
    if not is_defined():
        laid_out: Tensor = torch.ops.aweigh.spread(relative_1HTR, tokens)
        return laid_out
    pairs = relative_1HTR.new_zeros((*relative_1HTR.shape[:3], tokens))
    for row, query in enumerate(query_positions.tolist()):
        for column, key in enumerate(key_positions.tolist()):
            if 0 <= query - key < reach:
                pairs[:, :, row, column] = relative_1HTR[:, :, row, query - key]
    return pairs


def owner() -> Any:
    """What such a module holds, small."""
    return SimpleNamespace(rel_extent=3, proj=torch.randn(2, 3, generator=torch.Generator().manual_seed(0)))


def samples() -> list[Mapping[str, Any]]:
    """More tokens than distances."""
    states = torch.randn(1, 6, 2, 2, generator=torch.Generator().manual_seed(1))
    return [
        {"relative_states": states, "query_positions": torch.arange(6), "key_positions": torch.arange(6)},
    ]


def recover_relative(graph: Graph) -> None:
    """Changes `graph` in place: an `attend` whose bias was spread from scores by distance takes these instead."""
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        bias = attend.args[_BIAS]
        scores = None if bias is None else _by_distance(graph, attend, bias)
        if scores is not None:
            args = list(attend.args)
            args[_BIAS], args[_RELATIVE] = None, scores
            attend.args = tuple(args)


def _by_distance(graph: Graph, attend: Node, pairs: Node) -> Node | None:
    """None where the bias is made in another way."""
    factors: list[Node] = []
    node, dtype = pairs, pairs.meta["val"].dtype
    while node.target != _SPREAD:
        if node.target == _aten.mul.Tensor and _is_of_rows(node.args[1]):
            factors.append(node.args[1])  # type: ignore[arg-type]
        elif node.target not in _CONVERSIONS:
            return None
        assert isinstance(node.args[0], Node), "a conversion and a product have operands"
        node = node.args[0]
    made = node.args[0]
    assert isinstance(made, Node), "what is spread is a tensor"
    for factor in reversed(factors):
        made = insert(graph, attend, _aten.mul.Tensor, made, factor)
    return made if made.meta["val"].dtype == dtype else insert(graph, attend, _aten._to_copy.default, made, dtype=dtype)


def _is_of_rows(node: Any) -> bool:
    """Whether a factor has one number per token, whatever the key: [1, 1, T, 1]."""
    if not isinstance(node, Node):
        return False
    shape = node.meta["val"].shape
    return len(shape) == 4 and all(isinstance(shape[place], int) and shape[place] == 1 for place in (0, 3))
