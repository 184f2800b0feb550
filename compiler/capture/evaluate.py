"""Evaluates a value of the graph that depends on no weight, for a sequence of a given length from its start."""

from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Interpreter, Node

from aweigh.compiler.capture.literals import literal_of


def _only_shape(node: Node) -> bool:
    """Whether `node` reads the shape of the tokens and not the tokens."""
    name, given = str(node.target), node.args[0] if node.args else None
    shape = name.startswith(("aten.sym_size", "aten.new_")) or "_like" in name
    return shape and isinstance(given, Node) and given.name == "token_ids" and len(node.all_input_nodes) == 1


class _OneValue(Interpreter):
    def __init__(self, program: ExportedProgram, tokens: int) -> None:
        super().__init__(program.graph_module)
        self._program, self._tokens = program, tokens

    def value(self, node: Node) -> Any:
        if node in self.env:
            return self.env[node]
        if node.op == "placeholder":
            self.env[node] = self._input(node)
        elif _only_shape(node):
            self.env[node] = node.target(torch.zeros(1, self._tokens, dtype=torch.int64), *node.args[1:], **node.kwargs)  # type: ignore[operator]
        else:
            for given in node.all_input_nodes:
                self.value(given)
            self.env[node] = self.run_node(node)
        return self.env[node]

    def _input(self, node: Node) -> torch.Tensor:
        match node.name:
            case "positions":
                return torch.arange(self._tokens)[None]
            case "token_ids":
                raise LookupError("depends on the tokens")
        literal = literal_of(self._program, node)
        if literal is None:
            raise LookupError("depends on a weight")
        return literal


def evaluate(program: ExportedProgram, node: Node, tokens: int) -> torch.Tensor | None:
    """Returns the value, or None if it depends on tokens or weights, or on an operator of ours."""
    try:
        with torch.no_grad():
            value = _OneValue(program, tokens).value(node)
    except (LookupError, NotImplementedError):
        return None
    return value if isinstance(value, torch.Tensor) else None
