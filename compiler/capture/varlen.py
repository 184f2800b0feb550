"""Attention of an encoder in the ragged layout: the opaque `attend` and the mask that it reads become one `varlen_attend`.

transformers' own implementations (`sdpa`, `eager`) go by the mask alone; a window that is said beside it is for others.
"""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.fold_masks import MASK, source
from aweigh.compiler.capture.graph import insert, replace
from aweigh.proto.errors import UnsupportedModel

_ATTEND = torch.ops.aweigh.attend.default
_BESIDE = ("sinks", "slopes", "selection", "bias", "relative")


def fold_attention(graph: Graph, floor: bool) -> None:
    """Changes `graph` in place: no `attend` and no mask is left. `floor`: hidden keys keep the least score (`proto/ops.py`).

    Raises:
        UnsupportedModel: attention looks at more than the tokens of its sequence that a mask shows.
    """
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        query, key, value, mask, *beside = attend.args
        for name, given in zip(_BESIDE, beside, strict=True):
            if given is not None:
                raise UnsupportedModel(
                    f"Attention has {name}, which tokens of several callers cannot share a step with."
                )
        visible, window = _seen(mask)
        if attend.kwargs["causal"] or attend.kwargs["softcap"] is not None:
            raise UnsupportedModel("Attention is causal or soft-capped, which an encoder's shared step cannot say.")
        new = insert(
            graph,
            attend,
            torch.ops.aweigh.varlen_attend.default,
            query,
            key,
            value,
            visible,
            scale=attend.kwargs["scale"],
            window=window,
            floor=floor and (visible is not None or window is not None),
        )
        replace(attend, new)


def _seen(mask: Any) -> tuple[Node | None, int | None]:
    """Which tokens are shown as keys, and the window."""
    if mask is None:
        return None, None
    node = source(mask)
    if node.target != MASK:
        raise UnsupportedModel(f"Attention reads a mask that the model computes by itself ({node.target}).")
    said: dict[str, Any] = dict(node.kwargs)
    if said["causal"] or said["chunk"] is not None:
        raise UnsupportedModel("Attention is causal or in chunks, which an encoder's shared step cannot say.")
    visible: Any = node.args[3] if len(node.args) > 3 else None
    if visible is not None and visible.meta["val"].dim() != 2:
        raise UnsupportedModel("Attention reads a mask that is not one number per token.")
    return visible, said["window"]
