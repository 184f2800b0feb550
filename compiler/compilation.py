"""The work of the compiler's process: a request in, a Program with its manifest out. Imports torch and transformers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from aweigh.compiler import cache, known, module_compilation, pipeline
from aweigh.compiler.capture.capture import capture
from aweigh.compiler.capture.core import Capture
from aweigh.compiler.capture.library_class import dtype_named, library_class, library_config
from aweigh.compiler.capture.stand_in import stand_in, stand_in_of
from aweigh.compiler.dialect.definition import new_context
from aweigh.compiler.emit.program import Emitted, emit
from aweigh.compiler.importer import import_capture
from aweigh.compiler.manifest.header import TensorEntry
from aweigh.compiler.manifest.low_bit import packings, parts
from aweigh.compiler.manifest.manifest import build_manifest, literal
from aweigh.compiler.progress import Tell, silent
from aweigh.compiler.statistics import Watch
from aweigh.kernels import mlir
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_from_message, manifest_to_message
from aweigh.proto.low_bit import Packing
from aweigh.proto.program import Manifest, Tensor, WeightExpression
from aweigh.proto.v1 import compiler_pb2 as pb
from aweigh.proto.v1 import engine_pb2


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
    adapters: pb.Adapters | None = None,
    packings: Mapping[str, Packing] | None = None,
) -> Compilation:
    """Captures and compiles what a `PreTrainedConfig` describes. `watcher` sees the IR as imported ("import") and after each pass.
    `tell` hears of each stage when it begins. `class_name`: of the model, where the configuration has several.
    `adapters`: that peft puts into it. `packings`: of weights that are stored in few bits, by the names of parameters.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    layers = getattr(config.get_text_config(decoder=True), "num_hidden_layers", None)
    steps = pipeline.passes(layers, packings)
    stages = ("capture", "import", *(step.name for step in steps), "emit")

    def begin(at: int) -> None:
        tell(stages[at], at, len(stages))

    begin(0)
    captured = capture(config, dtype, class_name, adapters)
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
    alone, checkpoint = known.asked(request)
    name = cache.key(alone)
    compiled = cache.load(name)
    if compiled is None:
        compiled = _compiled(alone, tell)
        cache.store(name, compiled)
    if request.directory and not request.graph and not compiled.refusal:
        tell("manifest")
        given = manifest_from_message(compiled.manifest).slots
        literals = {key: slot for key, slot in zip(compiled.names, given, strict=True) if isinstance(slot, Tensor)}
        manifest = _manifest(alone, checkpoint, compiled.names, literals)
        compiled.manifest.CopyFrom(manifest_to_message(manifest))
        known.remember(name, checkpoint, compiled)
    return compiled


def _manifest(
    request: pb.CompileRequest,
    checkpoint: Mapping[str, TensorEntry],
    names: Sequence[str],
    literals: Mapping[str, WeightExpression],
) -> Manifest:
    """For the model that a request means, or for the part of one. Raises as `answer`."""
    dtype = dtype_named(request.dtype)
    if not request.HasField("call"):
        model = stand_in(read_config(request.config), dtype, request.class_name)
        literals = {
            **literals,
            **parts(model, request.low_bit),
            **{tensor.name: tensor.name for tensor in request.adapters.tensors},
        }
        return build_manifest(model, checkpoint, names, literals)
    if not request.HasField("whole"):
        model = _module(request.class_name, request.config, dtype, request.outline)
        return build_manifest(model, checkpoint, names, literals)
    model, prefix = _module(request.whole.class_name, request.whole.config, dtype), f"{request.whole.prefix}."
    literals = {prefix + name: value for name, value in literals.items()}
    return build_manifest(model, checkpoint, [prefix + name for name in names], literals)


def _module(class_name: str, config: str, dtype: torch.dtype, wanted: bytes = b"") -> Any:
    """A model of any class of transformers, without any byte of its parameters."""
    model_class = library_class(class_name)
    return stand_in_of(model_class, library_config(config, model_class), dtype, wanted)


def _compiled(request: pb.CompileRequest, tell: Tell) -> pb.Compiled:
    """A configuration's Program, with a manifest in which names of the module stand for keys of a checkpoint."""
    if request.graph or request.HasField("call"):
        return module_compilation.compiled(request, tell)
    config = read_config(request.config)
    dtype = dtype_named(request.dtype)
    adapters = request.adapters if request.HasField("adapters") else None
    watch = Watch()
    packed = packings(stand_in(config, dtype, request.class_name), request.low_bit) if request.low_bit else {}
    done = compile_config(config, dtype, watch, tell, request.class_name, adapters, packed)
    names, program = done.emitted.names, done.emitted.program
    made = [*done.capture.literals.items(), *(item for part in done.capture.parts for item in part.literals.items())]
    wanted = set(names) - {tensor.name for tensor in request.adapters.tensors}
    literals = {name: literal(value) for name, value in made if name in wanted}
    return pb.Compiled(
        program=program_to_message(program),
        fingerprint=fingerprint(program),
        names=names,
        manifest=manifest_to_message(Manifest(tuple(literals.get(name, name) for name in names))),
        limits=engine_pb2.ModelLimits(
            context_length=done.capture.context or 0, vocabulary_size=done.capture.vocabulary
        ),
        work=watch.message(),
    )


def read_config(text: str) -> Any:
    """A `PreTrainedConfig` from JSON. No code of the model's author is run.

    Raises:
        CheckpointInvalid: no JSON object with a model type.
        UnsupportedModel: transformers does not know the type.
    """
    return library_config(text, None)
