"""`torch.save` of a stub or of its weights: the file is complete, and is read where nobody knows us. A pickle holds a reference instead."""

import functools
from collections.abc import Callable
from typing import Any

import torch

from aweigh.compiler.offload import raw_memory
from aweigh.compiler.offload.remote_tensor import whole


def install() -> None:
    """Patches torch.save's two ways to write. Called once."""
    for name in ("_save", "_legacy_save"):
        setattr(torch.serialization, name, _complete(getattr(torch.serialization, name)))


def _complete(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def save(*args: Any, **kwargs: Any) -> None:
        token = whole.set(True)
        try:
            with raw_memory.reading():
                original(*args, **kwargs)
        finally:
            whole.reset(token)

    return save
