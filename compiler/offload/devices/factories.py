"""Everything of torch that takes a device: factory functions, tensor methods, contexts, generators."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

from aweigh.compiler.offload.devices.host import host

_LIKE = ("empty_like", "zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like", "normal")
_METHODS = ("new_tensor", "new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided")


def install(torch: Any) -> None:
    """Patches torch in place. torch's own set of constructors is computed first: it is a set of the originals."""
    from torch.utils import _device

    constructors = _device._device_constructors()
    for owner, name in _places(torch):
        original = getattr(owner, name)
        if original in constructors or name in _LIKE:
            setattr(owner, name, _with_device(original))
    for name in _METHODS:
        setattr(torch.Tensor, name, _with_device(getattr(torch.Tensor, name)))
    torch.Tensor.to = _to(torch.Tensor.to, torch.device)
    torch.Tensor.cuda = lambda self, *args, **kwargs: self
    torch.Tensor.record_stream = lambda self, stream: None
    torch.Tensor.type = _type(torch.Tensor.type)
    torch.set_default_tensor_type = _type(torch.set_default_tensor_type)
    torch.Tensor.pin_memory = lambda self, *args, **kwargs: self
    context = _device.DeviceContext
    context.__init__ = _first_device(context.__init__)  # type: ignore[method-assign]
    autocast = torch.amp.autocast_mode.autocast
    autocast.__init__ = _first_device(autocast.__init__, "device_type")
    torch.load = _map_location(torch.load)
    torch.random.fork_rng = _fork_rng(torch.random.fork_rng)
    torch.Generator = _generator(torch.Generator)


def _places(torch: Any) -> Iterator[tuple[Any, str]]:
    for owner in (torch, torch.fft, torch.nested, torch.sparse):
        for name in dir(owner):
            if (
                not name.startswith("_")
                and callable(getattr(owner, name, None))
                and not isinstance(getattr(owner, name), type)
            ):
                yield owner, name


def _with_device(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def factory(*args: Any, **kwargs: Any) -> Any:
        if "device" in kwargs:
            kwargs["device"] = host(kwargs["device"])
        if kwargs.get("pin_memory"):  # for a faster way to a device that is not there; torch refuses it without one
            kwargs["pin_memory"] = False
        return original(*args, **kwargs)

    return factory


def _to(original: Callable[..., Any], device_type: type) -> Callable[..., Any]:
    """`Tensor.to`: the device stands first or by name; an index among the arguments is one too."""

    @functools.wraps(original)
    def to(self: Any, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], str | device_type | int):
            args = (host(args[0]), *args[1:])
        if "device" in kwargs:
            kwargs["device"] = host(kwargs["device"])
        return original(self, *args, **kwargs)

    return to


def _type(original: Callable[..., Any]) -> Callable[..., Any]:
    """Where a type of tensors is named: those of `torch.cuda` are read as those of the CPU."""

    @functools.wraps(original)
    def named(*args: Any, **kwargs: Any) -> Any:
        return original(*map(read, args), **{key: read(value) for key, value in kwargs.items()})

    def read(value: Any) -> Any:
        return value.replace("torch.cuda.", "torch.") if isinstance(value, str) else value

    return named


def _first_device(original: Callable[..., Any], keyword: str = "device") -> Callable[..., Any]:
    @functools.wraps(original)
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        if args:
            args = (host(args[0]), *args[1:])
        elif keyword in kwargs:
            kwargs[keyword] = host(kwargs[keyword])
        original(self, *args, **kwargs)

    return initialise


def _fork_rng(original: Callable[..., Any]) -> Callable[..., Any]:
    """The accelerator's generator is the host's, which is kept anyway."""

    @functools.wraps(original)
    def fork(devices: Any = None, enabled: bool = True, *args: Any, **kwargs: Any) -> Any:
        return original([], enabled, *args, **kwargs)

    return fork


def _map_location(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def load(f: Any, map_location: Any = None, *args: Any, **kwargs: Any) -> Any:
        return original(f, host(map_location), *args, **kwargs)

    return load


def _generator(original: type) -> type:
    """torch's Generator is a C type that can be subclassed but not patched; generators of torch's own count as instances of ours."""

    class Kind(type(original)):  # type: ignore[misc]
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, original)

    class Generator(original, metaclass=Kind):  # type: ignore[misc]
        """A generator on the host, whatever device it was asked for."""

        def __new__(cls, device: Any = "cpu") -> Any:
            return super().__new__(cls, host(device))

    Generator.__module__, Generator.__qualname__ = "torch", "Generator"
    return Generator
