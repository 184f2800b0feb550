"""Brings an exported graph to the closed list of operators: functional, no assertions, no dead code, no masks as tensors."""

from typing import Any

import torch
from torch.export import ExportedProgram

from aweigh.compiler.capture.complex_pairs import pair_complex
from aweigh.compiler.capture.fold_masks import fold_masks
from aweigh.compiler.capture.literals import constants_to_buffers
from aweigh.compiler.capture.locality import check_locality
from aweigh.compiler.capture.positions import use_positions
from aweigh.compiler.capture.recover_attention import recover_attention
from aweigh.proto.ops import CORE_ATEN

_CHECKS = frozenset(
    {
        torch.ops.aten._assert_tensor_metadata.default,
        torch.ops.aten._assert_scalar.default,
        torch.ops.aten._assert_async.msg,
        torch.ops.aten._assert_async.default,
        torch.ops.aten.sym_constrain_range.default,
        torch.ops.aten.sym_constrain_range_for_size.default,
    }
)


def _table() -> dict[Any, Any]:
    """torch's decompositions of whatever the closed list does not name."""
    table: Any = torch.export.default_decompositions()
    return {operator: rule for operator, rule in table.items() if str(operator) not in CORE_ATEN}


def normalise(program: ExportedProgram) -> ExportedProgram:
    """Returns an equal program in which every operator is functional; masks are attributes of `aweigh::attend`.

    Raises:
        UnsupportedModel: a mask is used otherwise than for attention, or tokens of a batch meet outside of attention.
    """
    program = program.run_decompositions(_table())
    graph = program.graph
    for node in list(graph.nodes):
        if node.target in _CHECKS:
            graph.erase_node(node)
    constants_to_buffers(program)
    pair_complex(graph)
    fold_masks(graph)
    recover_attention(program, len(graph.find_nodes(op="call_function", target=torch.ops.aweigh.attend.default)))
    _eliminate_dead(graph)
    use_positions(graph)
    _eliminate_dead(graph)
    check_locality(graph)
    program.graph_module.recompile()
    return program


def _eliminate_dead(graph: torch.fx.Graph) -> None:
    for node in reversed(list(graph.nodes)):
        if node.op == "call_function" and not node.users:
            graph.erase_node(node)
