"""Activations through native code, alone and as gates; those without a kernel are the reference's. Legend: N rows, C columns."""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.gating import FUNCTIONS, Gating
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.reference.activation import activation as activation_by_torch
from aweigh.kernels.reference.mlp import gated as gated_by_torch

_ALONE = 1 << 14
"""Elements below which one thread is faster than waking others."""
_SAME = {
    "swish": "silu",
    "gelu_python": "gelu",
    "gelu_new": "gelu_pytorch_tanh",
    "gelu_fast": "gelu_pytorch_tanh",
    "gelu_accurate": "gelu_pytorch_tanh",
    "gelu_python_tanh": "gelu_pytorch_tanh",
}
"""Other names of one function. Some of transformers' formulas round after each operation: less often is nearer to the function."""
_PLACES = {name: place for place, name in enumerate(FUNCTIONS)}


@cache
def gating(element: Element) -> Native:
    """Returns the compiled activations; compiles at the first call of the process."""
    return compiled(lambda: Gating(element).build, f"gating {element}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles activations of a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        gating(ELEMENTS[dtype])


def activation(x: Tensor, name: str) -> Tensor:
    """See `Kernels.activation`."""
    if gating_for(x, name) is None:
        return activation_by_torch(x, name)
    x = x.contiguous()
    return _run(x, None, torch.empty_like(x), name)


def gated(gate: Tensor, up: Tensor, name: str) -> Tensor:
    """activation(gate) * up, perhaps in the place of `gate`."""
    if gating_for(gate, name) is None or gate.shape != up.shape:
        return gated_by_torch(gate, up, name)
    return _run(gate, up, gate, name)


def gating_for(x: Tensor, name: str) -> Native | None:
    """Returns the code for an activation of a tensor; None where there is none."""
    element = ELEMENTS.get(x.dtype)
    return gating(element) if element is not None and x.is_cpu and _SAME.get(name, name) in _PLACES else None


def gating_table(
    threads: int, x: Tensor, second: Tensor | None, out: Tensor, name: str, *, adds: bool = False
) -> tuple[int, ...]:
    """What the task is given: tensors of one dtype and shape, contiguous, or [N, C] of which only the output has to be."""
    other = x if second is None else second
    rows, columns, stride, other_stride = 1, x.numel(), 0, 0
    if not (x.is_contiguous() and other.is_contiguous()):
        (rows, columns), stride, other_stride = x.shape, x.stride(0), other.stride(0)
    place = _PLACES[_SAME.get(name, name)]
    address = 0 if second is None else second.data_ptr()
    return (threads, rows, columns, x.data_ptr(), stride, address, other_stride, out.data_ptr(), place, adds, 0)


def _run(x: Tensor, second: Tensor | None, out: Tensor, name: str) -> Tensor:
    threads = 1 if x.numel() < _ALONE else torch.get_num_threads()
    gating(ELEMENTS[x.dtype]).run(gating_table(threads, x, second, out, name))
    return out
