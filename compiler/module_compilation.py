"""The `module` rung's half of the compiler's process: one call of any module in, a Program with one function out."""

from collections.abc import Mapping
from typing import Any

import torch

from aweigh.compiler import pipeline
from aweigh.compiler.capture.core import ROWS, TOKENS, ModuleCapture
from aweigh.compiler.capture.encoder_call import EncoderCapture, capture_encoder
from aweigh.compiler.capture.exported import exported_from
from aweigh.compiler.capture.library_class import dtype_named, library_class, library_config
from aweigh.compiler.capture.module import capture_call, capture_graph
from aweigh.compiler.dialect.definition import new_context
from aweigh.compiler.emit.aten import torch_dtype
from aweigh.compiler.emit.program import Emitted, emit
from aweigh.compiler.emit.shapes import TOKENS_AND_ROWS, SizeUnknown, points
from aweigh.compiler.importer import import_module
from aweigh.compiler.manifest.manifest import literal
from aweigh.compiler.passes.base import Pass
from aweigh.compiler.passes.whole import Whole
from aweigh.compiler.progress import Tell, silent
from aweigh.compiler.statistics import Watch
from aweigh.kernels import mlir
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import dtype_from, program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.errors import InvalidRequest, UnsupportedModel
from aweigh.proto.ops import RAGGED
from aweigh.proto.program import Manifest
from aweigh.proto.v1 import compiler_pb2 as pb

_MOST_ELEMENTS = 1 << 40
_MOST_RANK = 12


def captured(request: pb.CompileRequest) -> ModuleCapture:
    """What a request of the `module` rung means.

    Raises:
        InvalidRequest, CheckpointInvalid, UnsupportedModel: one sentence for the user.
    """
    if request.graph:
        return capture_graph(exported_from(request.graph))
    model_class = library_class(request.class_name)
    config = library_config(request.config, model_class)
    tensors = [_example(spec) for spec in request.tensors]
    dtype = dtype_named(request.dtype)
    return capture_call(model_class, config, dtype, request.attention, request.call, tensors, request.outline)


def _example(spec: pb.TensorSpec) -> tuple[Any, tuple[int, ...]]:
    elements = 1
    for size in spec.shape:
        elements *= max(size, 0)
    if len(spec.shape) > _MOST_RANK or elements > _MOST_ELEMENTS or any(size < 0 for size in spec.shape):
        raise InvalidRequest(f"A tensor of a call has the shape {list(spec.shape)}.")
    return torch_dtype(dtype_from(spec.dtype)), tuple(spec.shape)


def compile_module(capture: ModuleCapture, watch: Watch | None = None, tell: Tell = silent) -> Emitted:
    """The Program of a captured call. Symbols that a size depends on in no simple way are fixed on the way.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    while True:
        try:
            return _emitted(capture, watch, tell)
        except SizeUnknown as unknown:
            names = capture.sizes.names()
            if not names:
                raise
            if watch is not None:
                watch.imported = 0  # it is imported anew
            capture.sizes.fix_named([names[symbol] for symbol in unknown.symbols])
            capture.sizes.numbers(capture.program.graph)


def _emitted(capture: ModuleCapture, watcher: pipeline.Watcher | None, tell: Tell) -> Emitted:
    sizes, nodes = capture.sizes, capture.sizes.inputs
    names = sizes.names()
    dims = [[-1 - names.index(size) if isinstance(size, str) else size for size in sizes.dims(node)] for node in nodes]
    whole = Whole(capture.inputs, dims, [f"s{number}" for number in range(len(names))])
    samples = points([(each.least, each.most, each.seen) for each in sizes.ranges()])
    return _made(capture, pipeline.module_passes(), whole, samples, watcher, tell)


def compile_encoder(capture: EncoderCapture, watcher: pipeline.Watcher | None = None, tell: Tell = silent) -> Emitted:
    """The Program of a captured text encoder: the one function `ragged`.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    symbols = [TOKENS, ROWS] if "rows" in capture.inputs else [TOKENS]
    dims = [[-2] if name == "rows" else [1, -1] for name in capture.inputs]
    samples = tuple(point[: len(symbols)] for point in TOKENS_AND_ROWS)
    return _made(
        capture, pipeline.encoder_passes(), Whole(capture.inputs, dims, symbols, RAGGED), samples, watcher, tell
    )


def _made(
    capture: ModuleCapture | EncoderCapture,
    passes: list[Pass],
    whole: Whole,
    samples: tuple[tuple[int, ...], ...],
    watcher: pipeline.Watcher | None,
    tell: Tell,
) -> Emitted:
    steps = [*passes, whole]
    stages = ("capture", "import", *(step.name for step in steps), "emit")

    def begin(at: int) -> None:
        tell(stages[at], at, len(stages))

    begin(1)
    context = new_context()
    module = import_module(capture, context)
    if watcher is not None:
        watcher("import", module, 0.0)
    pipeline.run(module, steps, watcher, lambda at: begin(2 + at))
    begin(len(stages) - 1)
    with context, mlir.ir.Location.unknown():
        return emit(module, points=samples)


def compiled(request: pb.CompileRequest, tell: Tell = silent) -> pb.Compiled:
    """The answer to a request of the `module` rung; in its manifest names of the module stand for keys.

    Raises:
        InvalidRequest, CheckpointInvalid, UnsupportedModel: one sentence for the user.
    """
    tell("capture")
    if request.ragged:
        return _encoder(request, tell)
    capture = captured(request)
    watch = Watch()
    emitted = compile_module(capture, watch, tell)
    answer = _answer(emitted, capture.literals, watch)
    answer.ranges.extend(pb.Range(least=each.least, most=each.most) for each in capture.sizes.ranges())
    if capture.result is not None:
        answer.result.CopyFrom(capture.result)
    return answer


def _encoder(request: pb.CompileRequest, tell: Tell) -> pb.Compiled:
    """A refusal is an answer, which is kept like one: the next process does not try again."""
    model_class = library_class(request.class_name)
    config = library_config(request.config, model_class)
    tensors = [_example(spec) for spec in request.tensors]
    dtype = dtype_named(request.dtype)
    watch = Watch()
    try:
        capture = capture_encoder(model_class, config, dtype, request.attention, request.call, tensors, request.outline)
        emitted = compile_encoder(capture, watch, tell)
    except UnsupportedModel as error:
        return pb.Compiled(refusal=str(error))
    answer = _answer(emitted, capture.literals, watch)
    answer.ranges.add(least=capture.least, most=capture.most)
    answer.result.CopyFrom(capture.result)
    return answer


def _answer(emitted: Emitted, made: Mapping[str, torch.Tensor], watch: Watch) -> pb.Compiled:
    wanted = set(emitted.names)
    literals = {name: literal(value) for name, value in made.items() if name in wanted}
    return pb.Compiled(
        program=program_to_message(emitted.program),
        fingerprint=fingerprint(emitted.program),
        names=emitted.names,
        manifest=manifest_to_message(Manifest(tuple(literals.get(name, name) for name in emitted.names))),
        work=watch.message(),
    )
