"""Brings an exported graph to the closed list of operators: functional, no assertions, no dead code, no masks as tensors."""

from typing import Any

import torch
from torch.export import ExportedProgram

from aweigh.compiler.capture.complex_pairs import pair_complex
from aweigh.compiler.capture.fold_masks import fold_masks
from aweigh.compiler.capture.key_bias import fold_key_bias
from aweigh.compiler.capture.literals import constants_to_buffers, fold_literals, name_outputs
from aweigh.compiler.capture.locality import check_locality
from aweigh.compiler.capture.number_states import number_states
from aweigh.compiler.capture.positions import use_positions
from aweigh.compiler.capture.recover_attention import recover_attention
from aweigh.compiler.capture.recover_bias import recover_bias
from aweigh.compiler.capture.recover_conv import recover_conv
from aweigh.compiler.capture.recover_selection import recover_selection
from aweigh.compiler.capture.recover_shift import recover_shift
from aweigh.compiler.capture.recover_windows import recover_windows
from aweigh.compiler.capture.relative import recover_relative
from aweigh.compiler.capture.row_sums import spell_out_row_sums
from aweigh.compiler.capture.rows_apart import check_rows
from aweigh.compiler.capture.running_count import fold_running_counts, spell_out_running_counts
from aweigh.compiler.capture.simplify import eliminate_dead, erase_checks, is_closed, simplify
from aweigh.compiler.capture.variance import spell_out_variance
from aweigh.compiler.capture.varlen import fold_attention
from aweigh.compiler.capture.vector_norm import spell_out_norm
from aweigh.proto.module_aten import MODULE_ATEN
from aweigh.proto.ops import CORE_ATEN

TOKEN_ATEN = CORE_ATEN - MODULE_ATEN


def _table() -> dict[Any, Any]:
    """torch's decompositions of whatever the closed list does not name for every rung: of those operators it is known what they do to tokens."""
    table: Any = torch.export.default_decompositions()
    return {operator: rule for operator, rule in table.items() if str(operator) not in TOKEN_ATEN}


def normalise(program: ExportedProgram) -> ExportedProgram:
    """Returns an equal program in which every operator is functional; masks are attributes of `aweigh::attend`.

    Raises:
        UnsupportedModel: a mask is used otherwise than for attention, or tokens of a batch meet outside of attention.
    """
    program = _functional(program)
    graph = program.graph
    recover_selection(graph)
    recover_relative(graph)
    fold_key_bias(graph)
    fold_masks(graph)
    recover_bias(program)
    recover_conv(graph)
    recover_shift(program)
    recover_windows(program)
    recover_attention(program, len(graph.find_nodes(op="call_function", target=torch.ops.aweigh.attend.default)))
    eliminate_dead(graph)
    use_positions(graph)
    eliminate_dead(graph)
    number_states(graph)
    check_locality(graph)
    return _finished(program)


def normalise_encoder(program: ExportedProgram, floor: bool) -> ExportedProgram:
    """The same for an encoder, whose attention keeps nothing. `floor`: as in `fold_attention`.

    Raises:
        UnsupportedModel: tokens of a batch, or rows of a call, meet outside of attention.
    """
    program = _functional(program)
    graph = program.graph
    fold_attention(graph, floor)
    eliminate_dead(graph)
    check_rows(graph)
    use_positions(graph)
    fold_running_counts(graph)
    eliminate_dead(graph)
    check_locality(graph)
    spell_out_running_counts(graph)
    spell_out_row_sums(graph)
    return _finished(program)


def normalise_dense(program: ExportedProgram) -> ExportedProgram:
    """The same for a function that knows of no sequences."""
    program = _functional(program)
    eliminate_dead(program.graph)
    return _finished(program)


def _functional(program: ExportedProgram) -> ExportedProgram:
    simplify(program.graph)
    pair_complex(program.graph)
    name_outputs(program)
    if not is_closed(program.graph, TOKEN_ATEN):
        program._guards_code = []  # of all exports of this fake mode, about inputs that this one may not have
        program = program.run_decompositions(_table())
        erase_checks(program.graph)
        pair_complex(program.graph)
    graph = program.graph
    constants_to_buffers(program)
    spell_out_variance(graph)
    spell_out_norm(graph)
    fold_literals(program)
    return program


def _finished(program: ExportedProgram) -> ExportedProgram:
    name_outputs(program)
    program.graph_module.recompile()
    return program
