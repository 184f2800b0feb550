"""What adapters put beside a model: modules, tensors and plain state, under names that do not depend on how the script calls its adapters.

Adapters in use are numbered by their order; what belongs to no adapter in use is left out, and so is a wrapper that none of them is in. So
two adapters that are built alike look alike, whoever else is loaded. The outline says whether two models have the same beside them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from aweigh.compiler.adapters.tree import base_modules, in_use, is_wrapper, wrapped, wrappers
from aweigh.proto.errors import UnsupportedModel

_OF_ANY_MODULE = frozenset(vars(nn.Module())) | {"_active_adapter", "_disable_adapters"}
_MARKS = ("_hf_", "_is_hf_")  # that transformers leaves on modules whose weights it has seen to
_DEPTH = 8
_PLAIN = (bool, int, float, str, bytes, type(None), torch.dtype, torch.device)


def active(model: nn.Module) -> tuple[str, ...]:
    """The adapters in use, in order; empty where all are switched off. Raises UnsupportedModel where layers differ in them."""
    found = [(wrapper, in_use(wrapper)) for wrapper in wrappers(model)]
    names = tuple(dict.fromkeys(name for _, used in found for name in used))
    for wrapper, used in found:
        if used != [name for name in names if name in wrapper._get_available_adapters()]:
            raise UnsupportedModel("its adapters are not the same ones in all layers")
        if getattr(wrapper, "merged", False):
            raise UnsupportedModel("an adapter was merged into the weights")
    return names


@dataclass(frozen=True, slots=True)
class Beside:
    """Modules and tensors by their names in the model with the adapters in use. A tensor that is shared has several."""

    modules: list[tuple[str, nn.Module]]
    tensors: dict[str, torch.Tensor]
    outline: bytes


def beside(model: nn.Module, names: tuple[str, ...]) -> Beside:
    """What the adapters `names`, those in use, put beside the model. Raises UnsupportedModel for state that no outline says."""
    walk = _Walk(model, names)
    walk.visit(model, "")
    state = hashlib.blake2b(digest_size=16)
    for path, module in walk.modules:
        kind = f"{type(module).__module__}.{type(module).__qualname__}"
        state.update(repr((path, kind, walk.plain(module))).encode())
    return Beside(walk.modules, walk.tensors, state.digest())


class _Walk:
    def __init__(self, model: nn.Module, names: tuple[str, ...]) -> None:
        self.modules: list[tuple[str, nn.Module]] = []
        self.tensors: dict[str, torch.Tensor] = {}
        self._loaded = {id(module) for _, module in base_modules(model)}
        self._numbers = {name: str(number) for number, name in enumerate(names)}
        self._others = {name for wrapper in wrappers(model) for name in wrapper._get_available_adapters()} - set(names)

    def visit(self, module: nn.Module, path: str) -> None:
        if is_wrapper(module) and not in_use(module):
            return self.visit(wrapped(module), path)
        ours = id(module) not in self._loaded
        by_adapter = ours and not is_wrapper(module)
        if ours:
            self.modules.append((path, module))
            for held in (module._parameters, module._buffers):
                for key, tensor in self._kept(held, by_adapter):
                    if tensor is not None:
                        self.tensors[f"{path}.{key}"] = tensor
        for key, child in self._kept(module._modules, by_adapter):
            if child is not None:
                self.visit(child, f"{path}.{key}" if path else key)
        return None

    def _kept(self, held: Mapping[str, Any], by_adapter: bool) -> Iterator[tuple[str, Any]]:
        """What is held by names of adapters has their numbers; that of others is left out."""
        for key, value in held.items():
            if not by_adapter:
                yield key, value
            elif key not in self._others:
                yield self._numbers.get(key, key), value

    def plain(self, module: nn.Module) -> Any:
        """The attributes of a module, but for those that every module has."""
        own = ((key, value) for key, value in vars(module).items() if not key.startswith(_MARKS))
        return sorted((key, repr(self._said(value, _DEPTH))) for key, value in own if key not in _OF_ANY_MODULE)

    def _said(self, value: Any, depth: int) -> Any:
        if isinstance(value, torch.Tensor):
            raise UnsupportedModel("an adapter keeps a tensor that is no parameter and no buffer")
        if isinstance(value, _PLAIN):
            return value
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        if not depth:
            raise UnsupportedModel(f"an adapter keeps a deep {kind}")
        if isinstance(value, dict):
            entries = ((self._numbers.get(key, key), item) for key, item in value.items() if key not in self._others)
            return kind, sorted((repr(key), repr(self._said(item, depth - 1))) for key, item in entries)
        if isinstance(value, set | frozenset):
            return kind, sorted(repr(self._numbers.get(item, item)) for item in value if item not in self._others)
        if isinstance(value, list | tuple):
            return kind, [self._said(item, depth - 1) for item in value]
        if isinstance(value, nn.Module) or callable(value) or not hasattr(value, "__dict__"):
            return kind, getattr(value, "__qualname__", "")
        return kind, sorted((key, repr(self._said(item, depth - 1))) for key, item in vars(value).items())
