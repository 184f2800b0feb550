"""Runs IR on torch tensors, operation by operation: torch's own operators as they are, aweigh's through a table that is handed in.

It exists to compare a module before and after a pass, so it is plain and believes nothing: a weight must have the type that the IR says.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh, whose schemas name the arguments)
from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import Repeated, attributes, operands
from aweigh.compiler.dialect.tensors import SCALAR_TYPES
from aweigh.compiler.emit.aten import torch_dtype
from aweigh.proto.ops import STATEFUL

Implementation = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[Tensor, ...]]
"""Takes operands and attributes by name (absent ones are None or missing), answers the results."""

_INTEGERS: dict[str, Callable[..., Any]] = {
    "torch.aten.size.int": lambda tensor, dimension: tensor.shape[dimension],
    "torch.aten.add.int": lambda a, b: a + b,
    "torch.aten.sub.int": lambda a, b: a - b,
    "torch.aten.mul.int": lambda a, b: a * b,
    "torch.aten.floordiv.int": lambda a, b: a // b,
    "torch.aten.remainder.int": lambda a, b: a % b,
    "torch.aten.neg.int": lambda a: -a,
}


class Interpreter:
    """Runs functions of modules over one set of weights."""

    def __init__(self, weights: Mapping[str, Tensor], implementations: Mapping[str, Implementation]) -> None:
        """`weights` by parameter name; `implementations` of aweigh ops by their names without the namespace.

        The opaque operators of capture, `torch.aweigh.attend` for instance, use the implementations of their namesakes.
        """
        self._weights = weights
        self._implementations = implementations

    def run(self, function: Any, inputs: Sequence[Tensor]) -> list[Tensor]:
        """The results of a func.func for these arguments, inside the context of its module."""
        block = read.body(function)
        values: dict[Any, Any] = dict(zip(block.arguments, inputs, strict=True))
        return [values[value] for value in self._block(block, values, 0).operands]

    def _block(self, block: Any, values: dict[Any, Any], iteration: int) -> Any:
        """Runs a block and answers its terminator."""
        ops = read.operations(block)
        for op in ops[:-1]:
            results = self._operation(op, values, iteration)
            for value, result in zip(op.results, results, strict=True):
                values[value] = result
        return ops[-1]

    def _operation(self, op: Any, values: dict[Any, Any], iteration: int) -> Sequence[Any]:
        kind = read.kind(op)
        if op.results and (fixed := read.constant(op.results[0])) is not read.UNKNOWN:
            return [fixed]
        if kind == "aweigh.repeat":
            return self._repeat(op, values)
        if kind == "aweigh.weight":
            return [self._weight(op, iteration)]
        if kind == "aweigh.constant":
            return [_now(attributes(op)["value"], iteration)]
        given = [values[value] for value in op.operands]
        if kind.startswith("aweigh."):
            said = {name: _now(value, iteration) for name, value in attributes(op).items()}
            named = {name: _here(value, values) for name, value in operands(op).items()}
            return _results(op, self._implementations[kind.removeprefix("aweigh.")](named, said))
        if kind.startswith("torch.aweigh."):
            return self._opaque(op, kind.removeprefix("torch.aweigh."), given)
        if kind in _INTEGERS:
            return [_INTEGERS[kind](*given)]
        if kind == "torch.prim.ListConstruct":
            return [given]
        if kind == "torch.prim.ListUnpack":
            return list(given[0])
        if kind == "torch.prim.NumToTensor.Scalar":
            return [torch.tensor(given[0], dtype=_dtype(op))]
        return _torch(op, kind, given)

    def _weight(self, op: Any, iteration: int) -> Tensor:
        weight = self._weights[_now(attributes(op)["name"], iteration)]
        shape = tensors.read(op.results[0])
        assert shape is not None and tuple(weight.shape) == shape.dims and weight.dtype is torch_dtype(shape.dtype)
        return weight

    def _repeat(self, op: Any, values: dict[Any, Any]) -> Sequence[Any]:
        block = read.body(op)
        carried = [values[value] for value in operands(op)["initial"]]
        collected: list[list[Tensor]] = []
        for iteration in range(attributes(op)["count"]):
            values.update(zip(block.arguments, carried, strict=True))
            last = operands(self._block(block, values, iteration))
            carried = [values[value] for value in last["carried"]]
            collected.append([values[value] for value in last["collected"]])
        return [carried, [torch.stack(part) for part in zip(*collected, strict=True)]]

    def _opaque(self, op: Any, name: str, given: list[Any]) -> Sequence[Any]:
        schema = getattr(torch.ops.aweigh, name).default._schema
        named = {argument.name: value for argument, value in zip(schema.arguments, given, strict=True)}
        if name in STATEFUL:
            named["state"] = named.pop("layer")
        said = {key: value for key, value in named.items() if value is not None and not isinstance(value, Tensor)}
        return _results(op, self._implementations[name](named, said))


def _torch(op: Any, kind: str, given: list[Any]) -> Sequence[Any]:
    space, name, *variant = kind.removeprefix("torch.").split(".")
    function = getattr(getattr(getattr(torch.ops, space), name), variant[0] if variant else "default")
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for argument, value in zip(function._schema.arguments, given, strict=False):
        if argument.name in ("device", "layout", "pin_memory"):
            continue
        fitting = torch_dtype(SCALAR_TYPES[value]) if argument.name == "dtype" and value is not None else value
        if argument.kwarg_only:
            keywords[argument.name] = fitting
        else:
            positional.append(fitting)
    return _results(op, function(*positional, **keywords))


def _results(op: Any, answer: Any) -> list[Any]:
    """One entry per result of the operation: a list where the IR has a list."""
    found = list(answer) if isinstance(answer, tuple | list) else [answer]
    return [found] if len(op.results) == 1 and str(op.results[0].type).startswith("!torch.list") else found


def _here(value: Any, values: dict[Any, Any]) -> Any:
    if isinstance(value, list):
        return [values[item] for item in value]
    return None if value is None else values[value]


def _now(value: Any, iteration: int) -> Any:
    return value[iteration % len(value)] if isinstance(value, Repeated) else value


def _dtype(op: Any) -> torch.dtype:
    shape = tensors.read(op.results[0])
    assert shape is not None
    return torch_dtype(shape.dtype)
