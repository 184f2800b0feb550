"""The work of the compiler's process: a request in, a Program with its manifest out. Imports torch and transformers."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import CONFIG_MAPPING

from aweigh.compiler import cache, pipeline
from aweigh.compiler.capture.capture import capture
from aweigh.compiler.capture.core import Capture
from aweigh.compiler.dialect.definition import new_context
from aweigh.compiler.emit.program import Emitted, emit
from aweigh.compiler.importer import import_capture
from aweigh.compiler.manifest.header import read_headers
from aweigh.compiler.manifest.manifest import build_manifest, literal
from aweigh.compiler.progress import Tell, silent
from aweigh.kernels import mlir
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_from_message, manifest_to_message
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, UnsupportedModel
from aweigh.proto.program import Manifest, Tensor
from aweigh.proto.v1 import compiler_pb2 as pb
from aweigh.proto.v1 import engine_pb2

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16, "float64": torch.float64}


@dataclass(frozen=True, slots=True)
class Compilation:
    """A captured model, its Program, and the module of IR that the Program (but for its encoder) was emitted from."""

    capture: Capture
    emitted: Emitted
    module: Any = field(repr=False)


def compile_config(
    config: Any,
    dtype: torch.dtype,
    watcher: pipeline.Watcher | None = None,
    tell: Tell = silent,
    class_name: str = "",
) -> Compilation:
    """Captures and compiles what a `PreTrainedConfig` describes. `watcher` sees the IR as imported ("import") and after each pass.
    `tell` hears of each stage when it begins. `class_name`: of the model, where the configuration has several.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    layers = getattr(config.get_text_config(decoder=True), "num_hidden_layers", None)
    steps = pipeline.passes(layers)
    stages = ("capture", "import", *(step.name for step in steps), "emit")

    def begin(at: int) -> None:
        tell(stages[at], at, len(stages))

    begin(0)
    captured = capture(config, dtype, class_name)
    begin(1)
    context = new_context()
    module = import_capture(captured, context)
    if watcher is not None:
        watcher("import", module, 0.0)
    pipeline.run(module, steps, watcher, lambda at: begin(2 + at))
    parts = []
    for part in captured.parts:
        parts.append(import_capture(captured, context, part))
        if watcher is not None:
            watcher("import", parts[-1], 0.0)
        pipeline.run(parts[-1], pipeline.dense_passes(part), watcher)
    begin(len(stages) - 1)
    with context, mlir.ir.Location.unknown():
        return Compilation(captured, emit(module, *parts), module)


def answer(request: pb.CompileRequest, tell: Tell = silent) -> pb.Compiled:
    """What a request asks for. The Program of a configuration is taken from the cache on disk, whichever checkpoint it was made for.

    Raises:
        InvalidRequest, CheckpointInvalid, ModelNotFound, UnsupportedModel: one sentence for the user.
    """
    text = request.config or config_text(request.directory)
    alone = pb.CompileRequest(config=text, dtype=request.dtype, class_name=request.class_name)
    name = cache.key(alone)
    compiled = cache.load(name)
    if compiled is None:
        compiled = _compiled(alone, tell)
        cache.store(name, compiled)
    if request.directory:
        tell("manifest")
        given = manifest_from_message(compiled.manifest).slots
        literals = {key: slot for key, slot in zip(compiled.names, given, strict=True) if isinstance(slot, Tensor)}
        checkpoint = read_headers(Path(request.directory))
        config = read_config(text)
        manifest = build_manifest(
            config, dtype_named(request.dtype), checkpoint, compiled.names, literals, request.class_name
        )
        compiled.manifest.CopyFrom(manifest_to_message(manifest))
    return compiled


def _compiled(request: pb.CompileRequest, tell: Tell) -> pb.Compiled:
    """A configuration's Program, with a manifest in which names of the module stand for keys of a checkpoint."""
    config = read_config(request.config)
    dtype = dtype_named(request.dtype)
    done = compile_config(config, dtype, tell=tell, class_name=request.class_name)
    names, program = done.emitted.names, done.emitted.program
    made = [*done.capture.literals.items(), *(item for part in done.capture.parts for item in part.literals.items())]
    literals = {name: literal(value) for name, value in made if name in set(names)}
    return pb.Compiled(
        program=program_to_message(program),
        fingerprint=fingerprint(program),
        names=names,
        manifest=manifest_to_message(Manifest(tuple(literals.get(name, name) for name in names))),
        limits=engine_pb2.ModelLimits(
            context_length=done.capture.context or 0, vocabulary_size=done.capture.vocabulary
        ),
    )


def config_text(directory: str) -> str:
    """The config.json of a directory. Raises CheckpointInvalid where it cannot be read."""
    try:
        return (Path(directory) / "config.json").read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointInvalid(f"{directory} has no readable config.json ({error}).") from None


def read_config(text: str) -> Any:
    """A `PreTrainedConfig` from JSON. No code of the model's author is run.

    Raises:
        CheckpointInvalid: no JSON object with a model type.
        UnsupportedModel: transformers does not know the type.
    """
    try:
        said = json.loads(text, object_hook=_number)
        model_type = said["model_type"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointInvalid(f"The configuration cannot be read ({type(error).__name__}: {error}).") from None
    if model_type not in CONFIG_MAPPING:
        raise UnsupportedModel(f"transformers knows no model type {model_type!r}.")
    return CONFIG_MAPPING[model_type].from_dict(said)


def _number(said: dict[str, Any]) -> Any:
    """An object of JSON, or the number that JSON has no word for, as transformers writes it: {"__float__": "Infinity"}."""
    return float(said["__float__"]) if said.keys() == {"__float__"} else said


def dtype_named(name: str) -> torch.dtype:
    """A dtype that weights may have. Raises InvalidRequest for any other name."""
    if name not in _DTYPES:
        raise InvalidRequest(f"The dtype {name!r} is none of {', '.join(_DTYPES)}.")
    return _DTYPES[name]
