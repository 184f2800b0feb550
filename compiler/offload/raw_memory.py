"""Memory of fetched weights in the script's hands.

A version counter tells of writes that torch makes. Whoever holds the memory (an array of numpy, a pointer, a storage) writes unseen. The
tensors that share a weight's memory, its views, are ordinary ones: so the methods that give memory away are wrapped, from the first
weight that is fetched on and not before, and tell the weight's owner when the memory is one of those here.
"""

import functools
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

_NAMES = (
    "numpy", "__array__", "__dlpack__", "data_ptr", "untyped_storage", "storage", "_typed_storage", "share_memory_", "pin_memory",
)  # fmt: skip
GIVERS: set[Callable[..., Any]] = {getattr(torch.Tensor, name) for name in _NAMES}
"""Methods of Tensor that give its memory away, as `__torch_function__` names them."""

_storage_of: Callable[[torch.Tensor], torch.UntypedStorage] = torch.Tensor.untyped_storage


_quiet: ContextVar[bool] = ContextVar("aweigh_quiet_memory", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """A context in which whoever takes memory only reads it."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def same(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether two tensors share their memory."""
    return _storage_of(a).data_ptr() == _storage_of(b).data_ptr()


class Owned(Protocol):
    """What the memory belongs to: a weight. `owner.exposed(name)` hears that it was given away, `owner.changed(name)` of a write."""

    name: str
    owner: Any


_owned: "weakref.WeakValueDictionary[int, Any]" = weakref.WeakValueDictionary()  # by address of the storage


def guard(values: torch.Tensor, owned: Owned) -> None:
    """From now on `owned` hears when the memory of `values` is given away."""
    if GIVERS.isdisjoint(_wrapped):
        _install()
    address = _storage_of(values).data_ptr()
    if address:  # that of every tensor without elements is 0
        _owned[address] = owned


_wrapped: set[Callable[..., Any]] = set()


def _install() -> None:
    for name in _NAMES:
        wrapper = _telling(getattr(torch.Tensor, name))
        _wrapped.add(wrapper)
        setattr(torch.Tensor, name, wrapper)
    GIVERS.update(_wrapped)
    register_optimizer_step_post_hook(_stepped)


def _stepped(optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
    with torch._C.DisableTorchFunctionSubclass():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None and (owned := _owner(parameter)) is not None:
                    owned.owner.changed(owned.name)


def _owner(parameter: torch.Tensor) -> Any:
    if type(parameter) in (torch.Tensor, torch.nn.Parameter):
        return _owned.get(_storage_of(parameter).data_ptr())
    return getattr(parameter, "weight", None)  # one whose values are held beside it


def _telling(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def give(self: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        ordinary = type(self) in (torch.Tensor, torch.nn.Parameter)
        if ordinary and not _quiet.get() and self.layout is torch.strided and self.device.type == "cpu":
            owned = _owned.get(_storage_of(self).data_ptr())
            if owned is not None:
                owned.owner.exposed(owned.name)
        return original(self, *args, **kwargs)

    return give
