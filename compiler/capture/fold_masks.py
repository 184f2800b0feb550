"""Folds each `aweigh::mask` into the attributes of the `aweigh::attend` that reads it.

Modelling code slices, expands and converts the mask before it hands it on; none of that changes what it means, since the mask covers
exactly the tokens of the batch.
"""

from typing import Any

import torch
from torch.fx import Graph, Node

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)
from aweigh.proto.errors import UnsupportedModel

_ATTEND = torch.ops.aweigh.attend.default
MASK = torch.ops.aweigh.mask.default
_aten = torch.ops.aten
_SAME = frozenset(
    {
        _aten.slice.Tensor,
        _aten.expand.default,
        _aten._to_copy.default,
        _aten.to.dtype,
        _aten.alias.default,
        _aten.clone.default,
        _aten.contiguous.default,
        _aten.detach.default,
        _aten.unsqueeze.default,
        _aten.squeeze.dim,
        _aten.view.default,
        _aten.reshape.default,
        _aten.lift_fresh_copy.default,
        _aten._unsafe_view.default,
    }
)


def is_same(node: Node) -> bool:
    """Whether `node` is a view or a copy of its first argument, as far as attention scores go."""
    return node.target in _SAME


def source(node: Node) -> Node:
    """Returns the node of which `node` is a view or a copy."""
    while node.target in _SAME:
        parent = node.args[0]
        assert isinstance(parent, Node)
        node = parent
    return node


def _narrower(own: int | None, other: int | None) -> int | None:
    given = [size for size in (own, other) if size is not None]
    return min(given) if given else None


def fold_masks(graph: Graph) -> None:
    """Changes `graph` in place: afterwards no `attend` has a mask operand.

    Raises:
        UnsupportedModel: a mask is neither ours.
    """
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        query, key, value, mask, *others = attend.args
        if mask is None:
            continue
        node = source(mask)
        if node.target != MASK:
            raise UnsupportedModel(f"Attention reads a mask that the model computes by itself ({node.target}).")
        said: dict[str, Any] = dict(node.kwargs)
        attend.args = (query, key, value, None, *others)
        attend.kwargs = {
            **attend.kwargs,
            "window": _narrower(attend.kwargs["window"], said["window"]),
            "chunk": _narrower(attend.kwargs["chunk"], said["chunk"]),
            "causal": bool(said["causal"]) or bool(attend.kwargs["causal"]),
        }
