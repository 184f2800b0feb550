"""`capture`: from a configuration alone to an exported graph. No weight is read and no byte of one is allocated."""

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch._guards import TracingContext, tracing
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.export import Dim
from torch.export.graph_signature import InputKind

from aweigh.compiler.capture.adapt import adapt
from aweigh.compiler.capture.choices import AllRows
from aweigh.compiler.capture.core import ROWS, TOKENS, Capture, Part, WeightType
from aweigh.compiler.capture.counted_tokens import count_by_position
from aweigh.compiler.capture.counter import counted_layers
from aweigh.compiler.capture.encoder_decoder import IDS, MEMORY, Decode, Encode, Memorise, has_encoder
from aweigh.compiler.capture.encoder_decoder import example as encoder_example
from aweigh.compiler.capture.first_call import first_call
from aweigh.compiler.capture.grouping import ungrouped
from aweigh.compiler.capture.instantiate import instantiate, without_bytes
from aweigh.compiler.capture.literals import drop_input, rename_literals
from aweigh.compiler.capture.locality import is_symbolic
from aweigh.compiler.capture.normalise import normalise, normalise_dense
from aweigh.compiler.capture.ragged import Ragged
from aweigh.compiler.capture.recurrences import recurrences_replaced
from aweigh.compiler.capture.repeats import repeats_traced_once
from aweigh.compiler.capture.rope_at_rest import rest_rope
from aweigh.compiler.capture.stand_in import fake_mode
from aweigh.compiler.capture.unfold import unfold
from aweigh.proto.errors import AweighError, UnsupportedModel
from aweigh.proto.v1 import compiler_pb2 as pb

_PREFIX = "model."
# Sizes of the example. Unequal primes, so that no size of a model is taken for one of them.
_TOKENS, _ROWS = 37, 11
_LONGEST = 300
# What torch's own words mean here.
_REFUSALS = {
    "Constraints violated": ": its code makes something else of every number of tokens",
    "data-dependent": ": its code decides by the values of tokens",
}
_SHAPES = ({1: Dim.DYNAMIC}, {1: Dim.DYNAMIC}, {0: Dim.DYNAMIC})


def capture(config: Any, dtype: torch.dtype, class_name: str = "", adapters: pb.Adapters | None = None) -> Capture:
    """Captures the language model that `config` describes.

    Args:
        config: a `PreTrainedConfig` of transformers; it is not changed.
        dtype: of the parameters.
        class_name: of the model, where the configuration has several; empty: as `modelling_class` chooses.
        adapters: that peft puts into it.

    Raises:
        UnsupportedModel: transformers has no such model, or something in it has no counterpart in a Program.
    """
    config = copy.deepcopy(config)
    mode = fake_mode()
    model = instantiate(config, dtype, mode, class_name)
    own = {}
    if adapters is not None:
        with without_bytes(mode):
            own = adapt(model, adapters)
    limit = rest_rope(model)
    made = _with_encoder(model, mode, limit) if has_encoder(model) else _describe(model, _program(model, mode), limit)
    return made if adapters is None else _named_as_without(made, own)


def _named_as_without(made: Capture, own: Mapping[str, str]) -> Capture:
    """The capture of a model with adapters, its own tensors named as without; `own`: these names, by those with adapters."""
    tied = dict(made.tied) | {name: made.tied.get(without, without) for name, without in own.items()}
    return dataclasses.replace(
        made,
        tied=tied,
        literals={tied.get(name, name): value for name, value in made.literals.items()},
    )


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
    with recurrences_replaced(ragged.model):
        return first_call(ragged.model, lambda: _exported(ragged, _batch(), _SHAPES, mode))


def _batch() -> tuple[Tensor, Tensor, Tensor]:
    """Token ids, positions and rows of the example."""
    positions = torch.arange(_TOKENS, dtype=torch.int64)[None]
    return torch.zeros_like(positions), positions, torch.arange(_ROWS, dtype=torch.int64)


def _exported(
    module: Any, example: tuple[Tensor, ...], shapes: Any, mode: FakeTensorMode
) -> torch.export.ExportedProgram:
    """Raises UnsupportedModel where torch cannot."""
    try:
        with torch.no_grad(), tracing(TracingContext(mode)), counted_layers():
            return torch.export.export(module, example, dynamic_shapes=shapes, strict=False)
    except AweighError:
        raise
    except Exception as error:
        first = str(error).strip().partition("\n")[0].rstrip(".")
        why = next((why for word, why in _REFUSALS.items() if word in first), "")
        raise UnsupportedModel(
            f"{type(module.model).__name__} cannot be captured{why} ({type(error).__name__}: {first[:_LONGEST]})."
        ) from error


def _with_encoder(model: Any, mode: FakeTensorMode, limit: int | None) -> Capture:
    names, example, symbols = encoder_example(model, _TOKENS)
    encode = normalise_dense(_exported(Encode(model, names), tuple(example), (tuple(symbols),), mode))
    if names[0] != "input_ids" and names[1:]:
        if not drop_input(encode, encode.graph_signature.user_inputs[-1]):
            raise UnsupportedModel("The encoder masks features, which a Program cannot say.")
        names = names[:1]
    encoded = encode.graph.output_node().args[0][0].meta["val"]
    hidden, dtype = int(encoded.shape[2]), encoded.dtype
    memory = torch.zeros((1, MEMORY, hidden), dtype=dtype)
    decode = _exported(Decode(model), (*_batch(), memory), (*_SHAPES, None), mode)
    count_by_position(decode.graph, model.config)
    decode = normalise(decode)
    if not drop_input(decode, "encoded"):
        raise UnsupportedModel("The decoder reads the encoder's output outside of attention, which a Program cannot.")
    memory = torch.zeros((1, _TOKENS, hidden), dtype=dtype)
    memorise = _exported(
        Memorise(model), (torch.zeros((1, 1), dtype=torch.int64), memory), (None, {1: Dim.DYNAMIC}), mode
    )
    memorise = normalise_dense(memorise)
    if not drop_input(memorise, "token_ids"):
        raise UnsupportedModel("Keys of the encoder's output depend on the decoder's tokens, which a Program cannot.")
    layers = [
        node.kwargs["layer"] for node in decode.graph.nodes if node.target == torch.ops.aweigh.cross_attend.default
    ]
    kept = tuple(f"{kind}.{layer}" for layer in layers for kind in ("key", "value"))
    parts = (
        _part(model, "encode", tuple(IDS if name == "input_ids" else name for name in names), ("encoded",), encode),
        _part(model, "memorise", ("encoded",), kept, memorise),
    )
    return dataclasses.replace(_describe(model, decode, limit), parts=parts)


def _part(
    model: Any, name: str, inputs: tuple[str, ...], outputs: tuple[str, ...], program: torch.export.ExportedProgram
) -> Part:
    rename_literals(program, name, frozenset(_PREFIX + buffer for buffer, _ in model.named_buffers()))
    returned = program.graph.output_node().args[0]
    assert len(returned) == len(outputs), "each layer that attends over the encoder's output keeps its keys and values"
    sizes = [size for node in program.graph.nodes if node.op == "placeholder" for size in node.meta["val"].shape]
    symbols = {str(size): TOKENS for size in sizes if is_symbolic(size)}
    return Part(name, inputs, outputs, program, symbols, _literals(program))


def _longest(program: torch.export.ExportedProgram, tokens: torch.SymInt) -> int | None:
    """The length up to which the modelling code takes the branches that were traced (sparse attention begins later), if there is one."""
    upper: Any = program.range_constraints[tokens.node.expr].upper
    return int(upper) if upper.is_finite and upper < 1 << 40 else None


def _describe(model: Any, program: torch.export.ExportedProgram, limit: int | None) -> Capture:
    if any(spec.kind is InputKind.TOKEN for spec in program.graph_signature.input_specs):
        raise UnsupportedModel("An operator has effects beside its results, which a Program cannot say.")
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
    return Capture(
        program=program,
        symbols=symbols,
        weights=weights,
        literals=_literals(program),
        tied=dict(getattr(model, "all_tied_weights_keys", None) or {}),
        vocabulary=int(program.graph.output_node().args[0][0].meta["val"].shape[-1]),
        context=min(stated, default=None),
        model_class=type(model).__name__,
    )


def _literals(program: torch.export.ExportedProgram) -> dict[str, Tensor]:
    return {
        name.removeprefix(_PREFIX): value.detach()
        for name, value in program.constants.items()
        if isinstance(value, Tensor)
    }
