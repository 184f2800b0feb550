"""The work of the compiler's process: a request in, a Program with its manifest out. Imports torch and transformers."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import CONFIG_MAPPING

from aweigh.compiler import pipeline
from aweigh.compiler.capture.capture import capture
from aweigh.compiler.capture.core import Capture
from aweigh.compiler.capture.instantiate import modelling_class
from aweigh.compiler.dialect.definition import new_context
from aweigh.compiler.emit.program import Emitted, emit
from aweigh.compiler.importer import import_capture
from aweigh.compiler.manifest.header import read_headers
from aweigh.compiler.manifest.manifest import build_manifest, literal
from aweigh.kernels import mlir
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, UnsupportedModel
from aweigh.proto.v1 import compiler_pb2 as pb
from aweigh.proto.v1 import engine_pb2

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16, "float64": torch.float64}


@dataclass(frozen=True, slots=True)
class Compilation:
    """A captured model, its Program, and the module of IR that the Program was emitted from."""

    capture: Capture
    emitted: Emitted
    module: Any = field(repr=False)


def compile_config(config: Any, dtype: torch.dtype, watcher: pipeline.Watcher | None = None) -> Compilation:
    """Captures and compiles what a `PreTrainedConfig` describes. `watcher` sees the IR as imported ("import") and after each pass.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    captured = capture(config, dtype)
    context = new_context()
    module = import_capture(captured, context)
    if watcher is not None:
        watcher("import", module, 0.0)
    layers = getattr(config.get_text_config(decoder=True), "num_hidden_layers", None)
    pipeline.run(module, pipeline.passes(layers), watcher)
    with context, mlir.ir.Location.unknown():
        return Compilation(captured, emit(module), module)


def answer(request: pb.CompileRequest) -> pb.Compiled:
    """What a request asks for.

    Raises:
        InvalidRequest, CheckpointInvalid, ModelNotFound, UnsupportedModel: one sentence for the user.
    """
    config = read_config(request.config, request.directory)
    dtype = dtype_named(request.dtype)
    if request.class_name and request.class_name != modelling_class(config).__name__:
        raise UnsupportedModel(
            f"{request.class_name} is no causal language model that transformers maps to its configuration."
        )
    done = compile_config(config, dtype)
    compiled = pb.Compiled(
        program=program_to_message(done.emitted.program),
        fingerprint=fingerprint(done.emitted.program),
        names=done.emitted.names,
        limits=engine_pb2.ModelLimits(
            context_length=done.capture.context or 0, vocabulary_size=done.capture.vocabulary
        ),
    )
    if request.directory:
        literals = {
            name: literal(value) for name, value in done.capture.literals.items() if name in set(done.emitted.names)
        }
        checkpoint = read_headers(Path(request.directory))
        manifest = build_manifest(config, dtype, checkpoint, done.emitted.names, literals)
        compiled.manifest.CopyFrom(manifest_to_message(manifest))
    return compiled


def read_config(text: str, directory: str) -> Any:
    """A `PreTrainedConfig` from JSON, else from the config.json of a directory. No code of the model's author is run.

    Raises:
        CheckpointInvalid: no JSON object.
        UnsupportedModel: transformers does not know the type.
    """
    try:
        said = json.loads(text or (Path(directory) / "config.json").read_bytes())
        model_type = said["model_type"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointInvalid(f"The configuration of {directory or 'the model'} cannot be read ({error}).") from None
    if model_type not in CONFIG_MAPPING:
        raise UnsupportedModel(f"transformers knows no model type {model_type!r}.")
    return CONFIG_MAPPING[model_type].from_dict(said)


def dtype_named(name: str) -> torch.dtype:
    """A dtype that weights may have. Raises InvalidRequest for any other name."""
    if name not in _DTYPES:
        raise InvalidRequest(f"The dtype {name!r} is none of {', '.join(_DTYPES)}.")
    return _DTYPES[name]
