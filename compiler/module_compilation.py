"""The `module` rung's half of the compiler's process: one call of any module in, a Program with one function out."""

from typing import Any

from aweigh.compiler import pipeline
from aweigh.compiler.capture.core import ModuleCapture
from aweigh.compiler.capture.exported import exported_from
from aweigh.compiler.capture.library_class import dtype_named, library_class, library_config
from aweigh.compiler.capture.module import capture_call, capture_graph
from aweigh.compiler.dialect.definition import new_context
from aweigh.compiler.emit.aten import torch_dtype
from aweigh.compiler.emit.program import Emitted, emit
from aweigh.compiler.emit.shapes import SizeUnknown, points
from aweigh.compiler.importer import import_module
from aweigh.compiler.manifest.manifest import literal
from aweigh.compiler.passes.whole import Whole
from aweigh.compiler.progress import Tell, silent
from aweigh.kernels import mlir
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import dtype_from, program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.errors import InvalidRequest
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
    return capture_call(model_class, config, dtype_named(request.dtype), request.attention, request.call, tensors)


def _example(spec: pb.TensorSpec) -> tuple[Any, tuple[int, ...]]:
    elements = 1
    for size in spec.shape:
        elements *= max(size, 0)
    if len(spec.shape) > _MOST_RANK or elements > _MOST_ELEMENTS or any(size < 0 for size in spec.shape):
        raise InvalidRequest(f"A tensor of a call has the shape {list(spec.shape)}.")
    return torch_dtype(dtype_from(spec.dtype)), tuple(spec.shape)


def compile_module(capture: ModuleCapture, watcher: pipeline.Watcher | None = None, tell: Tell = silent) -> Emitted:
    """The Program of a captured call. Symbols that a size depends on in no simple way are fixed on the way.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    while True:
        try:
            return _emitted(capture, watcher, tell)
        except SizeUnknown as unknown:
            names = capture.sizes.names()
            if not names:
                raise
            capture.sizes.fix_named([names[symbol] for symbol in unknown.symbols])
            capture.sizes.numbers(capture.program.graph)


def _emitted(capture: ModuleCapture, watcher: pipeline.Watcher | None, tell: Tell) -> Emitted:
    sizes, nodes = capture.sizes, capture.sizes.inputs
    names = sizes.names()
    dims = [[-1 - names.index(size) if isinstance(size, str) else size for size in sizes.dims(node)] for node in nodes]
    steps = [*pipeline.module_passes(), Whole(capture.inputs, dims, [f"s{number}" for number in range(len(names))])]
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
    samples = points([(each.least, each.most, each.seen) for each in sizes.ranges()])
    with context, mlir.ir.Location.unknown():
        return emit(module, samples)


def compiled(request: pb.CompileRequest, tell: Tell = silent) -> pb.Compiled:
    """The answer to a request of the `module` rung; in its manifest names of the module stand for keys.

    Raises:
        InvalidRequest, CheckpointInvalid, UnsupportedModel: one sentence for the user.
    """
    tell("capture")
    capture = captured(request)
    emitted = compile_module(capture, tell=tell)
    wanted = set(emitted.names)
    literals = {name: literal(value) for name, value in capture.literals.items() if name in wanted}
    answer = pb.Compiled(
        program=program_to_message(emitted.program),
        fingerprint=fingerprint(emitted.program),
        names=emitted.names,
        manifest=manifest_to_message(Manifest(tuple(literals.get(name, name) for name in emitted.names))),
        ranges=[pb.Range(least=each.least, most=each.most) for each in capture.sizes.ranges()],
    )
    if capture.result is not None:
        answer.result.CopyFrom(capture.result)
    return answer
