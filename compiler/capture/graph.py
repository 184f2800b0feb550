"""Insertion into an exported graph with the shapes of the new nodes filled in."""

from typing import Any

import torch
from torch.fx import Graph, Node
from torch.utils._pytree import tree_map_only


def insert(graph: Graph, before: Node, target: Any, *args: Any, **kwargs: Any) -> Node:
    """Returns a new call before `before`, its `meta["val"]` computed on the fake tensors of its arguments."""
    with graph.inserting_before(before):
        node = graph.call_function(target, args, kwargs)
    values, named = tree_map_only(Node, lambda given: given.meta["val"], (args, kwargs))
    mode = _mode(before.graph)
    with mode, torch.no_grad():
        node.meta["val"] = target(*values, **named)
    node.meta["nn_module_stack"] = before.meta.get("nn_module_stack")
    return node


def _mode(graph: Graph) -> Any:
    for node in graph.nodes:
        value = node.meta.get("val")
        if isinstance(value, torch._subclasses.FakeTensor):
            return value.fake_mode
    raise AssertionError("an exported graph has a placeholder")


def replace(node: Node, new: Node) -> None:
    """Lets every user of `node` read `new`, and erases `node`."""
    node.replace_all_uses_with(new)
    node.graph.erase_node(node)


def placeholder(graph: Graph, name: str) -> Node:
    """Returns the input of that name. Raises KeyError."""
    found: dict[str, Node] = {node.name: node for node in graph.nodes if node.op == "placeholder"}
    return found[name]
