"""`capture`: from a configuration alone to an exported graph. No weight is read and no byte of one is allocated."""

import copy
from typing import Any

import torch
from torch._guards import TracingContext, tracing
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.export import Dim

from aweigh.compiler.capture.choices import AllRows
from aweigh.compiler.capture.core import ROWS, TOKENS, Capture, WeightType
from aweigh.compiler.capture.counter import counted_layers
from aweigh.compiler.capture.grouping import ungrouped
from aweigh.compiler.capture.instantiate import instantiate
from aweigh.compiler.capture.normalise import normalise
from aweigh.compiler.capture.ragged import Ragged
from aweigh.compiler.capture.recurrences import recurrences_replaced
from aweigh.compiler.capture.repeats import repeats_traced_once
from aweigh.compiler.capture.rope_at_rest import rest_rope
from aweigh.compiler.capture.stand_in import fake_mode
from aweigh.compiler.capture.unfold import unfold
from aweigh.proto.errors import AweighError, UnsupportedModel

_PREFIX = "model."
# Sizes of the example. Unequal primes, so that no size of a model is taken for one of them.
_TOKENS, _ROWS = 37, 11
_LONGEST = 300


def capture(config: Any, dtype: torch.dtype) -> Capture:
    """Captures the causal language model that `config` describes.

    Args:
        config: a `PreTrainedConfig` of transformers; it is not changed.
        dtype: of the parameters.

    Raises:
        UnsupportedModel: transformers has no such model, or something in it has no counterpart in a Program.
    """
    config = copy.deepcopy(config)
    mode = fake_mode()
    model = instantiate(config, dtype, mode)
    limit = rest_rope(model)
    program = _program(model, mode)
    return _describe(model, program, limit)


def _program(model: Any, mode: FakeTensorMode) -> torch.export.ExportedProgram:
    """As the model is written; if that cannot be, with rows that the data choose or sort as all rows and a mask."""
    try:
        return normalise(_export_once(Ragged(model), mode))
    except UnsupportedModel as first:
        refusal = first
    choices = AllRows()
    try:
        with choices, ungrouped() as groups:
            program = _export(Ragged(model), mode)
        if choices.settled() or (groups.used and choices.unused()):
            return normalise(program)
    except UnsupportedModel:
        pass  # the first refusal speaks of the model as it is written
    raise refusal


def _export_once(ragged: Ragged, mode: FakeTensorMode) -> torch.export.ExportedProgram:
    """Layers that are built alike are traced once; where that does not work, each is traced."""
    try:
        with repeats_traced_once(ragged):
            program = _export(ragged, mode)
    except AweighError:
        return _export(ragged, mode)
    unfold(program.graph)
    return program


def _export(ragged: Ragged, mode: FakeTensorMode) -> torch.export.ExportedProgram:
    token_ids = torch.zeros((1, _TOKENS), dtype=torch.int64)
    positions = torch.arange(_TOKENS, dtype=torch.int64)[None]
    rows = torch.arange(_ROWS, dtype=torch.int64)
    shapes = ({1: Dim.DYNAMIC}, {1: Dim.DYNAMIC}, {0: Dim.DYNAMIC})
    try:
        with torch.no_grad(), tracing(TracingContext(mode)), counted_layers(), recurrences_replaced(ragged.model):
            return torch.export.export(ragged, (token_ids, positions, rows), dynamic_shapes=shapes, strict=False)
    except AweighError:
        raise
    except Exception as error:
        first = str(error).strip().partition("\n")[0].rstrip(".")
        raise UnsupportedModel(
            f"{type(ragged.model).__name__} cannot be captured ({type(error).__name__}: {first[:_LONGEST]})."
        ) from error


def _longest(program: torch.export.ExportedProgram, tokens: torch.SymInt) -> int | None:
    """The length up to which the modelling code takes the branches that were traced (sparse attention begins later), if there is one."""
    upper: Any = program.range_constraints[tokens.node.expr].upper
    return int(upper) if upper.is_finite and upper < 1 << 40 else None


def _describe(model: Any, program: torch.export.ExportedProgram, limit: int | None) -> Capture:
    inputs = [node for node in program.graph.nodes if node.op == "placeholder"]
    by_name = {node.name: node.meta["val"] for node in inputs}
    symbols = {str(by_name["token_ids"].shape[1]): TOKENS, str(by_name["rows"].shape[0]): ROWS}
    text = model.config.get_text_config(decoder=True)
    bounds = (getattr(text, "max_position_embeddings", None), limit, _longest(program, by_name["token_ids"].shape[1]))
    stated = [length for length in bounds if length]
    persistent = {name.removeprefix(_PREFIX) for name in program.state_dict}
    weights = {
        name: WeightType(tensor.dtype, tuple(tensor.shape))
        for name, tensor in [*model.named_parameters(remove_duplicate=False), *model.named_buffers()]
        if name in persistent
    }
    literals = {
        name.removeprefix(_PREFIX): value.detach()
        for name, value in program.constants.items()
        if isinstance(value, torch.Tensor)
    }
    return Capture(
        program=program,
        symbols=symbols,
        weights=weights,
        literals=literals,
        tied=dict(getattr(model, "all_tied_weights_keys", None) or {}),
        vocabulary=int(program.graph.output_node().args[0][0].meta["val"].shape[-1]),
        context=min(stated, default=None),
        model_class=type(model).__name__,
    )
