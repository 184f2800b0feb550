"""The Program of a text encoder for calls of all sizes, whose steps the engine shares between callers (`RAGGED` of proto/ops.py).

Legend: B rows, S tokens of a row.
"""

from collections.abc import Sequence

import torch

from aweigh.compiler.offload.placing import Place
from aweigh.compiler.offload.pretrained.tree import Call
from aweigh.proto.ops import RAGGED, RAGGED_INPUTS
from aweigh.proto.v1 import compiler_pb2

_IDS = "input_ids"
_SEEN = (3, 37)  # sizes that count for nothing, so that calls of all sizes ask for one compilation


def is_text(call: Call) -> bool:
    """Whether a call is of token ids [B, S], and all its tensors are integers of that size."""
    named = dict(zip(call.tree.items.keys, call.tree.items.items, strict=True))
    if _IDS not in named or named[_IDS].WhichOneof("node") != "tensor":
        return False
    shapes = {tuple(tensor.shape) for tensor in call.tensors}
    whole = not any(tensor.is_floating_point() or tensor.is_complex() for tensor in call.tensors)
    return whole and len(shapes) == 1 and len(shapes.pop()) == 2


def signature(call: Call) -> tuple[object, ...]:
    """What a Program for all sizes depends on."""
    return call.tree.SerializeToString(deterministic=True), tuple(tensor.dtype for tensor in call.tensors)


def specs(call: Call) -> list[compiler_pb2.TensorSpec]:
    """Tensors of the call, as the compiler is told of them."""
    made = call.specs()
    for spec in made:
        spec.shape[:] = _SEEN
    return made


class TextVariant:
    """As `Variant`, for calls of all sizes. `refusal`: why there is no such Program, in a clause; empty where there is."""

    function = RAGGED
    alone = ""

    def __init__(self, compiled: compiler_pb2.Compiled) -> None:
        self.compiled = compiled
        self.place: Place | None = None
        self.refusal = compiled.refusal.rstrip(".")
        functions = compiled.program.functions
        names = [entry.name for function in functions for entry in function.inputs if entry.name not in RAGGED_INPUTS]
        self.inputs = sorted(map(int, names))

    @property
    def ops(self) -> int:
        """That one call runs; 0 where it is loaded nowhere."""
        return 0 if self.place is None else self.place.ops

    def fits(self, tensors: Sequence[torch.Tensor]) -> bool:
        """Whether the Program is for rows of this length."""
        if self.refusal:
            return False
        (lengths,) = self.compiled.ranges
        length = tensors[0].shape[1]
        return bool(lengths.least <= length <= (lengths.most or length))
