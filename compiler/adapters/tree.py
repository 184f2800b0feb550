"""A model with peft's adapters in it, seen as the model that was loaded.

peft puts a layer of its own where a module was, and keeps the module inside: a *wrapper*. The modules of the loaded model, found through all
wrappers, have the names that they have without. Only peft's two base classes are known here, no kind of adapter; peft is asked for
nowhere: where the script has not imported it there are no wrappers.
"""

import sys
from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn

_WRAPPERS = (
    ("peft.tuners.tuners_utils", "BaseTunerLayer", "base_layer"),
    ("peft.utils.other", "AuxiliaryTrainingWrapper", "original_module"),
)


def _inside(module: nn.Module) -> str | None:
    """What a wrapper calls the module that it was put around; None for any other module."""
    for where, kind, name in _WRAPPERS:
        space = sys.modules.get(where)
        if space is not None and isinstance(module, getattr(space, kind, ())):
            return name
    return None


def is_wrapper(module: nn.Module) -> bool:
    """Whether a module is one that peft put around another."""
    return _inside(module) is not None


def wrapped(module: nn.Module) -> nn.Module:
    """The module that a wrapper was put around."""
    name = _inside(module)
    assert name is not None
    found: nn.Module = getattr(module, name)
    return found


def base_modules(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """As `named_modules(remove_duplicate=False)`, of the model without its adapters."""
    if "peft" not in sys.modules:
        return list(model.named_modules(remove_duplicate=False))
    return list(_base(model, ""))


def _base(module: nn.Module, name: str) -> Iterator[tuple[str, nn.Module]]:
    while is_wrapper(module):
        module = wrapped(module)
    yield name, module
    for key, child in module._modules.items():
        if child is not None:
            yield from _base(child, f"{name}.{key}" if name else key)


def named_buffers(model: nn.Module) -> dict[str, Tensor]:
    """The buffers of the model without its adapters, by their names there."""
    found = ((name, key, value) for name, module in base_modules(model) for key, value in module._buffers.items())
    return {f"{name}.{key}" if name else key: value for name, key, value in found if value is not None}


def wrappers(model: nn.Module) -> list[Any]:
    """All wrappers in a model."""
    return [module for module in model.modules() if is_wrapper(module)] if "peft" in sys.modules else []


def in_use(wrapper: Any) -> list[str]:
    """The adapters that take part in a call of a wrapper, in order."""
    there = wrapper._get_available_adapters()
    return [] if wrapper.disable_adapters else [name for name in wrapper.active_adapters if name in there]
