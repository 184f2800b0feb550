"""Reading IR: what kind an op is, which constant a value holds, who makes it and who reads it.

Kinds are op names, "torch.aten.mul.Tensor" or "aweigh.linear"; for `torch.operator`, which stands for operators that the torch
dialect does not define, its `name` attribute ("torch.aten.diff", "torch.aweigh.attend").
"""

from collections.abc import Iterator
from typing import Any

from aweigh.compiler.dialect.build import plain
from aweigh.kernels import mlir

_CONSTANTS = {
    "torch.constant.int": "value",
    "torch.constant.float": "value",
    "torch.constant.bool": "value",
    "torch.constant.str": "value",
    "torch.constant.device": "value",
}


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()
"""What `constant` answers for a value that is none."""


def kind(op: Any) -> str:
    name: str = op.name
    return str(op.attributes["name"].value) if name == "torch.operator" else name


def functions(module: Any) -> list[Any]:
    """The func.func operations of a module, in order."""
    return [op.operation for op in module.body.operations if op.operation.name == "func.func"]


def function_name(function: Any) -> str:
    return str(function.attributes["sym_name"].value)


def body(function: Any) -> Any:
    """The one block of a function or of a repeat."""
    return function.regions[0].blocks[0]


def operations(block: Any) -> list[Any]:
    """A snapshot of the operations of a block, without those inside their regions."""
    return [op.operation for op in block.operations]


def producer(value: Any) -> Any | None:
    """The operation whose result `value` is; None for an argument of a block."""
    return None if isinstance(value.owner, mlir.ir.Block) else value.owner.operation


def users(value: Any) -> Iterator[Any]:
    """The operations that read `value`, one entry per use."""
    return (use.owner.operation for use in value.uses)


def used_once(value: Any) -> bool:
    uses = iter(value.uses)
    return next(uses, None) is not None and next(uses, None) is None


def unused(op: Any) -> bool:
    return all(next(iter(result.uses), None) is None for result in op.results)


def constant(value: Any) -> Any:
    """The bool, int, float, str, None or list of these that `value` always is; UNKNOWN for anything else."""
    op = producer(value)
    if op is None:
        return UNKNOWN
    name = op.name
    if name in _CONSTANTS:
        return plain(op.attributes[_CONSTANTS[name]])
    if name == "torch.constant.none":
        return None
    if name == "torch.prim.ListConstruct":
        items = [constant(item) for item in op.operands]
        return UNKNOWN if any(item is UNKNOWN for item in items) else items
    return UNKNOWN


def items(value: Any) -> list[Any] | None:
    """The values of which a `torch.prim.ListConstruct` makes a list; None for other values."""
    op = producer(value)
    return list(op.operands) if op is not None and op.name == "torch.prim.ListConstruct" else None
