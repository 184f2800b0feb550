"""Whether anything of a model's adapters is another than at the last look: modules, tensors, hooks, plain state.

Asked before every call. A change is no reason to stay here: it is looked at again. As in `attributes.py`, attributes are compared when
something was assigned to any module since; what changes in place (scalings, lists of names) is compared every time.
"""

from itertools import chain
from typing import Any

import torch
from torch import nn

from aweigh.compiler.adapters.tree import base_modules, wrappers
from aweigh.compiler.offload import attributes

_HELD = ("_modules", "_parameters", "_buffers")
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
_OF_ANY_MODULE = frozenset(vars(nn.Module()))
_PLAIN = (bool, int, float, str, type(None), torch.dtype)


class BesideWatch:
    """A snapshot. Keeps what it compares against alive. `there`: whether the model has adapters at all."""

    def __init__(self, model: nn.Module) -> None:
        self._wrappers = wrappers(model)
        self.there = bool(self._wrappers)
        loaded = {id(module) for _, module in base_modules(model)} if self.there else set()
        modules = [module for module in model.modules() if id(module) not in loaded] if self.there else []
        self._variables = [vars(module) for module in modules]
        self._held = [variables[name] for variables in self._variables for name in _HELD]
        self._sizes = list(map(len, self._held))
        self._full = [held for held in self._held if held]
        self._hooks = [variables[name] for variables in self._variables for name in HOOKS]
        self._kept = self._flat()
        self._ids = list(map(id, self._kept))
        self._hooked = list(map(len, self._hooks))
        self._own = [(variables, key, value) for variables in self._variables for key, value in variables.items()]
        self._lengths = list(map(len, self._variables))
        self._containers = [
            (value, _state(value))
            for _, key, value in self._own
            if isinstance(value, dict | list | set) and key not in _OF_ANY_MODULE
        ]
        self._writes = attributes.writes()

    def changed(self) -> bool:
        """Whether a look is due."""
        if list(map(len, self._held)) != self._sizes or list(map(len, self._hooks)) != self._hooked:
            return True
        if list(map(id, self._flat())) != self._ids:
            return True
        if any(_state(container) != state for container, state in self._containers):
            return True
        now = attributes.writes()
        if now != self._writes:
            if list(map(len, self._variables)) != self._lengths:
                return True
            if any(variables.get(key, self) is not value for variables, key, value in self._own):
                return True
            self._writes = now
        return False

    def _flat(self) -> list[Any]:
        return list(chain.from_iterable(map(dict.values, self._full)))


def _state(container: Any) -> Any:
    """What a container holds, by value where that is plain, else by identity."""
    if not container:
        return None
    if isinstance(container, dict):
        return [(key, _item(value)) for key, value in container.items()]
    return [_item(value) for value in container]


def _item(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    return _state(value) if isinstance(value, dict | list | set) else id(value)
