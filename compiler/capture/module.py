"""`capture_call` and `capture_graph`: one call of any module as an exported graph over the tensors of the call.

No weight is read. The example's tensors are never written to, so that they take no memory, whatever their size.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch._guards import TracingContext, tracing
from torch._subclasses.fake_tensor import FakeTensor
from torch.export import Dim, ExportedProgram
from torch.export.graph_signature import InputKind
from torch.fx import Node

from aweigh.compiler.capture.call_tree import Flattened, rebuilt
from aweigh.compiler.capture.closed import close, refuse_data_sizes
from aweigh.compiler.capture.core import ModuleCapture
from aweigh.compiler.capture.likeness import built_like
from aweigh.compiler.capture.place import place_of_error
from aweigh.compiler.capture.sizes import Sizes
from aweigh.compiler.capture.stand_in import fake_mode
from aweigh.proto.errors import AweighError, InvalidRequest, UnsupportedModel
from aweigh.proto.v1 import compiler_pb2 as pb

_PREFIX = "model."
_LONGEST = 300

Example = tuple[torch.dtype, tuple[int, ...]]
"""Dtype and shape of one tensor of a call."""


class _Call(torch.nn.Module):
    """A module under one signature: tensors in, tensors out. The tree of what it returned goes to `told`: export resets attributes."""

    def __init__(self, model: Any, call: pb.CallTree, told: Callable[[pb.CallTree], None]) -> None:
        super().__init__()
        self.model = model
        self._call, self._told = call, told

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        said = rebuilt(self._call, tensors)
        if not isinstance(said, dict):
            raise InvalidRequest("A call is keyword arguments.")
        flat = Flattened(lambda value: isinstance(value, torch.Tensor))
        self._told(flat.tree(self.model(**said)))
        return tuple(flat.tensors)


def capture_call(
    model_class: Any,
    config: Any,
    dtype: torch.dtype,
    attention: str,
    call: pb.CallTree,
    tensors: Sequence[Example],
    wanted: bytes = b"",
) -> ModuleCapture:
    """Captures the forward of a class of transformers.

    Args:
        config: a `PreTrainedConfig` of the class; it is not changed.
        dtype: of the parameters.
        attention: transformers' name of an implementation that is plain torch; empty: the class's default.
        call: keyword arguments, their tensors by number.
        wanted: the outline that the model must have; empty: any.
        tensors: of the call. A size of 1 stays 1, any other may become a symbol.

    Raises:
        UnsupportedModel: the model cannot be made from its configuration alone, or something in it has no counterpart in a Program.
    """
    mode = fake_mode()
    name = model_class.__name__
    try:
        model = built_like(model_class, config, dtype, mode, attention, wanted)
    except AweighError:
        raise
    except Exception as error:
        raise UnsupportedModel(f"{name} cannot be made from its configuration ({first_line(error)}).") from error
    results: list[pb.CallTree] = []
    program = _exported(_Call(model, call, results.append), mode, tensors, name)
    tied = dict(getattr(model, "all_tied_weights_keys", None) or {})
    return _described(program, name, results[-1], tied, _PREFIX, merge=True)


def capture_graph(program: ExportedProgram) -> ModuleCapture:
    """Captures what a process that holds a module has exported itself.

    Raises:
        UnsupportedModel: something in it has no counterpart in a Program.
    """
    return _described(program, "This part of the script", None, {}, "", merge=False)


def open_sizes(tensors: Sequence[Example]) -> list[list[int]]:
    """Per tensor of a call the dimensions that may become symbols.

    Of pictures (four dimensions and more) that is the batch alone: what comes before a model brings them to one size, modelling code fixes
    it more often than not, and formulas over several roundings of it take minutes. What has the size of a sequence is one.
    """
    sequences = {
        shape[1] for dtype, shape in tensors if len(shape) == 2 or (len(shape) == 3 and dtype.is_floating_point)
    }
    return [
        [place for place, size in enumerate(shape) if size != 1 and (place == 0 or len(shape) < 4 or size in sequences)]
        for _, shape in tensors
    ]


def _exported(wrapped: _Call, mode: Any, tensors: Sequence[Example], name: str) -> ExportedProgram:
    example = tuple(torch.empty(shape, dtype=dtype) for dtype, shape in tensors)
    shapes = (tuple({place: Dim.AUTO for place in places} for places in open_sizes(tensors)),)
    try:
        with torch.no_grad(), tracing(TracingContext(mode)):
            return torch.export.export(wrapped, example, dynamic_shapes=shapes, strict=False)
    except AweighError:
        raise
    except Exception as error:
        raise UnsupportedModel(f"{name} cannot be captured{place_of_error(error)} ({first_line(error)}).") from error


def first_line(error: Exception) -> str:
    """What an error says, for a sentence."""
    first = str(error).strip().partition("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {first[:_LONGEST]}"


def _described(
    program: ExportedProgram, name: str, result: pb.CallTree | None, tied: dict[str, str], prefix: str, merge: bool
) -> ModuleCapture:
    refuse_data_sizes(program.graph, name)
    given = _user_inputs(program)
    numbers = {node.name: number for number, node in enumerate(given)}
    # Guards are read before decompositions trace anew and add theirs, which follow from these.
    sizes = Sizes(program, given, merge)
    sizes.numbers(program.graph)
    program = close(program, name)
    sizes.numbers(program.graph)
    read = [node for node in _user_inputs(program) if node.users]
    sizes.only(read)
    forget_unread(program)
    literals = {
        key.removeprefix(prefix): value.detach()
        for key, value in program.constants.items()
        if isinstance(value, torch.Tensor) and not isinstance(value, FakeTensor)
    }
    return ModuleCapture(program, tuple(numbers[node.name] for node in read), sizes, result, literals, tied, prefix)


def _user_inputs(program: ExportedProgram) -> list[Node]:
    named = {node.name: node for node in program.graph.nodes if node.op == "placeholder"}
    specs = program.graph_signature.input_specs
    found = [named[spec.arg.name] for spec in specs if spec.kind == InputKind.USER_INPUT]
    for node in found:
        if not isinstance(node.meta.get("val"), torch.Tensor):
            raise UnsupportedModel(f"The input {node.name} of a graph is no tensor.")
    return found


def forget_unread(program: ExportedProgram) -> None:
    """Changes the program in place: inputs that nobody reads go."""
    unread = {node.name: node for node in program.graph.nodes if node.op == "placeholder" and not node.users}
    specs = program.graph_signature.input_specs
    specs[:] = [spec for spec in specs if spec.arg.name not in unread]
    for node in unread.values():
        program.graph.erase_node(node)
