"""Values that are part of a graph and of no checkpoint: buffers that the module computes, and constants.

Both stand in the exported program as buffers that are not persistent, so that import turns either into an `aweigh.weight`.
"""

from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, InputSpec, TensorArgument
from torch.fx import Node
from torch.utils._pytree import tree_map_only

from aweigh.compiler.capture.graph import placeholder, replace

_LARGEST = 1 << 20


def constants_to_buffers(program: ExportedProgram) -> None:
    """Changes the signature in place: a lifted constant is a buffer afterwards."""
    specs = program.graph_signature.input_specs
    for place, spec in enumerate(specs):
        if spec.kind == InputKind.CONSTANT_TENSOR:
            specs[place] = InputSpec(InputKind.BUFFER, spec.arg, spec.target, persistent=False)


def add_literal(program: ExportedProgram, name: str, value: torch.Tensor) -> Node:
    """Returns a new placeholder whose value is `value`. `name` must be new."""
    assert name not in program.constants
    graph = program.graph
    first = next(iter(graph.nodes))
    like = first.meta["val"]
    with graph.inserting_before(first):
        node: Node = graph.placeholder(name.replace(".", "_"))
    with like.fake_mode:
        node.meta["val"] = torch.empty(value.shape, dtype=value.dtype)
    spec = InputSpec(InputKind.BUFFER, TensorArgument(name=node.name), name, persistent=False)
    program.graph_signature.input_specs.insert(0, spec)
    program.constants[name] = value
    return node


def name_outputs(program: ExportedProgram) -> None:
    """Changes the signature in place: it names the nodes that the graph returns, which rewriting may have replaced."""
    returned = program.graph.output_node().args[0]
    assert isinstance(returned, list | tuple)
    for spec, node in zip(program.graph_signature.output_specs, returned, strict=True):
        if isinstance(node, Node) and isinstance(spec.arg, TensorArgument):
            spec.arg = TensorArgument(name=node.name)


def literal_of(program: ExportedProgram, node: Node) -> torch.Tensor | None:
    """Returns the value of a placeholder that is a literal, else None."""
    for spec in program.graph_signature.input_specs:
        if isinstance(spec.arg, TensorArgument) and spec.arg.name == node.name and spec.target is not None:
            value = program.constants.get(spec.target)
            return value if isinstance(value, torch.Tensor) else None
    return None


def fold_literals(program: ExportedProgram) -> None:
    """Changes the program in place: what is computed from literals alone becomes a literal, if it is not large."""
    values: dict[Node, torch.Tensor] = {}
    for node in list(program.graph.nodes):
        if node.op == "placeholder":
            value = literal_of(program, node)
            if value is not None and not isinstance(value, torch._subclasses.FakeTensor):
                values[node] = value
        elif _foldable(node, values):
            made = _value(node, values)
            if isinstance(made, torch.Tensor) and made.numel() <= _LARGEST:
                folded = add_literal(program, f"constant.{len(program.constants)}", made.contiguous())
                values[folded] = made
                replace(node, folded)


def _foldable(node: Node, values: dict[Node, torch.Tensor]) -> bool:
    inputs = node.all_input_nodes
    overload = isinstance(node.target, torch._ops.OpOverload) and not node.target._schema.is_mutable
    return node.op == "call_function" and overload and bool(inputs) and all(each in values for each in inputs)


def _value(node: Node, values: dict[Node, torch.Tensor]) -> Any:
    args, kwargs = tree_map_only(Node, values.__getitem__, (node.args, node.kwargs))
    with torch.no_grad():
        return node.target(*args, **kwargs)  # type: ignore[operator]


def rename_literals(program: ExportedProgram, part: str, known: frozenset[str]) -> None:
    """Changes the program in place: literals that are not of the module (`known`) carry the part's name, so that no two parts share one."""
    renamed = {name: f"{part}.{name}" for name in program.constants if name not in known}
    for name, new in renamed.items():
        program.constants[new] = program.constants.pop(name)
    specs = program.graph_signature.input_specs
    for place, spec in enumerate(specs):
        if spec.target in renamed:
            specs[place] = InputSpec(spec.kind, spec.arg, renamed[spec.target], persistent=spec.persistent)


def drop_input(program: ExportedProgram, name: str) -> bool:
    """Takes an input away that nobody reads. Returns whether that was so."""
    node = placeholder(program.graph, name)
    if node.users:
        return False
    program.graph.erase_node(node)
    specs = program.graph_signature.input_specs
    specs[:] = [spec for spec in specs if not (isinstance(spec.arg, TensorArgument) and spec.arg.name == name)]
    program.graph_module.recompile()
    return True
