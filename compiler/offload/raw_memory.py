"""Memory of fetched weights in the script's hands.

A version counter tells of writes that torch makes. Whoever holds the memory (an array of numpy, a pointer, a storage) writes unseen. The
tensors that share a weight's memory, its views, are ordinary ones: so the methods that give memory away are wrapped, from the first
weight that is fetched on and not before, and tell the weight's owner when the memory is one of those here.
"""

import functools
import weakref
from collections.abc import Callable, Iterable, Iterator
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

SET_DATA: set[Callable[..., Any]] = {torch._C.TensorBase.data.__set__}  # type: ignore[attr-defined]
"""Assignment to `Tensor.data`, as `__torch_function__` names it."""

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
    """What the memory belongs to: a weight."""

    def given(self, method: str) -> None:
        """The memory was given away, by the method of Tensor of that name (`data` for the attribute), or written to by a `STEP`."""


STEP = "step"
"""Of an optimizer."""
_MANY = 10_000
_owned: "dict[int, weakref.WeakSet[Any]]" = {}  # by address of the storage


def guard(values: torch.Tensor, owned: Owned) -> None:
    """From now on `owned` hears when the memory of `values` is given away."""
    if GIVERS.isdisjoint(_wrapped):
        _install()
    address = _storage_of(values).data_ptr()
    if address:  # that of every tensor without elements is 0
        if len(_owned) > _MANY:
            for old in [old for old, owners in _owned.items() if not owners]:
                del _owned[old]
        _owned.setdefault(address, weakref.WeakSet()).add(owned)


_wrapped: set[Callable[..., Any]] = set()


def _install() -> None:
    for name in _NAMES:
        wrapper = _telling(getattr(torch.Tensor, name))
        _wrapped.add(wrapper)
        setattr(torch.Tensor, name, wrapper)
    GIVERS.update(_wrapped)
    torch.Tensor.data = _data()  # type: ignore[assignment]
    SET_DATA.add(torch.Tensor.data.__set__)  # type: ignore[attr-defined]
    register_optimizer_step_post_hook(_stepped)


def _stepped(optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
    with torch._C.DisableTorchFunctionSubclass():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    for owned in _owners(parameter):
                        owned.given(STEP)


def _owners(parameter: torch.Tensor) -> Iterable[Any]:
    if type(parameter) in (torch.Tensor, torch.nn.Parameter):
        return tuple(_owned.get(_storage_of(parameter).data_ptr(), ()))
    found = getattr(parameter, "weight", None)  # of one whose values are held beside it
    return () if found is None else (found,)


def _telling(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def give(self: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        _tell(self, original.__name__)
        return original(self, *args, **kwargs)

    return give


def _data() -> property:
    """`Tensor.data`, whose writes count elsewhere than those of the tensor that it was asked of."""
    original: Any = torch._C.TensorBase.data

    def get(self: torch.Tensor) -> Any:
        _tell(self, "data")
        return original.__get__(self)

    return property(get, original.__set__, None, original.__doc__)


def _tell(tensor: torch.Tensor, method: str) -> None:
    if type(tensor) not in (torch.Tensor, torch.nn.Parameter) or _quiet.get():
        return
    if tensor.layout is torch.strided and tensor.device.type == "cpu":
        for owned in _owned.get(_storage_of(tensor).data_ptr(), ()):
            owned.given(method)
