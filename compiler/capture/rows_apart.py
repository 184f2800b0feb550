"""Proves that rows of a call do not meet where the ragged layout cannot show it.

What a model calls the dimension of rows is 1 there, whatever the callers' rows: modelling code that sums along it, picks one row or moves
it elsewhere would be traced without complaint and mean something else. So nothing may happen along the first dimension of a value
[1, ..., T, ...]; views may merge it with the one behind it, which keeps tokens in their order. `locality.py` proves the same of tokens.
"""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture import local_rules as rules
from aweigh.compiler.capture.locality import is_symbolic
from aweigh.proto.errors import UnsupportedModel

_ORDERED = frozenset({"aten.permute", "aten.movedim", "aten.transpose", "aten.t"})
_ALONG = rules.REDUCES | rules.ALONG | {"aten.squeeze", "aten.unsqueeze"}
_FAR = 1 << 62  # the end of a slice that has none


def check_rows(graph: Graph) -> None:
    """Returns if rows stay apart.

    Raises:
        UnsupportedModel: naming the operator.
    """
    for node in graph.nodes:
        if node.op != "call_function" or not isinstance(node.target, torch._ops.OpOverload):
            continue
        for given in node.all_input_nodes:
            if _has_rows(given) and _touches_rows(node, given):
                raise UnsupportedModel(
                    f"{node.target} works along the rows of a call, which callers cannot share a step with."
                )


def _has_rows(node: Node) -> bool:
    value = node.meta.get("val")
    if not isinstance(value, torch.Tensor) or value.dim() < 2:
        return False
    return not is_symbolic(value.shape[0]) and value.shape[0] == 1 and any(map(is_symbolic, value.shape[1:]))


def _touches_rows(node: Node, given: Node) -> bool:
    name, rank = str(node.target).rsplit(".", 1)[0], given.meta["val"].dim()
    said = _said(node)
    if name == "aten.einsum":
        source, _, result = str(node.args[0]).replace(" ", "").partition("->")
        operands: Any = node.args[1]
        letters = source.split(",")[list(operands).index(given)]
        return not result.startswith(letters[0])
    if name in ("aten.index", "aten.index_put"):
        indices: Any = node.args[1]
        return node.args[0] is given and indices[0] is not None
    if name in _ORDERED:
        return _moves_first(name, said, rank)
    if name == "aten.slice":
        whole = said["start"] in (0, None) and (said["end"] is None or said["end"] >= _FAR)
        return said["dim"] % rank == 0 and not whole
    if name == "aten.repeat":
        return bool(said["repeats"][len(said["repeats"]) - rank] != 1)
    if name == "aten.constant_pad_nd":
        return any(said["pad"][2 * rank - 2 :])
    if name == "aten.one_hot" or (name in ("aten.tril", "aten.triu") and rank > 2):
        return False
    if name not in _ALONG:
        return False
    dims: Any = next((said[key] for key in ("dim", "dims") if said.get(key) is not None), [])
    listed = dims if isinstance(dims, list | tuple) else [dims]
    rank += name in ("aten.stack", "aten.unsqueeze")
    return not listed or 0 in {dim % rank for dim in listed}


def _moves_first(name: str, said: dict[str, Any], rank: int) -> bool:
    if name == "aten.t":
        return True
    if name == "aten.permute":
        return bool(said["dims"][0] % rank != 0)
    places = [said[key] for key in ("dim0", "dim1", "source", "destination") if key in said]
    return 0 in {place % rank for place in places}


def _said(node: Node) -> dict[str, Any]:
    """The arguments by their names in the schema, defaults filled in."""
    schema: Any = node.target._schema  # type: ignore[union-attr]
    return {
        argument.name: node.args[place]
        if place < len(node.args)
        else node.kwargs.get(argument.name, argument.default_value)
        for place, argument in enumerate(schema.arguments)
    }
