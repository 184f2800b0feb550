"""Activations by transformers' names (ACT2FN of transformers 5.23), in its formulas, so that every dtype rounds alike.

Torch's loops take two vectors at a time and what remains at the end, or at the end of a thread's part, in scalar code, whose
exp, tanh and erf differ in the last bit. Tensors that would leave a remainder are padded, so that a row's bits do not depend on
how many rows there are.

Left out: "prelu" and "xielu" have weights of their own, so they are no functions of a name.
"""

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

_ROOT = math.sqrt(2.0 / math.pi)


def _gelu_new(x: Tensor) -> Tensor:
    return 0.5 * x * (1.0 + torch.tanh(_ROOT * (x + 0.044715 * torch.pow(x, 3.0))))


def _gelu_fast(x: Tensor) -> Tensor:
    return 0.5 * x * (1.0 + torch.tanh(x * 0.7978845608 * (1.0 + 0.044715 * x * x)))


def _gelu_python(x: Tensor) -> Tensor:
    return x * 0.5 * (1.0 + torch.erf(x / math.sqrt(2.0)))


def _gelu_python_tanh(x: Tensor) -> Tensor:
    return x * 0.5 * (1.0 + torch.tanh(_ROOT * (x + 0.044715 * torch.pow(x, 3.0))))


def _gelu_accurate(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.tanh(_ROOT * (x + 0.044715 * torch.pow(x, 3))))


def _laplace(x: Tensor) -> Tensor:
    return 0.5 * (1.0 + torch.erf((x - 0.707107).div(0.282095 * math.sqrt(2.0))))


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu,
    "gelu_10": lambda x: torch.clip(functional.gelu(x), -10, 10),
    "gelu_accurate": _gelu_accurate,
    "gelu_fast": _gelu_fast,
    "gelu_new": _gelu_new,
    "gelu_python": _gelu_python,
    "gelu_python_tanh": _gelu_python_tanh,
    "gelu_pytorch_tanh": partial(functional.gelu, approximate="tanh"),
    "hardswish": functional.hardswish,
    "laplace": _laplace,
    "leaky_relu": functional.leaky_relu,
    "linear": lambda x: x.clone(),
    "mish": functional.mish,
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "relu": functional.relu,
    "relu2": lambda x: torch.square(functional.relu(x)),
    "relu6": functional.relu6,
    "sigmoid": torch.sigmoid,
    "silu": functional.silu,
    "sqrtsoftplus": lambda x: functional.softplus(x).sqrt(),
    "swish": functional.silu,
    "tanh": torch.tanh,
}


_TWO_VECTORS = 64
_GRAIN = 32768


def _padded(x: Tensor) -> Tensor | None:
    """Returns x flat and padded to whole vectors in every thread's part, or None if it is already whole."""
    size = x.numel()
    threads = min(torch.get_num_threads(), -(-size // _GRAIN)) if size > _GRAIN else 1
    missing = -size % (_TWO_VECTORS * threads)
    return functional.pad(x.flatten(), (0, missing)) if missing else None


def activation(x: Tensor, name: str) -> Tensor:
    """See `Kernels.activation`."""
    function = ACTIVATIONS.get(name)
    if function is None:
        raise ValueError(f"There is no activation {name!r}: known are {', '.join(ACTIVATIONS)}.")
    if x.device.type != "cpu":
        return function(x)
    x = x.contiguous()
    whole = _padded(x)
    return function(x) if whole is None else function(whole)[: x.numel()].view(x.shape)
