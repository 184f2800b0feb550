"""What a Program cannot say, found in an exported graph: random numbers, and writes to what is not the graph's own."""

import re
import traceback
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import torch

from aweigh.compiler.capture.place import place_of_node

_LIBRARY = ("/torch/", "/aweigh/", "<frozen", "<eval_with_key")
_OFF = frozenset({"train", "training"})  # arguments that are false where an operator draws nothing
_CHANCE = frozenset({"p", "dropout_p", "dropout"})  # ... or 0


def impurity(program: torch.export.ExportedProgram) -> str | None:
    """One clause that names an operator that must run here and its place in the script, or None."""
    held = {_storage(node.meta["val"]) for node in program.graph.nodes if node.op == "placeholder"} - {None}
    for node in _calls(program.graph_module):
        if torch.Tag.nondeterministic_seeded in node.target.tags and not _settled(node):
            return f"{node.target} draws random numbers{place_of(node)}"
        if "norm" in str(node.target) and _statistics_change(node):
            return f"{node.target} in training mode writes to its buffers{place_of(node)}"
        for argument, value in _arguments(node):
            written = argument.alias_info is not None and argument.alias_info.is_write
            if written and any(_storage(one.meta.get("val")) in held for one in _nodes(value)):
                return f"{node.target} writes to an input or a buffer{place_of(node)}"
    return None


def place_of(node: torch.fx.Node) -> str:
    """ " at FILE:LINE" of the script's frame behind a node; of its call into the module where the node is of one of torch's own."""
    return place_of_node(node) or place_of_call()


def place_of_call() -> str:
    """ " at FILE:LINE" of the innermost frame of this thread that is neither torch's nor ours."""
    for frame, line in traceback.walk_stack(None):
        name = frame.f_code.co_filename
        if not any(part in name for part in _LIBRARY):
            return f" at {PurePath(name).name}:{line}"
    return ""


def place_of_kind(program: torch.export.ExportedProgram, sentence: str) -> str:
    """The place of the first operator that a sentence names."""
    for node in _calls(program.graph_module):
        if str(node.target).partition(".")[2].partition(".")[0] in re.split(r"[^A-Za-z0-9_]+", sentence):
            return place_of(node)
    return place_of_call()


def _calls(module: torch.fx.GraphModule) -> Iterator[Any]:
    for inner in module.modules():
        if isinstance(inner, torch.fx.GraphModule):
            for node in inner.graph.nodes:
                if node.op == "call_function" and isinstance(node.target, torch._ops.OpOverload):
                    yield node


def _arguments(node: Any) -> Iterator[tuple[Any, Any]]:
    for at, argument in enumerate(node.target._schema.arguments):
        if at < len(node.args):
            yield argument, node.args[at]
        else:
            yield argument, node.kwargs.get(argument.name, argument.default_value)


def _settled(node: torch.fx.Node) -> bool:
    return any(
        (argument.name in _OFF and value is False) or (argument.name in _CHANCE and value == 0)
        for argument, value in _arguments(node)
    )


def _statistics_change(node: torch.fx.Node) -> bool:
    given = {argument.name: value for argument, value in _arguments(node)}
    training = given.get("training", given.get("use_input_stats", False))
    return training is True and given.get("running_mean") is not None


def _nodes(value: Any) -> list[torch.fx.Node]:
    found: list[torch.fx.Node] = []
    torch.fx.map_arg(value, found.append)
    return found


def _storage(value: Any) -> int | None:
    return value.untyped_storage()._cdata if isinstance(value, torch.Tensor) else None
