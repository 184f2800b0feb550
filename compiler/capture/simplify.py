"""The short way to the closed list: conversions that convert nothing, dropout at rest, and assertions go, by hand.

torch's own decomposition traces the whole graph again, which takes longer than the export; most modelling code does not need it.
"""

import operator
from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture import local_rules as rules
from aweigh.compiler.capture.filled import filled_with
from aweigh.compiler.capture.graph import insert, replace

_aten = torch.ops.aten
_CHECKS = frozenset(
    {
        _aten._assert_tensor_metadata.default,
        _aten._assert_scalar.default,
        _aten._assert_async.msg,
        _aten._assert_async.default,
        _aten.sym_constrain_range.default,
        _aten.sym_constrain_range_for_size.default,
    }
)
_CONVERSIONS = frozenset(
    {_aten.to.dtype, _aten.to.device, _aten.to.dtype_layout, _aten.to.other, _aten.type_as.default}
)
_IDENTITIES = frozenset(
    {_aten.alias.default, _aten.detach.default, _aten.lift_fresh_copy.default, _aten.detach_.default}
)


def eliminate_dead(graph: Graph) -> None:
    """Erases calls that nobody reads and that change nothing."""
    for node in reversed(list(graph.nodes)):
        if node.op == "call_function" and not node.users and not _is_mutable(node):
            graph.erase_node(node)


def erase_checks(graph: Graph) -> None:
    """Erases assertions about shapes and metadata."""
    for node in list(graph.nodes):
        if node.target in _CHECKS:
            graph.erase_node(node)


def _mend_users(graph: Graph) -> None:
    """Every node knows its users: export forgets some where it inlines a region that is traced without gradients."""
    for node in graph.nodes:
        for given in node.all_input_nodes:
            given.users.setdefault(node)


def simplify(graph: Graph) -> None:
    """Changes `graph` in place to an equal one."""
    _mend_users(graph)
    erase_checks(graph)
    for node in list(graph.nodes):
        if node.target in _CONVERSIONS:
            _convert(graph, node)
        elif node.target == _aten.numpy_T.default:
            order = list(reversed(range(node.meta["val"].dim())))
            replace(node, insert(graph, node, _aten.permute.default, node.args[0], order))
        elif node.target == _aten.where.self:
            _choose(node)
        elif node.target in _IDENTITIES or (node.target == _aten.dropout.default and node.args[2] is False):
            source: Any = node.args[0]
            replace(node, source)
        elif _is_mutable(node):
            _make_functional(graph, node)
    eliminate_dead(graph)


def _convert(graph: Graph, node: Node) -> None:
    source: Any = node.args[0]
    dtype = node.meta["val"].dtype
    if source.meta["val"].dtype == dtype:
        replace(node, source)
    else:
        replace(node, insert(graph, node, _aten._to_copy.default, source, dtype=dtype))


def _choose(node: Node) -> None:
    """A choice whose outcome is known before any token is, between values of the answer's own shape and type, is that value."""
    outcome = filled_with(node.args[0])
    if outcome is None:
        return
    chosen: Any = node.args[1 if outcome else 2]
    found, answer = chosen.meta["val"], node.meta["val"]
    if found.shape == answer.shape and found.dtype == answer.dtype:
        replace(node, chosen)


def _is_fresh(node: Node) -> bool:
    """Whether the value is its own memory and nobody has a view of it."""
    shared = rules.VIEWS | rules.MOVES | rules.ALONG
    made = node.args[0] if node.target is operator.getitem else node
    names = [str(each.target).rsplit(".", 1)[0] for each in (made, *node.users) if isinstance(each, Node)]
    return node.op == "call_function" and not any(name in shared for name in names)


def _make_functional(graph: Graph, node: Node) -> None:
    """`x.div_(y)` on memory of x's own becomes `div(x, y)` that everybody reads from there on."""
    name, _, overload = str(node.target).removeprefix("aten.").partition(".")
    functional = getattr(getattr(_aten, name.removesuffix("_"), None), overload, None)
    changed: Any = node.args[0]
    if functional is None or not name.endswith("_") or not isinstance(changed, Node) or not _is_fresh(changed):
        return
    new = insert(graph, node, functional, *node.args, **node.kwargs)
    if new.meta["val"].dtype != changed.meta["val"].dtype or new.meta["val"].shape != changed.meta["val"].shape:
        graph.erase_node(new)
        return
    if new.target == _aten.copy.default:
        overwritten: Any = new.args[1]
        given, wanted = overwritten.meta["val"], new.meta["val"]
        if given.shape == wanted.shape and given.dtype == wanted.dtype:
            graph.erase_node(new)
            new = overwritten
    order = {each: place for place, each in enumerate(graph.nodes)}
    changed.replace_all_uses_with(new, delete_user_cb=lambda user: order[user] > order[node])
    replace(node, new)


def _is_mutable(node: Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and bool(schema.is_mutable)


def is_closed(graph: Graph, whole: frozenset[str]) -> bool:
    """Whether every call is functional and one of `whole`, ours, or about sizes."""
    for node in graph.nodes:
        if node.op == "get_attr" or _is_mutable(node):
            return False
        if node.op != "call_function" or not isinstance(node.target, torch._ops.OpOverload):
            continue
        name = str(node.target)
        if name not in whole and not name.startswith(("aweigh.", "aten.sym_")):
            return False
    return True
