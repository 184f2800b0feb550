"""`build_manifest`: from names of a Program's slots to one expression each."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor

from aweigh.compiler.manifest.expressions import expressions
from aweigh.compiler.manifest.header import TensorEntry
from aweigh.compiler.manifest.initial import initial
from aweigh.compiler.manifest.recorded import dtype_of
from aweigh.proto.errors import CheckpointInvalid, UnsupportedModel
from aweigh.proto.program import Manifest, Tensor, WeightExpression


def literal(value: torch.Tensor) -> Tensor:
    """Returns a small tensor as bytes, little-endian and in C order. Raises UnsupportedModel for one without bytes."""
    if isinstance(value, FakeTensor):
        raise UnsupportedModel("A constant of the model is made of its weights, outside of what is captured.")
    host = value.detach().cpu().contiguous()
    flat = host.as_strided((host.numel(),), (1,))  # one element is contiguous with any stride
    return Tensor(
        dtype_of(value.dtype), tuple(value.shape), flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    )


def build_manifest(
    model: Any,
    checkpoint: Mapping[str, TensorEntry],
    names: Sequence[str],
    literals: Mapping[str, WeightExpression],
    class_name: str = "",
) -> Manifest:
    """Returns the manifest of one checkpoint for a Program whose slots have these names, in this order.

    Args:
        model: the module that the Program was captured from, or a stand-in.
        checkpoint: what `read_headers` returns.
        names: the module's name of each slot.
        literals: values of the slots that no checkpoint holds, or where else they are.
        class_name: of the modelling class, where the configuration has several.

    Raises:
        CheckpointInvalid: the checkpoint lacks a slot's tensor (named) that the model's code does not compute, or gives it another shape.
        UnsupportedModel: a conversion does more than move data.
    """
    found = expressions(model, checkpoint)
    slots: list[WeightExpression] = []
    for name in names:
        expression = found.get(name) or literals.get(name) or _initial(model, name)
        if expression is None:
            raise CheckpointInvalid(f"The checkpoint has no tensor for {name!r}: is it one of this configuration?")
        slots.append(expression)
    return Manifest(tuple(slots))


def _initial(model: Any, name: str) -> Tensor | None:
    value = initial(model, name)
    return None if value is None else literal(value)
