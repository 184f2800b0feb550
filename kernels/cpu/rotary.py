"""Rotary position embedding through native code; interleaved pairs are the reference's.

Legend: T tokens, H heads, D head size, R rotated features, P rotated pairs.
"""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.rotation import Rotation
from aweigh.kernels.reference.rotary import rotary as rotary_by_torch
from aweigh.kernels.reference.rotary import rotary_pairs as rotary_pairs_by_torch

_ALONE = 1 << 15
"""Elements below which one thread is faster than waking others."""


@cache
def rotation(element: Element, angle: Element) -> Native:
    """Returns the compiled rotation; compiles at the first call of the process."""
    return compiled(lambda: Rotation(element, angle).build, f"rotation {element} {angle}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles rotations by angles of the same dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        rotation(ELEMENTS[dtype], ELEMENTS[dtype])


def rotary(x_THD: Tensor, cos_TR: Tensor, sin_TR: Tensor, *, interleaved: bool = False) -> Tensor:
    """See `Kernels.rotary`."""
    native = None if interleaved else rotation_for(x_THD, cos_TR, sin_TR, cos_TR.shape[-1])
    if native is None:
        return rotary_by_torch(x_THD, cos_TR, sin_TR, interleaved=interleaved)
    return _run(native, x_THD, cos_TR, sin_TR, cos_TR.shape[-1] // 2)


def rotary_pairs(x_THD: Tensor, cos_TP: Tensor, sin_TP: Tensor, *, interleaved: bool = False) -> Tensor:
    """See `Kernels.rotary_pairs`."""
    native = None if interleaved else rotation_for(x_THD, cos_TP, sin_TP, 2 * cos_TP.shape[-1])
    if native is None:
        return rotary_pairs_by_torch(x_THD, cos_TP, sin_TP, interleaved=interleaved)
    return _run(native, x_THD, cos_TP, sin_TP, 0)


def rotation_for(x_THD: Tensor, cos: Tensor, sin: Tensor, rotated: int) -> Native | None:
    """Returns the code for operands that it may be given, `rotated` features of a head; None for others."""
    operands = (x_THD, cos, sin)
    fits = (
        all(one.is_cpu and one.dtype in ELEMENTS and one.stride(-1) == 1 for one in operands)
        and x_THD.dim() == 3
        and cos.dtype is sin.dtype
        and (cos.dtype is x_THD.dtype or torch.float32 in (cos.dtype, x_THD.dtype))
        and cos.shape == sin.shape
        and cos.stride() == sin.stride()
        and cos.shape[:-1] == x_THD.shape[:1]
        and rotated % 2 == 0
        and rotated <= x_THD.shape[2]
    )
    return rotation(ELEMENTS[x_THD.dtype], ELEMENTS[cos.dtype]) if fits else None


def rotation_table(
    threads: int, x_THD: Tensor, cos: Tensor, sin: Tensor, second: int, out_THD: Tensor
) -> tuple[int, ...]:
    """What the task is given. `second`: where in a row the angles of the second halves begin, 0 where there is one per pair."""
    half = second or cos.shape[-1]
    angles = (cos.data_ptr(), sin.data_ptr(), cos.stride(0), second)
    return (threads, *x_THD.shape, half, x_THD.data_ptr(), *x_THD.stride()[:2], *angles, out_THD.data_ptr(), 0)


def _run(native: Native, x_THD: Tensor, cos: Tensor, sin: Tensor, second: int) -> Tensor:
    out_THD = x_THD.new_empty(x_THD.shape)
    threads = 1 if x_THD.numel() < _ALONE else torch.get_num_threads()
    native.run(rotation_table(threads, x_THD, cos, sin, second, out_THD))
    return out_THD
