"""A call's arguments as data, with the tensors numbered beside it, and an answer's tensors as the result that the class gives."""

import importlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from aweigh.compiler.offload.module.calling import MOST_BYTES
from aweigh.proto.dtypes import DType
from aweigh.proto.v1 import compiler_pb2

DTYPES: dict[torch.dtype, DType] = {getattr(torch, kind.torch_name): kind for kind in DType}
_DEEPEST = 16
_LONGEST = 64  # entries of a list of arguments
_CONSTANTS = (bool, int, float, str, type(None))


class Unsuited(Exception):
    """The call cannot be captured; the message is a clause that says why."""


class Call:
    """Keyword arguments. `tree`: them without their tensors; `tensors`: in the order of their numbers."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        """Raises Unsuited, which names the argument."""
        self.tensors: list[torch.Tensor] = []
        given = {name: value for name, value in sorted(arguments.items()) if value is not None}
        items = [self._tree(value, name, 0) for name, value in given.items()]
        self.tree = _items("dict", list(given), items)
        if not self.tensors:
            raise Unsuited("no tensors among the arguments")
        sent = sum(tensor.nbytes for tensor in self.tensors)
        if sent > MOST_BYTES:
            raise Unsuited(f"a call has {sent} bytes of inputs, more than {MOST_BYTES}")

    @property
    def signature(self) -> tuple[Any, ...]:
        """What a capture depends on but for sizes. A size of 1 is a part of it."""
        tensors = tuple((tensor.dtype, tuple(size == 1 for size in tensor.shape)) for tensor in self.tensors)
        return self.tree.SerializeToString(deterministic=True), tensors

    def specs(self) -> list[compiler_pb2.TensorSpec]:
        return [
            compiler_pb2.TensorSpec(dtype=int(DTYPES[tensor.dtype]), shape=tensor.shape)  # type: ignore[arg-type]
            for tensor in self.tensors
        ]

    def _tree(self, value: Any, name: str, depth: int) -> compiler_pb2.CallTree:
        if isinstance(value, torch.Tensor):
            self._check(value, name)
            self.tensors.append(value)
            return compiler_pb2.CallTree(tensor=len(self.tensors) - 1)
        if type(value) in _CONSTANTS:
            return compiler_pb2.CallTree(constant=json.dumps(value))
        if depth < _DEEPEST and type(value) in (list, tuple) and len(value) <= _LONGEST:
            return _items(type(value).__name__, [], [self._tree(item, name, depth + 1) for item in value])
        if (
            depth < _DEEPEST
            and type(value) is dict
            and len(value) <= _LONGEST
            and all(type(key) is str for key in value)
        ):
            return _items("dict", list(value), [self._tree(item, name, depth + 1) for item in value.values()])
        raise Unsuited(f"the argument {name} is a {type(value).__name__}")

    def _check(self, tensor: torch.Tensor, name: str) -> None:
        if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            raise Unsuited(f"the argument {name} is a {type(tensor).__name__}")
        if tensor.layout is not torch.strided or tensor.device.type != "cpu" or tensor.dtype not in DTYPES:
            raise Unsuited(f"the argument {name} is no dense tensor of a common dtype")
        if tensor.numel() == 0:
            raise Unsuited(f"the argument {name} is empty")
        if tensor.requires_grad and torch.is_grad_enabled():
            raise Unsuited(f"the argument {name} requires a gradient")


def _items(kind: str, keys: list[str], items: list[compiler_pb2.CallTree]) -> compiler_pb2.CallTree:
    return compiler_pb2.CallTree(items=compiler_pb2.CallTree.Items(kind=kind, keys=keys, items=items))


def result(tree: compiler_pb2.CallTree, tensors: Sequence[torch.Tensor]) -> Any:
    """The value that a tree describes. Raises Unsuited where it names a class that is no output of transformers."""
    match tree.WhichOneof("node"):
        case "tensor":
            return tensors[tree.tensor]
        case "constant":
            return json.loads(tree.constant)
    items = [result(item, tensors) for item in tree.items.items]
    match tree.items.kind:
        case "list":
            return items
        case "tuple":
            return tuple(items)
        case "dict":
            return dict(zip(tree.items.keys, items, strict=True))
        case name:
            return _output_class(name)(**dict(zip(tree.items.keys, items, strict=True)))


def tensors_of(tree: compiler_pb2.CallTree, value: Any) -> list[torch.Tensor]:
    """The tensors of a result that the tree describes, by their numbers."""
    found: dict[int, torch.Tensor] = {}

    def walk(tree: compiler_pb2.CallTree, value: Any) -> None:
        match tree.WhichOneof("node"):
            case "tensor":
                found[tree.tensor] = value
            case "items":
                values = value.values() if tree.items.keys else value
                for item, inner in zip(tree.items.items, values, strict=True):
                    walk(item, inner)

    walk(tree, value)
    return [found[number] for number in range(len(found))]


def _output_class(name: str) -> Any:
    from transformers.utils import ModelOutput

    module, _, own = name.rpartition(".")
    found = getattr(importlib.import_module(module), own, None) if module.startswith("transformers.") else None
    if not isinstance(found, type) or not issubclass(found, ModelOutput):
        raise Unsuited(f"it answers with a {name}")
    return found
