"""A shift by one token, with nothing before the first one, is a causal convolution of width two: it becomes one.

Legend: T tokens, C channels.

Modelling code writes it as rows of zeros put in front of all tokens but the last. Only zeros are known to be right before the first token
of every sequence, so a front is taken if it is filled with zeros, or is a product of zeros without a bias.
"""

from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node

from aweigh.compiler.capture.filled import filled_with
from aweigh.compiler.capture.graph import insert, replace
from aweigh.compiler.capture.literals import add_literal
from aweigh.compiler.capture.locality import is_symbolic

_aten = torch.ops.aten
_CONV = torch.ops.aweigh.causal_conv.default
_PRODUCTS = frozenset({_aten.linear.default, _aten.matmul.default, _aten.mm.default})


def recover_shift(program: ExportedProgram) -> None:
    """Changes the program in place."""
    weights: dict[Any, Node] = {}
    for node in list(program.graph.nodes):
        shifted = _shifted(node)
        if shifted is not None:
            _rewrite(program, node, shifted, weights)


def _shifted(node: Node) -> Node | None:
    """The x [1, T, C] of which `node` is the shift."""
    if node.target == _aten.constant_pad_nd.default:
        source: Any = node.args[0]
        once = list(node.args[1]) == [0, 0, 1, -1] and not any(node.args[2:])  # type: ignore[arg-type]
        return source if once and _counts_tokens(source) else None
    if node.target != _aten.cat.default or len(node.args) < 2 or node.args[1] not in (1, -2):
        return None
    parts: Any = node.args[0]
    if (
        len(parts) != 2
        or parts[1].target != _aten.slice.Tensor
        or list(parts[1].args[1:]) not in ([1, 0, -1], [-2, 0, -1])
    ):
        return None
    source = parts[1].args[0]
    front = list(parts[0].meta["val"].shape)
    one_row = _counts_tokens(source) and front == [1, 1, source.meta["val"].shape[2]]
    return source if one_row and _is_zero(parts[0]) else None


def _counts_tokens(node: Node) -> bool:
    shape = node.meta["val"].shape
    return len(shape) == 3 and shape[0] == 1 and is_symbolic(shape[1]) and isinstance(shape[2], int)


def _is_zero(node: Any) -> bool:
    if not isinstance(node, Node):
        return False
    if node.target in _PRODUCTS and (len(node.args) < 3 or node.args[2] is None):
        return _is_zero(node.args[0])
    return filled_with(node) == 0


def _rewrite(program: ExportedProgram, node: Node, x: Node, weights: dict[Any, Node]) -> None:
    channels, dtype = x.meta["val"].shape[2], x.meta["val"].dtype
    if (channels, dtype) not in weights:
        taps_C12 = torch.tensor([1.0, 0.0], dtype=dtype).repeat(channels, 1, 1)
        weights[channels, dtype] = add_literal(program, f"shift.{channels}.{len(weights)}", taps_C12)
    turned = insert(program.graph, node, _aten.transpose.int, x, 1, 2)
    said = {"layer": 0, "groups": channels}
    moved = insert(program.graph, node, _CONV, turned, weights[channels, dtype], None, **said)
    replace(node, insert(program.graph, node, _aten.transpose.int, moved, 1, 2))
