"""`torch.device` where `cuda` is read as `cpu`: what `torch.device("cuda")` gives is the CPU, by type, name, equality and hash.

torch's type is a C type that can neither be patched nor subclassed, so the name stands for a type of ours that makes torch's objects.
Those are its instances (`isinstance`), it pickles by torch's name, and it equals torch's type, with the same hash: torch keeps tables
by type (of annotations, of constants that it may trace), made before and after this.
"""

from typing import Any

from aweigh.compiler.offload.devices.host import host, is_honest


def reading(original: type) -> type:
    """The type that takes the place of `torch.device`, which is `original`."""

    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, original)

        def __subclasscheck__(cls, subclass: type) -> bool:
            return issubclass(subclass, original)

        def __eq__(cls, other: object) -> bool:
            return other is cls or other is original

        def __hash__(cls) -> int:
            return hash(original)

    class device(metaclass=Kind):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            if is_honest():
                return original(*args, **kwargs)
            first = args[0] if args else kwargs.get("device")
            if isinstance(first, int) and not isinstance(first, bool):
                return host(first)
            return host(original(*args, **kwargs))

    device.__module__, device.__qualname__, device.__doc__ = "torch", "device", original.__doc__
    return device


def install(torch: Any) -> None:
    """Patches torch in place."""
    torch.device = reading(torch.device)
