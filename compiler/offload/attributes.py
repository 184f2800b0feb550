"""Plain attributes of a model's modules: `norm.variance_epsilon`, `attention.scaling`, `mlp.__class__`. Scripts write to these.

A model of thirty layers has thousands, too many to compare before every step. So writes are counted: `nn.Module.__setattr__` and `__delattr__`
are wrapped from the first model that is watched on, and the values are compared only when the count has moved. Who writes into a module's
`__dict__` is not seen.
"""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

# Set by torch and transformers at any time, and read by nothing that a Program holds.
_FREE = frozenset({"training", "gradient_checkpointing", "config", "forward", "generation_config", "aweigh_local"})
_PLAIN = (int, float, str, tuple, torch.Tensor, torch.dtype, type(None))

_writes = 0


def writes() -> int:
    """How often anything was assigned to an attribute of any module, counted since the first call of this."""
    _count_writes()
    return _writes


class Attributes:
    """The plain public attributes that a model's modules have now."""

    def __init__(self, named: list[tuple[str, nn.Module]]) -> None:
        _count_writes()
        self._writes = _writes
        self._values = [
            (name, vars(module), key, value)
            for name, module in named
            for key, value in vars(module).items()
            if isinstance(value, _PLAIN) and key not in _FREE and not key.startswith("_")
        ]
        self._types = [(name, module, type(module)) for name, module in named]
        self._tensors = [(value, value._version) for *_, value in self._values if isinstance(value, torch.Tensor)]

    def __getstate__(self) -> dict[str, Any]:
        """What `equal` compares."""
        return {"_values": [(name, None, key, value) for name, _, key, value in self._values]}

    def equal(self, other: "Attributes") -> bool:
        """Whether another model has the same ones; tensors are compared by their values."""
        mine, others = ([(name, key) for name, _, key, _ in one._values] for one in (self, other))
        return mine == others and all(
            _same(value, found) for (*_, value), (*_, found) in zip(self._values, other._values, strict=True)
        )

    def difference(self) -> str | None:
        """One clause on what is another value now, or None."""
        if any(tensor._version != version for tensor, version in self._tensors):
            return "a tensor that is an attribute of a module was written to"
        if self._writes == _writes:
            return None
        now = _writes
        for name, holder, key, value in self._values:
            found = holder.get(key, self)
            if found is not value and (
                isinstance(value, torch.Tensor) or type(found) is not type(value) or found != value
            ):
                return f"{key} of {name or 'the model'} was changed"
        for name, module, kind in self._types:
            if type(module) is not kind:
                return f"the class of {name or 'the model'} was changed"
        self._writes = now
        return None


def _same(value: Any, found: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return isinstance(found, torch.Tensor) and torch.equal(value, found)
    return type(value) is type(found) and bool(value == found)


@functools.cache
def _count_writes() -> None:
    """Wraps the two methods, once."""
    for name in ("__setattr__", "__delattr__"):
        setattr(nn.Module, name, _counting(getattr(nn.Module, name)))


def _counting(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def write(self: nn.Module, *arguments: Any) -> None:
        global _writes
        _writes += 1
        original(self, *arguments)

    return write
