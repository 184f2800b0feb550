"""One operator of torch as an op of a Program, by its schema: the rule at the head of `aweigh.proto.ops`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.tensors import SCALAR_TYPES
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.ops import CORE_ATEN
from aweigh.proto.program import Attribute

# Arguments that say where and how memory lies, which is the runner's business.
_PLACEMENT = frozenset({"device", "layout", "pin_memory", "memory_format", "non_blocking"})
_INFINITE = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a schema. `tensors`: "one", "optional", "list" or "" for what is no tensor."""

    name: str
    tensors: str
    default: Any
    is_dtype: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """An operator of torch: its kind in a Program, its arguments, and what runs it."""

    kind: str
    function: Any
    arguments: tuple[Argument, ...]


@cache
def overload(kind: str) -> Overload:
    """The operator that IR calls `kind` ("torch.aten.mul.Tensor").

    Raises:
        UnsupportedModel: torch has no such operator, or it is not in the closed list of a Program.
    """
    parts = kind.removeprefix("torch.").split(".")
    name = ".".join(parts if len(parts) == 3 else [*parts, "default"])
    if name not in CORE_ATEN:
        raise UnsupportedModel(f"the operator {name} is not in the closed list of a Program.")
    space, operator, variant = name.split(".")
    function = getattr(getattr(getattr(torch.ops, space), operator), variant)
    return Overload(name, function, tuple(_argument(argument) for argument in function._schema.arguments))


def _argument(argument: Any) -> Argument:
    text = str(argument.type)
    tensors = {
        "Tensor": "one", "Optional[Tensor]": "optional", "List[Tensor]": "list", "List[Optional[Tensor]]": "list",
    }  # fmt: skip
    default = argument.default_value if argument.has_default_value() else read.UNKNOWN
    return Argument(argument.name, tensors.get(text, ""), default, argument.name == "dtype")


def attributes(operator: Overload, values: Sequence[Any]) -> tuple[tuple[str, Attribute], ...]:
    """Arguments that are no tensors, `values` by position in the schema, without those at their defaults; sorted by name."""
    found: dict[str, Attribute] = {}
    for argument, value in zip(operator.arguments, values, strict=False):
        if argument.tensors or argument.name in _PLACEMENT or value is None:
            continue
        if _same(value, argument.default):
            continue
        found[argument.name] = SCALAR_TYPES[value] if argument.is_dtype else value
    return tuple(sorted(found.items()))


def _same(value: Any, default: Any) -> bool:
    if isinstance(value, tuple) and isinstance(default, list):
        return list(value) == default
    return type(value) is type(default) and bool(value == default)


def call(operator: Overload, values: Sequence[Any]) -> tuple[torch.Tensor, ...]:
    """Runs the operator on meta tensors, `values` by position in the schema; dtypes stand as torch's numbers."""
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    if not any(argument.tensors for argument in operator.arguments):
        keywords["device"] = "meta"  # it makes a tensor of nothing
    for argument, schema, value in zip(
        operator.arguments,
        operator.function._schema.arguments,
        values,
        strict=False,
    ):
        if argument.name in _PLACEMENT:
            continue
        given = torch_dtype(SCALAR_TYPES[value]) if argument.is_dtype and value is not None else value
        if schema.kwarg_only:
            keywords[argument.name] = given
        elif len(positional) < len(operator.arguments):
            positional.append(given)
    answer = operator.function(*positional, **keywords)
    return tuple(answer) if isinstance(answer, tuple | list) else (answer,)


def torch_dtype(dtype: DType) -> torch.dtype:
    answer: torch.dtype = getattr(torch, dtype.torch_name)
    return answer


def dtype_of(tensor: torch.Tensor) -> DType:
    return DType[str(tensor.dtype).removeprefix("torch.").upper()]
