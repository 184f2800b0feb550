"""Projections over low-bit weights through native code. Legend: C input features, O output features, N rows, `...` any leading dimensions."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.low_bit_projection import LowBitProjection, Variant
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.weight import LowBit, Weight, addresses_of, optional_tensor_of, tensor_of


@cache
def projection(variant: Variant) -> Native:
    """Returns the compiled projection; compiles at the first call of the process."""
    return compiled(lambda: LowBitProjection(variant).build)


def variant_of(x: Tensor, weight_OC: LowBit, bias_O: Tensor | None) -> Variant | None:
    """What code a product needs; None where there is none for it."""
    scales, packed = tensor_of(weight_OC.scales), tensor_of(weight_OC.packed)
    zeros = optional_tensor_of(weight_OC.zeros)
    fits = weight_OC.dtype is x.dtype and x.shape[-1] == weight_OC.columns
    fits &= x.dtype in ELEMENTS and scales.dtype in ELEMENTS
    parts = [part for part in (packed, scales, zeros, bias_O) if part is not None]
    fits &= all(part.is_cpu and part.is_contiguous() for part in (*parts, *([] if x.is_cpu else [x])))
    fits &= zeros is None or zeros.dtype is scales.dtype
    fits &= bias_O is None or (bias_O.dtype is x.dtype and bias_O.shape == (weight_OC.outputs,))
    if not fits:
        return None  # the reference's way computes it, or says what is wrong
    pairs = x.dtype is torch.bfloat16 and multiplies_pairs()
    return Variant(weight_OC.kind, ELEMENTS[x.dtype], ELEMENTS[scales.dtype], zeros is not None, pairs)


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
    table = [torch.get_num_threads(), *x_NC.shape, x_NC.data_ptr(), x_NC.stride(0), len(weights)]
    for weight, bias, out in zip(weights, biases, outs, strict=True):
        packed, packed_entry = addresses_of(weight.packed)
        scales, scales_entry = addresses_of(weight.scales)
        zeros, zeros_entry = addresses_of(weight.zeros)
        given, bias_entry = addresses_of(bias)
        group = weight.columns // max(tensor_of(weight.scales).shape[1], 1)
        table += (packed, group, given, out.data_ptr(), weight.outputs, packed_entry, bias_entry, 0)
        table += (scales, scales_entry, zeros, zeros_entry)
    if x_NC.numel():
        projection(variant).run(table)
    else:
        for out, bias in zip(outs, biases, strict=True):
            out.zero_() if bias is None else out.copy_(tensor_of(bias).expand_as(out))
    return tuple(outs if x.dim() == 2 else [out.view(*x.shape[:-1], out.shape[1]) for out in outs])
