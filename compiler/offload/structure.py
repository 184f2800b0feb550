"""Whether a stub is still the model that was compiled: same modules, parameters, buffers, attributes and code, no hooks inside, same configuration.

What peft puts around modules is looked through here, and looked at in `adapters.py`.
Asked before every call, so it compares flat lists instead of walking the tree.
"""

import copy
from itertools import chain
from typing import Any

import torch
from torch import nn

from aweigh.compiler.adapters.tree import base_modules
from aweigh.compiler.offload.attributes import Attributes
from aweigh.compiler.offload.library_code import LibraryCode, foreign_hooks
from aweigh.compiler.offload.remote_tensor import RemoteTensor

FREE = frozenset(
    {
        "use_cache", "output_hidden_states", "output_attentions", "_output_attentions", "return_dict", "pad_token_id",
        "eos_token_id", "bos_token_id", "name_or_path", "_name_or_path", "dtype", "torch_dtype", "architectures",
        "transformers_version", "_attn_implementation", "_attn_implementation_internal", "_commit_hash", "id2label",
        "label2id", "problem_type", "is_encoder_decoder", "chunk_size_feed_forward",
    }
)  # fmt: skip
"""Read by the forward pass or by `generate` at every call, and honoured by us there."""

_HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


_Buffer = tuple[str, dict[str, Any], str, Any, torch.Tensor | str]
"""Its name, where it is held and as what, itself, and its values at first: its weight's name where they are elsewhere."""


class Structure:
    """A snapshot. Keeps what it compares against alive, so that an object's identity cannot come back as another's."""

    def __init__(self, model: nn.Module) -> None:
        named = base_modules(model)
        self.tree = object()  # another one when peft has put its modules around ours, or has taken them away
        self._modules = [module for _, module in named]
        self._names = [name or "the model" for name, _ in named]
        self._variables = [vars(module) for _, module in named]
        self._children: list[dict[str, Any]] = [module._modules for _, module in named]
        self._parameters: list[dict[str, Any]] = [module._parameters for _, module in named]
        # Hooks on the root and a forward of its own run around ours: they may come and go.
        self._hooks = [variables[kind] for variables in self._variables[1:] for kind in _HOOKS]
        self._keep()
        self._hooked = list(map(len, self._hooks))
        self._own = self._own_forwards()
        self._buffers: list[_Buffer] = [
            (f"{name}.{key}", module._buffers, key, buffer, _first(buffer))
            for name, module in named
            for key, buffer in module._buffers.items()
            if buffer is not None
        ]
        self._versions = [_version(buffer) for _, _, _, buffer, _ in self._buffers]
        self._attributes = Attributes(named)
        self._code = LibraryCode(model)
        self._config = copy.deepcopy(_configuration(model))

    def __getstate__(self) -> dict[str, Any]:
        """What `copied` compares: no object of this model."""
        kept = ("_names", "_hooked", "_own", "_kinds", "_attributes", "_config")
        buffers: list[_Buffer] = [(name, {}, key, None, first) for name, _, key, _, first in self._buffers]
        return {key: vars(self)[key] for key in kept} | {"_buffers": buffers}

    def difference(self, model: nn.Module) -> str | None:
        """One clause that says what is different now, or None."""
        if list(map(id, self._flat())) != self._ids and not self._rewrapped(model):
            return "a module or a parameter was replaced"
        hooked = list(map(len, self._hooks))
        if hooked != self._hooked:
            at = next(at for at, (now, before) in enumerate(zip(hooked, self._hooked, strict=True)) if now != before)
            return f"a hook was registered on {self._names[1 + at // len(_HOOKS)]}"
        if self._own_forwards() != self._own:
            return "the forward of a module was replaced"
        if foreign_hooks():
            return "a hook was registered on all modules"
        changed = self._attributes.difference() or self._code.difference(model) or self._buffer()
        if changed is not None:
            return changed
        config = _configuration(model)
        if config != self._config:
            keys = [key for key in config.keys() | self._config.keys() if config.get(key) != self._config.get(key)]
            return f"config.{min(keys)} was changed after loading"
        return None

    def _rewrapped(self, model: nn.Module) -> bool:
        """Whether adapters were put around modules, or taken away, and no more. They are what is compared from now on."""
        found = self._flat_parameters()
        modules = [id(module) for _, module in base_modules(model)]
        if modules != list(map(id, self._modules)) or found != self._parameter_ids:
            return False
        self._keep()
        self.tree = object()
        self._code = LibraryCode(model)
        return True

    def _keep(self) -> None:
        self._kept = self._flat()
        self._kinds = list(map(type, self._kept))
        self._ids = list(map(id, self._kept))
        self._parameter_ids = self._flat_parameters()

    def _flat_parameters(self) -> list[int]:
        return [id(parameter) for held in self._parameters for parameter in held.values()]

    def copied(self, model: nn.Module) -> "Structure | str":
        """The snapshot of a deep copy of the model, or a clause that says what is different there already."""
        made = Structure(model)
        same = made._names == self._names and made._hooked == self._hooked and made._own == self._own
        same = same and made._attributes.equal(self._attributes) and made._equal_buffers(self._buffers)
        if not same or made._kinds != self._kinds or made._config != self._config:
            return "the model was changed after it was copied"
        return made

    def _flat(self) -> list[Any]:
        """Every child and every parameter of every module, in one pass without Python code per module."""
        return list(chain.from_iterable(map(dict.values, chain(self._children, self._parameters))))

    def _own_forwards(self) -> list[int]:
        return [at for at, variables in enumerate(self._variables) if at and "forward" in variables]

    def _equal_buffers(self, others: list[_Buffer]) -> bool:
        now = [buffer for _, _, _, buffer, _ in self._buffers]
        return len(now) == len(others) and all(_equal(buffer, other) for buffer, other in zip(now, others, strict=True))

    def _buffer(self) -> str | None:
        """A clause on a buffer with other values than at first, or None. A cast of the whole model rounds them, which is no change."""
        for entry, version in zip(self._buffers, self._versions, strict=True):
            _, held, key, buffer, _ = entry
            now = held.get(key)
            if (now is not buffer or _version(now) != version) and not _equal(now, entry):
                return f"the buffer {entry[0]} was changed"
        return None


def _first(buffer: torch.Tensor) -> torch.Tensor | str:
    return buffer.weight.name if isinstance(buffer, RemoteTensor) else buffer.clone()


def _equal(now: Any, entry: _Buffer) -> bool:
    first = entry[-1]
    if isinstance(first, str):
        return isinstance(now, RemoteTensor) and now.weight.name == first
    return isinstance(now, torch.Tensor) and now.shape == first.shape and torch.equal(now, first.to(now.dtype))


def _version(buffer: torch.Tensor) -> int:
    return 0 if isinstance(buffer, RemoteTensor) or buffer.is_inference() else buffer._version


def _configuration(model: nn.Module) -> dict[str, Any]:
    return {key: value for key, value in vars(model.config).items() if key not in FREE}
