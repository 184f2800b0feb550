"""A parameter without bytes: shape, dtype and device as loaded, its values on the engine's machine.

A wrapper subclass, as in https://github.com/albanD/subclass_zoo: torch sees an ordinary CPU tensor until an operation needs values.
Then the tensor is fetched from the checkpoint, here, and stands for itself from then on. What needs no values (detach, casts,
moves to a host alias) stays without them. What was fetched is watched through torch's version counters: once the script has written to
it, the engine's copy is not the script's any more.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any, Protocol, Self

import torch
from torch.utils._pytree import tree_map

_aten = torch.ops.aten
# Methods of Tensor that reach the bytes without passing the dispatcher.
_BYTES = frozenset(
    {
        torch.Tensor.numpy,
        torch.Tensor.tolist,
        torch.Tensor.data_ptr,
        torch.Tensor.untyped_storage,
        torch.Tensor.storage,
        torch.Tensor.__repr__,
        torch.Tensor.__str__,
        torch.Tensor.__format__,
        torch.Tensor.__reduce_ex__,
        torch.Tensor.__array__,
        torch.Tensor.__dlpack__,
        torch.Tensor.item,
    }
)
_SET_DATA = torch.Tensor.data.__set__  # type: ignore[attr-defined]


class Owner(Protocol):
    """The model that a weight belongs to."""

    def fetch(self, name: str) -> torch.Tensor:
        """The values of the weight of that name."""

    def watch(self, values: torch.Tensor) -> None:
        """The script can reach the bytes of `values` now: a write to them, or to a view of them, counts up their version."""

    def changed(self, name: str) -> None:
        """The script put values of its own in the weight's place."""


class Weight:
    """One tensor of the model, shared by all its aliases. `values`: once they are here."""

    def __init__(self, name: str, owner: Owner) -> None:
        self.name = name
        self.owner = owner
        self.values: torch.Tensor | None = None

    def get(self) -> torch.Tensor:
        """The values, fetched at the first call."""
        if self.values is None:
            with torch.inference_mode(False), torch.no_grad():
                self.values = self.owner.fetch(self.name)
        return self.values

    def __deepcopy__(self, memo: dict[int, Any]) -> "Weight":
        made = Weight(self.name, copy.deepcopy(self.owner, memo))
        if self.values is not None:
            made.values = self.values.clone()
        return made


class RemoteTensor(torch.Tensor):
    """See the head of this file. `weight` is its source, `casts` the dtypes it was cast to since, `held` its values once they are here."""

    weight: Weight
    casts: tuple[torch.dtype, ...]
    held: torch.Tensor | None

    @staticmethod
    def __new__(
        cls, weight: Weight, shape: Iterable[int], dtype: torch.dtype, casts: tuple[torch.dtype, ...] = ()
    ) -> Self:
        made: Self = torch.Tensor._make_wrapper_subclass(cls, tuple(shape), dtype=dtype, device=torch.device("cpu"))
        made.weight, made.casts, made.held = weight, casts, None
        return made

    @classmethod
    def __torch_function__(
        cls, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func in _BYTES:
            args = tree_map(_fetched, args)
            return func(*args, **(kwargs or {}))
        if func is torch.Tensor.__deepcopy__:
            return _deepcopy(*args)
        if func == _SET_DATA and isinstance(args[0], RemoteTensor):
            return _set_data(*args)
        with torch._C.DisableTorchFunctionSubclass():
            return func(*args, **(kwargs or {}))

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        first = args[0] if args else None
        if isinstance(first, RemoteTensor) and first.held is None:
            if func in (_aten.detach.default, _aten.alias.default):
                return RemoteTensor(first.weight, first.shape, first.dtype, first.casts)
            if func is _aten._to_copy.default and not kwargs.get("memory_format"):
                dtype = kwargs.get("dtype") or first.dtype
                if torch.device(kwargs.get("device") or "cpu").type == "cpu":
                    return RemoteTensor(first.weight, first.shape, dtype, (*first.casts, dtype))
        return func(*tree_map(_fetched, args), **tree_map(_fetched, kwargs))


def _set_data(tensor: "RemoteTensor", data: torch.Tensor) -> None:
    """``module.half()`` and its like assign to `.data`: a remote one hands over its casts, any other makes the values the script's own."""
    if isinstance(data, RemoteTensor):
        with torch._C.DisableTorchFunctionSubclass():
            _SET_DATA(tensor, data)
        tensor.weight, tensor.casts, tensor.held = data.weight, data.casts, data.held
        return
    tensor.weight.owner.changed(tensor.weight.name)
    with torch._C.DisableTorchFunctionSubclass():
        _SET_DATA(tensor, RemoteTensor(tensor.weight, data.shape, data.dtype))
    tensor.held = data


def _fetched(value: Any) -> Any:
    if not isinstance(value, RemoteTensor):
        return value
    if value.held is None:
        values = value.weight.get().detach()
        with torch.inference_mode(False), torch.no_grad():
            for dtype in value.casts:
                values = values.to(dtype)
            value.held = values.to(value.dtype)
        value.weight.owner.watch(value)
    return value.held


def _deepcopy(tensor: RemoteTensor, memo: dict[int, Any]) -> torch.Tensor:
    if id(tensor) in memo:
        found: torch.Tensor = memo[id(tensor)]
        return found
    made: torch.Tensor = RemoteTensor(copy.deepcopy(tensor.weight, memo), tensor.shape, tensor.dtype, tensor.casts)
    if isinstance(tensor, torch.nn.Parameter):
        made = torch.nn.Parameter(made, requires_grad=tensor.requires_grad)
    memo[id(tensor)] = made
    return made
