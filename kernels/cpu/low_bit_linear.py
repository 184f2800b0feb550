"""Projections over low-bit weights through native code. Legend: C input features, O output features, N rows, `...` any leading dimensions."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.low_bit_projection import LowBitProjection, Variant
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.weight import LowBit, Weight, addresses_of


@cache
def projection(variant: Variant) -> Native:
    """Returns the compiled projection; compiles at the first call of the process."""
    return compiled(lambda: LowBitProjection(variant).build, f"low-bit projection {variant}")


@cache
def _variant(
    kind: str,
    dtype: torch.dtype,
    scale: torch.dtype,
    has_zeros: bool,
    pairs: bool,
) -> Variant:
    return Variant(kind, ELEMENTS[dtype], ELEMENTS[scale], has_zeros, pairs)


def variant_of(x: Tensor, weight_OC: LowBit, bias_O: Tensor | None) -> Variant | None:
    """What code a product needs; None where there is none for it: the reference's way computes it, or says what is wrong."""
    dtype = x.dtype
    if not (weight_OC.flat and weight_OC.dtype is dtype and x.is_cpu and x.shape[-1] == weight_OC.columns):
        return None
    if dtype not in ELEMENTS or weight_OC.scale_dtype not in ELEMENTS:
        return None
    if bias_O is not None and (
        bias_O.dtype is not dtype
        or bias_O.shape != (weight_OC.outputs,)
        or not (bias_O.is_cpu and bias_O.is_contiguous())
    ):
        return None
    pairs = dtype is torch.bfloat16 and multiplies_pairs()
    return _variant(weight_OC.kind, dtype, weight_OC.scale_dtype, weight_OC.zeros is not None, pairs)


def projection_for(x: Tensor, weight_OC: LowBit, bias_O: Tensor | None) -> Native | None:
    """Returns the code for operands that it may be given as they lie; None for others."""
    variant = variant_of(x, weight_OC, bias_O)
    return projection(variant) if variant is not None and (variant.pairs or x.dtype is torch.float32) else None


def projection_table(threads: int, x_NC: Tensor, operands: Sequence[tuple[LowBit, Weight | None, Tensor]]) -> list[int]:
    """What the task is given to compute (weight_OC, bias_O, out_NO) by (weight, bias, out)."""
    table = [threads, *x_NC.shape, x_NC.data_ptr(), x_NC.stride(0), len(operands)]
    for weight, bias, out in operands:
        packed, packed_entry, *parameters = weight.addresses
        given, bias_entry = addresses_of(bias)
        table += (packed, weight.group, given, out.data_ptr(), weight.outputs, packed_entry, bias_entry, 0, *parameters)
    return table


def prepare(dtype: torch.dtype, kind: str, scale: torch.dtype, *, has_zeros: bool) -> None:
    """Compiles what products with such weights need, where there is a kernel for it."""
    if dtype in ELEMENTS and scale in ELEMENTS:
        pairs = dtype is torch.bfloat16 and multiplies_pairs()
        projection(_variant(kind, dtype, scale, has_zeros, pairs))


def merged_linear(
    x: Tensor, weights: Sequence[LowBit], biases: Sequence[Weight | None], variant: Variant
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`; all products are of one variant."""
    x_NC = x if x.dim() == 2 else x.reshape(x.shape[:-1].numel(), x.shape[-1])
    if not variant.pairs:
        x_NC = x_NC.float()
    if x_NC.stride(1) != 1:
        x_NC = x_NC.contiguous()
    outs = [x.new_empty(x_NC.shape[0], weight.outputs) for weight in weights]
    operands = list(zip(weights, biases, outs, strict=True))
    projection(variant).run(projection_table(torch.get_num_threads(), x_NC, operands))
    return tuple(outs if x.dim() == 2 else [out.view(*x.shape[:-1], out.shape[1]) for out in outs])
