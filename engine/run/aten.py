"""Core ATen ops as calls: operands and attributes of an Instruction in the order that the ATen schema wants.

Only names in `CORE_ATEN` are looked up, so the lookup cannot reach anything else of torch. Two of them are read with a stricter
meaning than ATen's: `empty` gives zeros, since a Program is a stranger's and fresh memory is not; `view` may copy, since values
here may lie in memory otherwise than they did at capture. Frequent ops go to the functions of torch that cost least to call.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.flat import Instruction
from aweigh.proto.module_aten import AT_REST
from aweigh.proto.ops import CORE_ATEN
from aweigh.proto.program import Attribute

_REPLACED = {
    "aten.empty.memory_format": torch.ops.aten.zeros.default,
    "aten.new_empty.default": torch.ops.aten.new_zeros.default,
    "aten.view.default": Tensor.reshape,
    "aten.reshape.default": Tensor.reshape,
    "aten._unsafe_view.default": Tensor.reshape,
}
# The same operator with less on the way to it, where every argument stands at the same place.
_DIRECT: dict[str, Callable[..., Any]] = {
    "aten.transpose.int": Tensor.transpose,
    "aten.permute.default": Tensor.permute,
    "aten.unsqueeze.default": Tensor.unsqueeze,
    "aten.expand.default": Tensor.expand,
    "aten.add.Tensor": torch.add,
    "aten.mul.Tensor": torch.mul,
    "aten.sub.Tensor": torch.sub,
    "aten.div.Tensor": torch.div,
    "aten.matmul.default": torch.matmul,
    "aten.bmm.default": torch.bmm,
    "aten.cat.default": torch.cat,
    "aten.silu.default": torch.nn.functional.silu,
    "aten.tanh.default": torch.tanh,
    "aten.sigmoid.default": torch.sigmoid,
}
_PLACEMENT = frozenset(["layout", "pin_memory", "memory_format", "device", "non_blocking"])
_TENSOR_KINDS = frozenset(["Tensor", "Optional[Tensor]", "List[Tensor]", "List[Optional[Tensor]]"])


@dataclass(frozen=True, slots=True)
class Value:
    """An argument that is a value of the function; a tuple is a list of values."""

    value: int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`function(*arguments, **keywords)`: arguments are Values, or attributes that may still hold expressions."""

    function: Callable[..., Any]
    arguments: tuple["Value | Attribute | None", ...]
    keywords: dict[str, Any]


def call_of(instruction: Instruction, device: torch.device) -> Call:
    """Returns the call of a core ATen op; tensors that it makes from nothing are made on `device`.

    Raises:
        ProgramInvalid: operands or attributes do not fit the schema.
    """
    kind = instruction.kind
    if kind not in CORE_ATEN:
        raise ProgramInvalid(f"{kind} is no op of this opset")
    _, name, overload = kind.split(".", 2)
    operator = getattr(getattr(torch.ops.aten, name), overload)
    schema = operator._schema
    attributes = dict(instruction.attributes)
    operands = list(instruction.operands)
    _need_rest(kind, schema, attributes)
    positional: list[Value | Attribute | None] = []
    keywords: dict[str, Any] = {}
    defaults: list[Any] = []
    makes = True
    for argument in schema.arguments:
        if str(argument.type) in _TENSOR_KINDS:
            makes = False
            if not operands and not argument.has_default_value() and "Optional" not in str(argument.type):
                raise ProgramInvalid(f"{kind} lacks its operand {argument.name!r}")
            operand = operands.pop(0) if operands else None
            positional.append(None if operand is None else Value(operand))
            defaults.append(object())
        elif argument.name in _PLACEMENT:
            continue
        elif argument.kwarg_only:
            if argument.name in attributes:
                keywords[argument.name] = plain(attributes.pop(argument.name))
        elif argument.name in attributes:
            positional.append(attributes.pop(argument.name))
            defaults.append(object())
        elif argument.has_default_value():
            positional.append(argument.default_value)
            defaults.append(argument.default_value)
        elif str(argument.type).startswith("Optional"):
            positional.append(None)
            defaults.append(object())
        else:
            raise ProgramInvalid(f"{kind} lacks its attribute {argument.name!r}")
    if operands or attributes:
        raise ProgramInvalid(f"{kind} has more operands or attributes than its schema: {sorted(attributes)}")
    while positional and positional[-1] is defaults[-1]:
        positional.pop()
        defaults.pop()
    if makes:
        keywords["device"] = device
    direct = None if keywords else _DIRECT.get(kind)
    function: Any = _REPLACED.get(kind) or direct or operator
    return Call(function, tuple(positional), keywords)


def _need_rest(kind: str, schema: Any, attributes: Mapping[str, Attribute]) -> None:
    """Raises ProgramInvalid for an op that would draw random numbers or write to its operands."""
    for argument in schema.arguments:
        if argument.name in AT_REST:
            given = attributes.get(argument.name, argument.default_value)
            if given != AT_REST[argument.name]:
                raise ProgramInvalid(f"{kind} has {argument.name!r} set: a Program never trains")


def plain(value: Attribute) -> Any:
    """An attribute as torch wants it: dtypes of torch, lists for tuples; expressions stay."""
    if isinstance(value, DType):
        return getattr(torch, value.torch_name)
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def results_of(value: Any, count: int, kind: str) -> Sequence[Tensor]:
    """The results of an op as a sequence. Raises ProgramInvalid if there are not `count`."""
    results = (value,) if isinstance(value, Tensor) else tuple(value)
    if len(results) != count:
        raise ProgramInvalid(f"{kind} gives {len(results)} results, the Program declares {count}")
    return results
