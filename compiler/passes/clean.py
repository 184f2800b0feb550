"""Imported IR as the other passes expect it: weights as operations, every constant once, nothing that does nothing."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import build
from aweigh.kernels import mlir

_SHAPE_NOTES = frozenset({"torch.bind_symbolic_shape", "torch.symbolic_int"})

# Identities on values: what they change (device, layout, ownership of memory) has no meaning in a Program.
_IDENTITIES = frozenset(
    {
        "torch.aten.alias",
        "torch.aten.clone",
        "torch.aten.contiguous",
        "torch.aten.detach",
        "torch.aten.lift_fresh_copy",
        "torch.aten.to.device",
    }
)

# The result is an identity of the first operand where both have the same static type.
_CASTS = frozenset({"torch.aten._to_copy", "torch.aten.to.dtype", "torch.aten.type_as"})

_VIEWS = frozenset({"torch.aten.view", "torch.aten._unsafe_view", "torch.aten._reshape_alias"})

# Identities where the types are equal and at most one size is open: then that size is equal too.
_RESHAPES = _VIEWS | {"torch.aten.reshape", "torch.aten.expand"}


@dataclass(frozen=True, slots=True)
class Clean:
    """Turns `torch.operator "aweigh.weight"` into `aweigh.weight {name}` (one per name), drops notes on symbolic shapes, identities and
    casts to the type that is there already, then runs MLIR's canonicalisation and common subexpressions.

    Since copies that make a tensor contiguous go, every view becomes a reshape. Multiplication by 1.0 goes too: it is exact.
    """

    name: str = "clean"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            _weights(read.body(function))
            for op in read.operations(read.body(function)):
                if op.name in _SHAPE_NOTES and read.unused(op):
                    op.erase()
                elif _identity(op):
                    op.results[0].replace_all_uses_with(op.operands[0])
                    op.erase()
                elif op.name in _VIEWS:
                    _reshape(op)
            _drop_unused_notes(read.body(function))
        mlir.passmanager.PassManager.parse("builtin.module(canonicalize,cse)").run(module.operation)


def _weights(block: Any) -> None:
    seen: dict[str, Any] = {}
    for op in read.operations(block):
        if read.kind(op) != "aweigh.weight":
            continue
        name = op.attributes["weight"].value if op.name == "torch.operator" else op.attributes["name"].value
        if name not in seen and op.name == "torch.operator":
            with mlir.ir.InsertionPoint(op):
                seen[name] = build("weight", {}, {"name": name}, [op.results[0].type])[0]
        elif name not in seen:
            seen[name] = op.results[0]
            continue
        op.results[0].replace_all_uses_with(seen[name])
        op.erase()


def _identity(op: Any) -> bool:
    kind = read.kind(op)
    if kind in _IDENTITIES:
        return True
    if kind in _CASTS:
        before, after = tensors.read(op.operands[0]), tensors.read(op.results[0])
        return before is not None and after is not None and before.dtype is after.dtype
    if kind in _RESHAPES and op.operands[0].type == op.results[0].type:
        shape = tensors.read(op.results[0])
        return shape is not None and shape.dims.count(None) < 2
    if kind == "torch.aten.mul.Scalar":
        after = tensors.read(op.results[0])
        same = op.operands[0].type == op.results[0].type
        return same and after is not None and after.dtype.floating and read.constant(op.operands[1]) == 1.0
    return False


def _reshape(op: Any) -> None:
    with mlir.ir.InsertionPoint(op), op.location:
        new = mlir.ir.Operation.create(
            "torch.aten.reshape", results=[op.results[0].type], operands=list(op.operands)[:2]
        )
    op.results[0].replace_all_uses_with(new.result)
    op.erase()


def _drop_unused_notes(block: Any) -> None:
    for op in read.operations(block):
        if op.name in _SHAPE_NOTES and read.unused(op):
            op.erase()
