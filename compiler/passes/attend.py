"""Attention: the opaque operators of capture become `aweigh.attend`, `aweigh.cross_attend` and `aweigh.varlen_attend`."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import build
from aweigh.compiler.emit.names import HEADS, VALUE_SIZE
from aweigh.kernels import mlir
from aweigh.proto.errors import UnsupportedModel

# Arguments of torch.ops.aweigh.attend, in the order of its schema (compiler/capture/operators.py).
_ARGUMENTS = (
    "query", "key", "value", "mask", "sinks", "slopes", "selection", "bias", "relative",
    "layer", "scale", "window", "chunk", "softcap", "causal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attend:
    """`torch.operator "torch.aweigh.attend"` -> `aweigh.attend {state, scale, window, chunk, softcap, causal}`, and
    `cross_attend` likewise, with the sizes of its memory as marks (`HEADS`, `VALUE_SIZE`) for whoever declares the state; `varlen_attend`,
    which has no state.

    Attributes at their defaults (no window, no chunk, no cap, causal) are left out, so that equal layers look equal.

    Raises:
        UnsupportedModel: a mask that capture could not explain is still there.
    """

    name: str = "attend"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for op in read.operations(read.body(function)):
                if read.kind(op) == "torch.aweigh.attend":
                    _rewrite(op)
                elif read.kind(op) == "torch.aweigh.cross_attend":
                    _rewrite_cross(op)
                elif read.kind(op) == "torch.aweigh.varlen_attend":
                    _rewrite_varlen(op)


_CROSS_ARGUMENTS = ("query", "layer", "heads", "value_size", "scale", "softcap")


def _rewrite_cross(op: Any) -> None:
    values = dict(zip(_CROSS_ARGUMENTS, op.operands, strict=True))
    said = {name: read.constant(value) for name, value in values.items() if name != "query"}
    attributes = {
        "state": said["layer"],
        "scale": float(said["scale"]),
        "softcap": said["softcap"] or None,
        HEADS: said["heads"],
        VALUE_SIZE: said["value_size"],
    }
    with mlir.ir.InsertionPoint(op), op.location:
        new = build("cross_attend", {"query": values["query"]}, attributes, [op.results[0].type])
    op.results[0].replace_all_uses_with(new[0])
    op.erase()


_VARLEN_ARGUMENTS = ("query", "key", "value", "visible", "scale", "window", "floor")


def _rewrite_varlen(op: Any) -> None:
    values = dict(zip(_VARLEN_ARGUMENTS, op.operands, strict=True))
    said = {name: read.constant(value) for name, value in values.items()}
    operands = {name: values[name] for name in ("query", "key", "value")}
    if said["visible"] is not None:
        operands["visible"] = values["visible"]
    attributes = {"scale": float(said["scale"]), "window": said["window"], "floor": said["floor"] or None}
    with mlir.ir.InsertionPoint(op), op.location:
        new = build("varlen_attend", operands, attributes, [op.results[0].type])
    op.results[0].replace_all_uses_with(new[0])
    op.erase()


def _rewrite(op: Any) -> None:
    values = dict(zip(_ARGUMENTS, op.operands, strict=True))
    said = {name: read.constant(value) for name, value in values.items()}
    if said["mask"] is not None:
        raise UnsupportedModel("attention reads a mask that is not causal, windowed or chunked: it cannot be paged.")
    operands = {name: values[name] for name in ("query", "key", "value")}
    for name in ("sinks", "slopes", "selection", "bias", "relative"):
        if said[name] is not None:
            operands[name] = values[name]
    attributes = {
        "state": said["layer"],
        "scale": float(said["scale"]),
        "window": said["window"] or None,
        "chunk": said["chunk"] or None,
        "softcap": said["softcap"] or None,
        "causal": None if said["causal"] else False,
    }
    with mlir.ir.InsertionPoint(op), op.location:
        new = build("attend", operands, attributes, [op.results[0].type])
    op.results[0].replace_all_uses_with(new[0])
    op.erase()
