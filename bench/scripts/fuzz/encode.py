"""What a call gave, as JSON: structure by names, tensors by dtype, shape and bytes."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy
import torch
from transformers.cache_utils import Cache


def encode(value: Any) -> Any:
    """JSON of a value. Classes of transformers go by their names, subclasses that others make of them as what they are made of."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case torch.Tensor():
            return _tensor(value)
        case numpy.ndarray():
            return _tensor(torch.from_numpy(value))
        case Cache():
            return (
                {"is": public(value), "length": int(value.get_seq_length())}
                if _counts(value)
                else {"is": public(value)}
            )
        case Mapping():
            return {"is": public(value), "items": {str(name): encode(item) for name, item in value.items()}}
        case tuple() | list() | set():
            return {"is": public(value), "parts": [encode(item) for item in value]}
    return {"is": public(value)}


def public(value: Any) -> str:
    """The name of the nearest class that is Python's, torch's or transformers' own."""
    for kind in type(value).__mro__:
        if kind.__module__.split(".")[0] in ("builtins", "torch", "transformers", "collections"):
            return kind.__name__
    return type(value).__name__


def failure(error: BaseException) -> dict[str, Any]:
    """An exception's class with its module, the names of its bases, and its sentence."""
    kind = type(error)
    bases = [base.__name__ for base in kind.__mro__]
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "bases": bases, "message": str(error)}


def _tensor(tensor: torch.Tensor) -> dict[str, Any]:
    flat = tensor.detach().contiguous().flatten()
    data = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    return {
        "is": "Tensor",
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "shape": list(tensor.shape),
        "grad": tensor.requires_grad,
        "data": base64.b64encode(data).decode(),
    }


def _counts(cache: Cache) -> bool:
    try:
        cache.get_seq_length()
    except ValueError:  # a cache without keys has no length
        return False
    return True
