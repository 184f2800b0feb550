"""Brings the graph of any module to the closed list: functional, no assertions, nothing that a Program cannot say.

Operators stay as whole as the closed list has them; what is on it decides speed.
"""

from operator import getitem as _getitem
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import OutputKind
from torch.fx import Graph, Node
from torch.fx.experimental.symbolic_shapes import free_unbacked_symbols

from aweigh.compiler.capture.graph import insert, replace
from aweigh.compiler.capture.holes import fill_holes
from aweigh.compiler.capture.literals import constants_to_buffers, fold_literals, name_outputs
from aweigh.compiler.capture.place import place_of_node
from aweigh.compiler.capture.simplify import eliminate_dead, erase_checks, is_closed, simplify
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.module_aten import AT_REST
from aweigh.proto.ops import CORE_ATEN

_aten = torch.ops.aten
_KEPT_WORDS = {
    OutputKind.BUFFER_MUTATION: "writes to the buffer",
    OutputKind.PARAMETER_MUTATION: "writes to the parameter",
    OutputKind.USER_INPUT_MUTATION: "writes to its input",
}


def close(program: ExportedProgram, name: str) -> ExportedProgram:
    """Returns an equal program in which every operator is functional and on the closed list. `name`: of the module, for sentences.

    Raises:
        UnsupportedModel: naming the operator and its place: random numbers, writes to buffers or inputs, operators outside of the
            closed list.
    """
    simplify(program.graph)
    _at_rest(program.graph)
    name_outputs(program)
    if not is_closed(program.graph, CORE_ATEN):
        _refuse_random(program.graph, name)
        program = program.run_decompositions(_table())
        erase_checks(program.graph)
        simplify(program.graph)
    _refuse_writes(program, name)
    constants_to_buffers(program)
    fold_literals(program)
    fill_holes(program.graph)
    eliminate_dead(program.graph)
    _refuse_strangers(program.graph, name)
    _as_lists(program.graph)
    name_outputs(program)
    return program


def _as_lists(graph: Graph) -> None:
    """What an operator gives as a list is one, for the importer; composite operators of torch hand on tuples."""
    for node in graph.nodes:
        returned = node.target._schema.returns if isinstance(node.target, torch._ops.OpOverload) else ()
        if len(returned) == 1 and isinstance(returned[0].type, torch.ListType):
            node.meta["val"] = list(node.meta["val"])


def _table() -> dict[Any, Any]:
    """torch's decompositions of whatever the closed list does not name."""
    table: Any = torch.export.default_decompositions()
    return {operator: rule for operator, rule in table.items() if str(operator) not in CORE_ATEN}


def _at_rest(graph: Graph) -> None:
    """Norms that do not train are written as operators that cannot."""
    for node in list(graph.nodes):
        if node.target == _aten.batch_norm.default:
            x, weight, bias, mean, variance, training, momentum, epsilon, _ = node.args
            if not training and mean is not None and variance is not None:
                _batch_norm(graph, node, (x, weight, bias, mean, variance, momentum, epsilon))
        elif node.target == _aten.instance_norm.default:
            x, weight, bias, mean, variance, own, momentum, epsilon, _ = node.args
            if not own and mean is not None and variance is not None:
                _batch_norm(graph, node, (x, weight, bias, mean, variance, momentum, epsilon))
            elif own and mean is None and variance is None:
                channels = node.meta["val"].shape[1]  # a group each
                replace(node, insert(graph, node, _aten.group_norm.default, x, int(channels), weight, bias, epsilon))


def _batch_norm(graph: Graph, node: Node, args: tuple[Any, ...]) -> None:
    three = insert(graph, node, _aten._native_batch_norm_legit_no_training.default, *args)
    with graph.inserting_before(node):
        first = graph.call_function(_getitem, (three, 0))
    first.meta = {**node.meta, "val": three.meta["val"][0]}
    replace(node, first)


def refuse_data_sizes(graph: Graph, name: str) -> None:
    """Raises UnsupportedModel if the size of some value depends on data."""
    for node in graph.nodes:
        value = node.meta.get("val")
        if node.op == "call_function" and value is not None and free_unbacked_symbols(value):
            raise UnsupportedModel(
                f"{name} cannot be offloaded: what {_short(node)} gives{place_of_node(node)} has a size that depends on data."
            )


def _refuse_random(graph: Graph, name: str) -> None:
    for node in graph.nodes:
        operator = node.target
        if not isinstance(operator, torch._ops.OpOverload) or torch.Tag.nondeterministic_seeded not in operator.tags:
            continue
        if str(operator) not in CORE_ATEN and not _rests(node):
            raise UnsupportedModel(
                f"{name} cannot be offloaded: {_short(node)} draws random numbers{place_of_node(node)}."
            )


def _refuse_writes(program: ExportedProgram, name: str) -> None:
    for spec in program.graph_signature.output_specs:
        if spec.kind in _KEPT_WORDS:
            node = next((each for each in program.graph.nodes if each.name == getattr(spec.arg, "name", "")), None)
            place = "" if node is None else place_of_node(node)
            raise UnsupportedModel(f"{name} cannot be offloaded: it {_KEPT_WORDS[spec.kind]} {spec.target}{place}.")


def _refuse_strangers(graph: Graph, name: str) -> None:
    for node in graph.nodes:
        operator = node.target
        if node.op == "get_attr" or isinstance(operator, torch._ops.HigherOrderOperator):
            raise UnsupportedModel(f"{name} cannot be offloaded: it holds {_short(node)}{place_of_node(node)}.")
        if node.op != "call_function" or not isinstance(operator, torch._ops.OpOverload):
            continue
        if str(operator).startswith("aten.sym_"):
            continue
        if str(operator) not in CORE_ATEN:
            raise UnsupportedModel(
                f"{name} cannot be offloaded: {_short(node)} is not in the closed list of a Program{place_of_node(node)}."
            )
        if not _rests(node):
            raise UnsupportedModel(
                f"{name} cannot be offloaded: {_short(node)} is called as for training{place_of_node(node)}."
            )


def _rests(node: Node) -> bool:
    """Whether every argument that `AT_REST` names is as it says; dropout at rest is an identity."""
    schema: Any = node.target
    for place, argument in enumerate(schema._schema.arguments):
        if argument.name in AT_REST:
            given = (
                node.args[place] if place < len(node.args) else node.kwargs.get(argument.name, argument.default_value)
            )
            if given != AT_REST[argument.name]:
                return False
    return any(argument.name in AT_REST for argument in schema._schema.arguments) or str(node.target) in CORE_ATEN


def _short(node: Node) -> str:
    return str(node.target).removesuffix(".default")
