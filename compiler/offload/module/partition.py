"""Two halves of a captured graph: what is computed elsewhere, and the views that are taken here of what comes back.

A module may return its input, a view of it, or two views of one tensor; a script that writes to one of them sees the write in the other.
Bytes that come over the wire share nothing, so what crosses is the tensor behind the views (their root), and the views are taken here,
by the very operations of the graph; so are sizes that the graph returns. Legend: a node is *here* if it only views, else a root.
"""

import operator
from dataclasses import dataclass
from typing import Any

import torch
from torch import fx

from aweigh.compiler.offload.module.in_place import writes
from aweigh.compiler.offload.module.numbers import arithmetic, lifted

_VIEWS = frozenset(
    {
        "alias", "broadcast_tensors", "broadcast_to", "chunk", "contiguous", "detach", "diagonal", "expand", "expand_as", "flatten", "getattr", "getitem", "moveaxis", "movedim",
        "narrow", "permute", "ravel", "reshape", "reshape_as", "select", "split", "squeeze", "swapaxes", "swapdims", "t", "tensor_split",
        "transpose", "unbind", "unflatten", "unsqueeze", "view", "view_as", "size", "_set_grad_enabled",
    }
)  # fmt: skip


class Tangled(Exception):
    """A graph that cannot be taken apart; the message is a clause that says why."""


@dataclass(frozen=True, slots=True)
class Parts:
    """`remote` takes the graph's inputs and gives `roots`, a tuple of tensors. `tail` takes the graph's inputs, then the roots, and gives
    what the graph gives; None where that is the roots themselves. `numbers`: names of the graph's inputs that are ints, and in `remote`
    int64 tensors without dimensions; `arithmetic`: as `numbers.arithmetic`."""

    remote: fx.GraphModule
    tail: fx.GraphModule | None
    roots: tuple[Any, ...]  # example values, fake
    numbers: set[str]
    arithmetic: fx.GraphModule | None


def partition(module: fx.GraphModule) -> Parts:
    """Raises Tangled."""
    outputs = module.graph.output_node().args[0]
    roots: dict[fx.Node, None] = {}
    here: set[fx.Node] = set()
    fx.map_arg(outputs, lambda node: _walk(node, roots, here))
    _separate(module, list(roots))
    trivial = isinstance(outputs, tuple | list) and list(outputs) == list(roots)
    tail = None if trivial else _tail(module, list(roots))
    remote = _remote(module, list(roots))
    alone = arithmetic(remote)
    numbers = lifted(remote.graph)
    if any(isinstance(value_of(node), torch.SymFloat) for node in remote.graph.nodes):
        raise Tangled(
            "a number with a fraction that it is given differs from call to call, where none but a fixed one may stand"
        )
    remote.recompile()
    return Parts(remote, tail, tuple(value_of(node) for node in roots), numbers, alone)


def value_of(node: fx.Node) -> Any:
    return node.meta.get("example_value")


def _walk(node: fx.Node, roots: dict[fx.Node, None], here: set[fx.Node]) -> None:
    if node in here or node in roots:
        return
    if _is_here(node):
        here.add(node)
        for source in node.all_input_nodes:
            _walk(source, roots, here)
    elif isinstance(value_of(node), torch.Tensor):
        roots[node] = None
    else:
        raise Tangled(f"it returns what {node.name} gives, which is no tensor")


def _is_here(node: fx.Node) -> bool:
    if node.op in ("placeholder", "get_attr"):
        return True
    value = value_of(node)
    if node.target is operator.getitem and not isinstance(value_of(node.all_input_nodes[0]), torch.Tensor):
        return _is_here(node.all_input_nodes[0])
    if isinstance(value, int | torch.SymInt | torch.Size):
        return True
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    if name not in _VIEWS:
        return False
    given = set().union(*(_storages(value_of(source)) for source in node.all_input_nodes))
    return _storages(value) <= given


def _storages(value: Any) -> set[int]:
    if isinstance(value, torch.Tensor):
        return {value.untyped_storage()._cdata}
    if isinstance(value, tuple | list):
        return set().union(*map(_storages, value))
    return set()


def _separate(module: fx.GraphModule, roots: list[fx.Node]) -> None:
    seen = set().union(*(_storages(value_of(node)) for node in module.graph.find_nodes(op="placeholder")))
    for node in roots:
        found = _storages(value_of(node))
        if found & seen:
            raise Tangled(f"{node.name} writes to, or shares its memory with, an input or another output")
        seen |= found


def _remote(module: fx.GraphModule, roots: list[fx.Node]) -> fx.GraphModule:
    graph = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    for node in module.graph.nodes:
        if node.op == "output" or node.target is torch._C._set_grad_enabled:
            continue
        copies[node] = graph.node_copy(node, lambda source: copies[source])
    graph.output(tuple(copies[node] for node in roots))
    graph.eliminate_dead_code(lambda node: node.is_impure() or writes(node))
    return fx.GraphModule(module, graph)


def _tail(module: fx.GraphModule, roots: list[fx.Node]) -> fx.GraphModule:
    graph = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    for node in module.graph.find_nodes(op="placeholder"):
        copies[node] = graph.node_copy(node)
    for at, node in enumerate(roots):
        copies[node] = graph.placeholder(f"root_{at}")

    def copied(node: fx.Node) -> fx.Node:
        if node not in copies:
            for source in node.all_input_nodes:
                copied(source)
            copies[node] = graph.node_copy(node, lambda source: copies[source])
        return copies[node]

    graph.output(fx.map_arg(module.graph.output_node().args[0], copied))
    return fx.GraphModule(module, graph)
