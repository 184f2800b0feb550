"""A half of a captured graph as an ExportedProgram, which the compiler's process understands: weights without bytes, sizes as symbols.

Captured graphs take sizes as numbers beside the tensors; here every such number is read off a tensor again, or is a constant of this
export.
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import fx, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.export import Dim
from torch.fx.experimental.symbolic_shapes import ShapeEnv
from torch.fx.traceback import preserve_node_meta

from aweigh.compiler.capture.exported import exported_bytes
from aweigh.compiler.offload.module import cost, purity
from aweigh.compiler.offload.module.fast_paths import Spelled
from aweigh.proto.errors import UnsupportedModel

# What says where in the script a node came from, and is no part of what it means: the cache's key shall not depend on it.
_ORIGINS = ("stack_trace", "nn_module_stack", "source_fn_stack", "from_node", "torch_fn", "custom")


@dataclass(frozen=True, slots=True)
class Given:
    """Where an argument of a captured graph comes from: "weight" or "input" number `at`, "size" `dimension` of input `at`, "free" for a number
    that is a constant of the export, "unused"."""

    kind: str
    at: int = 0
    dimension: int = 0


Same = tuple[Given, Given]
"""Two sizes of inputs that are one symbol of the captured graph."""


@dataclass(frozen=True, slots=True)
class Exported:
    """`data`: as the compiler's process reads it; `constants`: tensors of the graph itself, by their names there; `flops` at these sizes."""

    data: bytes
    program: torch.export.ExportedProgram
    constants: dict[str, torch.Tensor]
    flops: float


class _Whole(nn.Module):
    """The graph with its weights inside, `w0`, `w1`, ..., and tensors alone for arguments."""

    def __init__(
        self,
        graph: fx.GraphModule,
        given: list[Given],
        free: list[int],
        weights: list[torch.Tensor],
        same: Sequence[Same],
    ) -> None:
        super().__init__()
        self.graph = graph
        self._given, self._free, self._same = given, free, same
        for number, weight in enumerate(weights):
            self.register_buffer(f"w{number}", weight)

    def forward(self, *inputs: torch.Tensor) -> Any:
        free = iter(self._free)
        for one, other in self._same:  # read by export, which then knows of one symbol instead of two
            assert inputs[one.at].shape[one.dimension] == inputs[other.at].shape[other.dimension]
        # An interpreter, since it hands on where in the script each node came from.
        return Spelled(self.graph).run(*(self._argument(one, inputs, free) for one in self._given))

    def _argument(self, one: Given, inputs: tuple[torch.Tensor, ...], free: Any) -> Any:
        match one.kind:
            case "weight":
                return getattr(self, f"w{one.at}")
            case "input":
                return inputs[one.at]
            case "size":
                return inputs[one.at].shape[one.dimension]
            case "free":
                return next(free)
            case _:
                return None  # nothing reads it


def export(
    graph: fx.GraphModule,
    given: list[Given],
    free: list[int],
    weights: list[torch.Tensor],
    inputs: list[torch.Tensor],
    varying: list[set[int]],
    same: Sequence[Same] = (),
) -> Exported:
    """`varying`: per input, the dimensions whose size may become a symbol; `same`: those of them that are equal in every call.

    Raises UnsupportedModel with the place in the script.
    """
    mode = FakeTensorMode(shape_env=ShapeEnv(), allow_non_fake_inputs=True)
    with torch.inference_mode(False), torch.no_grad():
        with mode:
            hollow = [_hollow(weight) for weight in weights]
            examples = tuple(_hollow(tensor) for tensor in inputs)
        whole = _Whole(graph, given, free, hollow, same).eval()
        shapes = tuple({dimension: Dim.AUTO for dimension in some} or None for some in varying)
        try:
            with preserve_node_meta():
                program = torch.export.export(
                    whole, examples, dynamic_shapes=(shapes,) if shapes else None, strict=False
                )
        except Exception as error:  # noqa: BLE001  what it is depends on the module; the call runs here
            raise _unexported(error) from None
        impure = purity.impurity(program)
        if impure is not None:
            raise UnsupportedModel(impure)
        held = {**program.state_dict, **program.constants}
        constants = {name: value for name, value in held.items() if name.partition(".")[0] not in whole._buffers}
        spell_out_sums(program.graph)
        try:
            data = _saved(program)
        except Exception as error:  # noqa: BLE001  torch writes down less than it captures
            raise _unexported(error) from None
        return Exported(data, program, constants, cost.flops_of(program))


def _unexported(error: Exception) -> UnsupportedModel:
    words = str(error).strip().partition("\n")[0].rstrip(".")[:200]
    return UnsupportedModel(f"the graph cannot be exported ({type(error).__name__}: {words})")


def spell_out_sums(graph: fx.Graph) -> None:
    """Changes the graph in place: a sum of many sizes is a chain of sums of two, for which torch's schema has a word."""
    for node in graph.find_nodes(op="call_function", target=torch.sym_sum):
        (first, *rest) = node.args[0]
        made, value = first, _value(first)
        with graph.inserting_before(node):
            for one in rest:
                value = value + _value(one)
                made = graph.call_function(operator.add, (made, one))
                made.meta["val"] = value
        node.replace_all_uses_with(made)
        graph.erase_node(node)


def _value(size: Any) -> Any:
    return size.meta["val"] if isinstance(size, fx.Node) else size


def _hollow(tensor: torch.Tensor) -> torch.Tensor:
    return torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype)


def _saved(program: torch.export.ExportedProgram) -> bytes:
    nodes = [
        node
        for module in program.graph_module.modules()
        if isinstance(module, fx.GraphModule)
        for node in module.graph.nodes
    ]
    kept = [(node, node.meta) for node in nodes]
    for node, meta in kept:
        node.meta = {key: value for key, value in meta.items() if key not in _ORIGINS}
    try:
        return exported_bytes(program)
    finally:
        for node, meta in kept:
            node.meta = meta
