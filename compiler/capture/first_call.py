"""Models whose first call writes to their weights, and no later one: RWKV halves the weights of its later layers so, for good.

A Program has no first call, and an engine's weights are everybody's. What is captured is the first call, as a function of the weights
in the checkpoint: `weight.div_(2)` becomes `div(weight, 2)`, read wherever the weight is read from there on. That is every later call
too if the model, once it has been called, writes no more: so it is traced again as the first call has left it, and must be the same
but for the writes. What modules remember of a call (a flag, a count) export puts back after a trace; so it is looked at inside.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node

from aweigh.compiler.capture import local_rules as rules
from aweigh.compiler.capture.graph import insert, replace
from aweigh.proto.errors import UnsupportedModel

_PLAIN = (bool, int, float, str, type(None))


_Remembered = list[tuple[torch.nn.Module, dict[str, Any]]]


def _remembered(model: torch.nn.Module) -> _Remembered:
    """Plain attributes of every module."""
    return [
        (module, {name: value for name, value in vars(module).items() if isinstance(value, _PLAIN)})
        for module in model.modules()
    ]


def _recall(remembered: _Remembered) -> None:
    for module, values in remembered:
        vars(module).update(values)


def first_call(model: torch.nn.Module, trace: Callable[[], ExportedProgram]) -> ExportedProgram:
    """What `trace` returns of `model`, without writes to weights.

    Raises:
        UnsupportedModel: later calls write, too, or are other than the first one.
    """
    name = type(model).__name__
    before, after = _remembered(model), []
    hook = model.register_forward_hook(lambda *_: after.append(_remembered(model)))
    try:
        program = trace()
        hook.remove()
        written = _writes(program)
        if not written:
            return program
        _recall(after[-1])
        later = trace()
    finally:
        hook.remove()
        _recall(before)
    first = _operators(program) - Counter(str(node.target) for node in written)
    if _writes(later) or _operators(later) != first:
        raise UnsupportedModel(f"{name} writes to its weights when it is called, which a Program cannot.")
    for node in written:
        _say_as_a_value(program, node, name)
    return program


def _operators(program: ExportedProgram) -> Counter[str]:
    return Counter(str(node.target) for node in program.graph.nodes if node.op == "call_function")


def _writes(program: ExportedProgram) -> list[Node]:
    """Calls that write to a parameter or a buffer, in order."""
    specs = program.graph_signature.input_specs
    weights = {getattr(spec.arg, "name", "") for spec in specs if spec.target is not None}
    found: list[Node] = []
    for node in program.graph.nodes:
        schema = getattr(node.target, "_schema", None)
        if node.op != "call_function" or schema is None or not schema.is_mutable:
            continue
        changed = node.args[0]
        while changed in found:  # `x.div_(2)` twice: torch gives the second one what the first one gave
            changed = changed.args[0]
        if isinstance(changed, Node) and changed.op == "placeholder" and changed.name in weights:
            found.append(node)
    return found


def _say_as_a_value(program: ExportedProgram, node: Node, name: str) -> None:
    graph, changed = program.graph, node.args[0]
    assert isinstance(changed, Node)
    operator, _, overload = str(node.target).removeprefix("aten.").partition(".")
    functional = getattr(getattr(torch.ops.aten, operator.removesuffix("_"), None), overload, None)
    order = {each: place for place, each in enumerate(graph.nodes)}
    shared = rules.VIEWS | rules.MOVES | rules.ALONG
    viewed = any(str(user.target).rsplit(".", 1)[0] in shared for user in changed.users if order[user] < order[node])
    if functional is None or viewed:
        raise UnsupportedModel(f"{name} writes to its weights by {node.target}, which a Program cannot.")
    new = insert(graph, node, functional, *node.args, **node.kwargs)
    if new.meta["val"].dtype != changed.meta["val"].dtype or new.meta["val"].shape != changed.meta["val"].shape:
        raise UnsupportedModel(f"{name} writes to its weights by {node.target}, which a Program cannot.")
    changed.replace_all_uses_with(new, delete_user_cb=lambda user: order.get(user, -1) > order[node])
    replace(node, new)
