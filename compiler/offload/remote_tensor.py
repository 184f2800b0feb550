"""A parameter without bytes: shape, dtype and device as loaded, its values on the engine's machine.

A wrapper subclass, as in https://github.com/albanD/subclass_zoo: torch sees an ordinary CPU tensor until an operation needs values.
Then the tensor is fetched from the checkpoint, here, and stands for itself from then on. What needs no values (detach, casts,
moves to a host alias) stays without them. What was fetched is watched through torch's version counters: once the script has written to
it, the engine's copy is not the script's any more. Whoever is given the memory itself (`numpy`, `data_ptr`, a storage), of a weight or of
a view of one, may write to it unseen, now or later: from then on the model runs here (`raw_memory.py`).
"""

import copy
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Protocol, Self

import torch
from torch.utils._pytree import tree_map

from aweigh.compiler.offload import raw_memory

_aten = torch.ops.aten
# Methods of Tensor that reach the bytes without passing the dispatcher, and give nothing away that could be written to.
_BYTES = frozenset(
    {
        torch.Tensor.tolist,
        torch.Tensor.__repr__,
        torch.Tensor.__str__,
        torch.Tensor.__format__,
        torch.Tensor.is_shared,
        torch.Tensor.is_pinned,
        torch.Tensor.item,
    }
)
_SET_DATA = torch._C.TensorBase.data.__set__  # type: ignore[attr-defined]


whole: ContextVar[bool] = ContextVar("aweigh_whole_pickle", default=False)
"""While it is set, what is pickled is complete and needs nothing of ours to be read."""


class Owner(Protocol):
    """The model that a weight belongs to."""

    def fetch(self, name: str, dtype: torch.dtype) -> torch.Tensor:
        """The values of the weight of that name; `dtype`: as it was loaded, of one with a fraction."""

    def watch(self, values: torch.Tensor) -> None:
        """The script can reach the bytes of `values` now: a write to them, or to a view of them, counts up their version."""

    def exposed(self, name: str) -> None:
        """The script was given the memory of the weight: writes to it cannot be seen."""

    def is_written(self) -> bool:
        """Whether any weight may have values that the checkpoint has not."""

    def changed(self, name: str) -> None:
        """The script put values of its own in the weight's place."""

    def share(self, name: str, shape: torch.Size, dtype: torch.dtype) -> bool:
        """Whether the weight is, without its values, in memory that the script's processes share from now on."""


class Weight:
    """One tensor of the model, shared by all its aliases. `values`: once they are here.

    A cast makes another one, with this one for a `base`; it is `fresh` until it takes a place in the model, so that nothing
    depends on what the script does to it.
    """

    def __init__(self, name: str, owner: Owner, dtype: torch.dtype, base: "Weight | None" = None) -> None:
        self.name = name
        self.owner = owner
        self.dtype = dtype
        self.base = base
        self.fresh = base is not None
        self.shared = False  # in memory that is not filled yet
        self.values: torch.Tensor | None = None

    def get(self) -> torch.Tensor:
        """The values, fetched at the first call."""
        if self.values is None:
            with torch.inference_mode(False), torch.no_grad():
                source = self.owner.fetch(self.name, self.dtype) if self.base is None else self.base.get()
                values = source.detach().to(self.dtype)
                self.values = values.clone() if self.base is not None and raw_memory.same(values, source) else values
        return self.values

    def supply(self, values: torch.Tensor) -> torch.Tensor:
        """The values, made of those of the checkpoint, which are given, where none are here yet."""
        if self.values is None and self.base is None:
            self.values = values.detach().to(self.dtype)
        elif self.base is not None:
            self.base.supply(values)
        return self.get()

    def __getstate__(self) -> dict[str, Any]:
        """Values travel only where they are the script's own."""
        return {**vars(self), "values": self.values if self.owner.is_written() else None}

    def given(self, method: str) -> None:
        """As `raw_memory.Owned`."""
        (self.owner.changed if method == raw_memory.STEP else self.owner.exposed)(self.name)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Weight":
        made = Weight(self.name, copy.deepcopy(self.owner, memo), self.dtype, copy.deepcopy(self.base, memo))
        made.fresh = self.fresh
        if self.values is not None:
            made.values = self.values.clone()
        return made


class RemoteTensor(torch.Tensor):
    """See the head of this file. `weight` is its source; `met`: the script has had its values; `stays`: no ordinary tensor can
    take its place, so that it is one of the model's although its values are here."""

    weight: Weight
    met: bool
    stays: bool = False

    @staticmethod
    def __new__(cls, weight: Weight, shape: Iterable[int]) -> Self:
        made: Self = torch.Tensor._make_wrapper_subclass(
            cls, tuple(shape), dtype=weight.dtype, device=torch.device("cpu")
        )
        made.weight, made.met = weight, False
        return made

    @classmethod
    def __torch_function__(
        cls, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if (
            func in (torch.Tensor.share_memory_, torch.Tensor.is_shared)
            and (shared := _shared(func, args[0])) is not None
        ):
            return shared
        if func in raw_memory.GIVERS:
            return _give(func, *args, **(kwargs or {}))
        if func in _BYTES:
            args = tree_map(_fetched, args)
            with raw_memory.reading():
                return func(*args, **(kwargs or {}))
        if func is torch.Tensor.__deepcopy__:
            return _deepcopy(*args)
        if func is torch.Tensor.__reduce_ex__:
            return _reduce(*args)
        if func in raw_memory.SET_DATA and isinstance(args[0], RemoteTensor):
            return _set_data(*args)
        with torch._C.DisableTorchFunctionSubclass():
            return func(*args, **(kwargs or {}))

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        first = args[0] if args else None
        if isinstance(first, RemoteTensor):
            if func in (_aten.detach.default, _aten.alias.default):
                return RemoteTensor(first.weight, first.shape)
            if func is _aten.constant_pad_nd.default and not any(args[1]):  # transformers pads a tied bias by nothing
                return RemoteTensor(
                    Weight(first.weight.name, first.weight.owner, first.dtype, first.weight), first.shape
                )
            if func is _aten._to_copy.default and first.weight.values is None and not kwargs.get("memory_format"):
                dtype = kwargs.get("dtype") or first.dtype
                if torch.device(kwargs.get("device") or "cpu").type == "cpu":
                    return RemoteTensor(Weight(first.weight.name, first.weight.owner, dtype, first.weight), first.shape)
        if func.overloadpacket is _aten.set_ and isinstance(first, RemoteTensor):
            _part(first)
        return func(*tree_map(_fetched, args), **tree_map(_fetched, kwargs))


def _shared(func: Callable[..., Any], tensor: "RemoteTensor") -> Any:
    """What `share_memory_` and `is_shared` give of a weight whose values nobody has; None where that takes its values."""
    weight = tensor.weight
    if weight.values is not None or weight.base is not None:
        return None
    if func is torch.Tensor.is_shared:
        return weight.shared
    weight.shared = weight.shared or weight.owner.share(weight.name, tensor.shape, weight.dtype)
    return tensor if weight.shared else None


def _give(giver: Callable[..., Any], tensor: "RemoteTensor", *args: Any, **kwargs: Any) -> Any:
    """What a method gives that hands out memory. It refuses tensors that require grad as it always does."""
    values = _fetched(tensor)
    if tensor.requires_grad:
        values = values.detach().requires_grad_()
    with raw_memory.reading():  # said below, once
        given = giver(values, *args, **kwargs)
    if not tensor.weight.fresh:
        tensor.weight.owner.exposed(tensor.weight.name)
    return given


def _part(tensor: RemoteTensor) -> None:
    """Gives a tensor values of its own, before `set_` puts other memory under this one and not under its aliases."""
    old = tensor.weight
    old.owner.changed(old.name)
    tensor.weight = Weight(old.name, old.owner, old.dtype)
    tensor.weight.values = old.get().detach()


def _set_data(tensor: "RemoteTensor", data: torch.Tensor) -> None:
    """``module.half()`` and its like assign to `.data`: a remote one hands over its source, any other makes the values the script's own."""
    if isinstance(data, RemoteTensor):
        weight = data.weight
    else:
        tensor.weight.owner.changed(tensor.weight.name)
        weight = Weight(tensor.weight.name, tensor.weight.owner, data.dtype)
        weight.values = data
        data = RemoteTensor(weight, data.shape)
    with torch._C.DisableTorchFunctionSubclass():
        _SET_DATA(tensor, data)
    tensor.weight, tensor.met, weight.fresh = weight, False, False
    if weight.values is not None:
        _fetched(tensor)


def _fetched(value: Any) -> Any:
    if not isinstance(value, RemoteTensor):
        return value
    values = value.weight.get()
    if not value.met:
        value.met = True
        if not value.weight.fresh:
            value.weight.owner.watch(value)
            raw_memory.guard(values, value.weight)
    return values


def kept_here(tensor: "RemoteTensor") -> "RemoteTensor":
    """The tensor with its values here."""
    tensor.stays = True
    _fetched(tensor)
    return tensor


def _reduce(tensor: RemoteTensor, protocol: int) -> Any:
    """A parameter goes into a pickle as a reference to the checkpoint; into a file of torch's, and as a part of a state dict, as bytes."""
    is_parameter = isinstance(tensor, torch.nn.Parameter)
    if is_parameter and not whole.get():
        return rebuilt, (tensor.weight, tuple(tensor.shape), tensor.requires_grad)
    with raw_memory.reading():
        values = _fetched(tensor)
        if is_parameter:
            values = torch.nn.Parameter(values, requires_grad=tensor.requires_grad)
        return values.__reduce_ex__(protocol)


def rebuilt(weight: Weight, shape: tuple[int, ...], requires_grad: bool) -> torch.nn.Parameter:
    """A parameter out of a pickle."""
    return torch.nn.Parameter(RemoteTensor(weight, shape), requires_grad=requires_grad)


def _deepcopy(tensor: RemoteTensor, memo: dict[int, Any]) -> torch.Tensor:
    if id(tensor) in memo:
        found: torch.Tensor = memo[id(tensor)]
        return found
    made: torch.Tensor = RemoteTensor(copy.deepcopy(tensor.weight, memo), tensor.shape)
    if isinstance(tensor, torch.nn.Parameter):
        made = torch.nn.Parameter(made, requires_grad=tensor.requires_grad)
    memo[id(tensor)] = made
    return made
