"""Arguments and results of a call as a tree of data (`CallTree` of proto/v1/compiler.proto), with the tensors numbered beside it."""

import importlib
import json
from collections.abc import Sequence
from typing import Any

from transformers.utils import ModelOutput

from aweigh.proto.errors import InvalidRequest, UnsupportedModel
from aweigh.proto.v1 import compiler_pb2 as pb

_DEEPEST = 32
_PLAIN = (bool, int, float, str, type(None))


def rebuilt(tree: pb.CallTree, tensors: Sequence[Any], depth: int = 0) -> Any:
    """The value that a tree describes.

    Raises:
        InvalidRequest: it names a tensor that is not there, or a class that is no output of transformers.
    """
    if depth > _DEEPEST:
        raise InvalidRequest(f"Arguments of a call are nested deeper than {_DEEPEST}.")
    match tree.WhichOneof("node"):
        case "tensor":
            if tree.tensor >= len(tensors):
                raise InvalidRequest(f"A call names tensor {tree.tensor} of {len(tensors)}.")
            return tensors[tree.tensor]
        case "constant":
            return json.loads(tree.constant)
        case "items":
            items = [rebuilt(item, tensors, depth + 1) for item in tree.items.items]
            return _gathered(tree.items.kind, list(tree.items.keys), items)
    raise InvalidRequest("A part of a call is empty.")


def _gathered(kind: str, keys: list[str], items: list[Any]) -> Any:
    if kind == "list":
        return items
    if kind == "tuple":
        return tuple(items)
    if len(keys) != len(items):
        raise InvalidRequest(f"A {kind} of a call has {len(keys)} keys for {len(items)} values.")
    made: Any = {} if kind == "dict" else _output_class(kind)()
    for key, item in zip(keys, items, strict=True):
        made[key] = item  # one by one: an output's order is that in which it was filled
    return made


def _output_class(name: str) -> Any:
    module, _, own = name.rpartition(".")
    if not module.startswith("transformers."):
        raise InvalidRequest(f"{name} is no class of transformers.")
    try:
        found = getattr(importlib.import_module(module), own, None)
    except ImportError:
        found = None
    if not isinstance(found, type) or not issubclass(found, ModelOutput):
        raise InvalidRequest(f"{name} is no output class of transformers.")
    return found


class Flattened:
    """A result with its tensors taken out: one number per tensor, however often it stands there."""

    def __init__(self, is_tensor: Any) -> None:
        self.tensors: list[Any] = []
        self._is_tensor = is_tensor
        self._numbers: dict[int, int] = {}

    def tree(self, value: Any) -> pb.CallTree:
        """Raises UnsupportedModel for what no tree describes."""
        if self._is_tensor(value):
            if id(value) not in self._numbers:
                self._numbers[id(value)] = len(self.tensors)
                self.tensors.append(value)
            return pb.CallTree(tensor=self._numbers[id(value)])
        if isinstance(value, ModelOutput):
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            return self._items(kind, list(value.keys()), list(value.values()))
        if type(value) is dict and all(isinstance(key, str) for key in value):
            return self._items("dict", list(value), list(value.values()))
        if type(value) in (list, tuple):
            return self._items(type(value).__name__, [], list(value))
        if type(value) in _PLAIN:
            return pb.CallTree(constant=json.dumps(value))
        raise UnsupportedModel(f"The call returns a {type(value).__name__}, which cannot be said as data.")

    def _items(self, kind: str, keys: list[str], values: list[Any]) -> pb.CallTree:
        items = [self.tree(value) for value in values]
        return pb.CallTree(items=pb.CallTree.Items(kind=kind, keys=keys, items=items))
