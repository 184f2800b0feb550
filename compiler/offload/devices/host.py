"""Reading `cuda` as `cpu`, in arguments."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch

_CPU = torch.device("cpu")
_device = torch.device
_honest: ContextVar[bool] = ContextVar("aweigh_honest_devices", default=False)


@contextmanager
def honest() -> Iterator[None]:
    """A context in which the machine shows the devices that it has: libraries that spread a model look here."""
    token = _honest.set(True)
    try:
        yield
    finally:
        _honest.reset(token)


def is_honest() -> bool:
    return _honest.get()


def host(device: Any) -> Any:
    """A device (name, index or object) that means the accelerator -> the CPU, in the same form; anything else as it came."""
    if isinstance(device, str):
        return "cpu" if device.startswith("cuda") else device
    if isinstance(device, _device):
        return _CPU if device.type == "cuda" else device
    if isinstance(device, int) and not isinstance(device, bool):
        return _CPU
    return device


def host_map(devices: Any) -> Any:
    """A device map with its accelerator read as the CPU; "auto" and its like as they came."""
    if isinstance(devices, dict):
        return {
            name: (str(host(device)) if isinstance(device, int) else host(device)) for name, device in devices.items()
        }
    return host(devices)
