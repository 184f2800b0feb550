"""Projections through native code. Legend: C input features, O output features, N rows, `...` any leading dimensions."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu import low_bit_linear
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.cpu.projection import Projection
from aweigh.kernels.cpu.transposed import TransposedProjection
from aweigh.kernels.reference.linear import merged_linear as merged_linear_of_any_layout
from aweigh.kernels.weight import LowBit, Matrix, Weight, addresses_of, optional_tensor_of, tensor_of


@cache
def projection(element: Element, pairs: bool) -> Native:
    """Returns the compiled projection; compiles at the first call of the process."""
    return compiled(lambda: Projection(element, pairs=pairs).build, f"projection {element} {pairs}")


@cache
def transposed_projection(element: Element) -> Native:
    """Returns the compiled projection for transposed weights; compiles at the first call of the process."""
    return compiled(lambda: TransposedProjection(element).build, f"transposed projection {element}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles the projections of a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        projection(ELEMENTS[dtype], multiplies_pairs())
        transposed_projection(ELEMENTS[dtype])


def linear(x: Tensor, weight_OC: Matrix, bias_O: Weight | None = None) -> Tensor:
    """See `Kernels.linear`."""
    return merged_linear(x, (weight_OC,), (bias_O,))[0]


def merged_linear(
    x: Tensor, weights: Sequence[Matrix], biases: Sequence[Weight | None] | None = None
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`. A dtype or layout without a kernel takes the reference's way, at every row count."""
    if biases is None:
        biases = (None,) * len(weights)
    plain = [weight for weight in weights if not isinstance(weight, LowBit)]
    if len(plain) < len(weights):
        return _of_few_bits(x, weights, biases)
    pairs = list(zip(plain, biases, strict=True))
    natives = [projection_for(x, tensor_of(weight), optional_tensor_of(bias)) for weight, bias in pairs]
    native = natives[0]
    if any(other is not native for other in natives):
        return tuple([linear(x, weight, bias) for weight, bias in pairs])
    if native is None:
        return merged_linear_of_any_layout(x, weights, biases)
    x_NC = x if x.dim() == 2 else x.reshape(x.shape[:-1].numel(), x.shape[-1])
    if x_NC.stride(1) != 1:
        x_NC = x_NC.contiguous()
    outs = [x.new_empty(x_NC.shape[0], tensor_of(weight).shape[0]) for weight in weights]
    run(native, x_NC, [(weight, bias, out) for (weight, bias), out in zip(pairs, outs, strict=True)])
    return tuple(outs if x.dim() == 2 else [out.view(*x.shape[:-1], out.shape[1]) for out in outs])


def _of_few_bits(x: Tensor, weights: Sequence[Matrix], biases: Sequence[Weight | None]) -> tuple[Tensor, ...]:
    """In one task where all are of one variant, else one by one."""
    low = [weight for weight in weights if isinstance(weight, LowBit)]
    variants = {low_bit_linear.variant_of(x, *pair) for pair in zip(low, map(optional_tensor_of, biases), strict=False)}
    if len(low) == len(weights) and len(variants) == 1 and (variant := variants.pop()) is not None:
        return low_bit_linear.merged_linear(x, low, biases, variant)
    if len(weights) == 1:
        return merged_linear_of_any_layout(x, weights, biases)
    return tuple([linear(x, weight, bias) for weight, bias in zip(weights, biases, strict=True)])


def projection_for(x: Tensor, weight_OC: Tensor, bias_O: Tensor | None) -> Native | None:
    """Returns the code for operands that it may be given; None for others."""
    element = ELEMENTS.get(x.dtype)
    fits = weight_OC.dtype is x.dtype and x.is_cpu and weight_OC.is_cpu and weight_OC.shape[1:] == x.shape[-1:]
    if bias_O is not None:
        fits &= bias_O.dtype is x.dtype and bias_O.is_cpu and bias_O.shape == weight_OC.shape[:1]
        fits &= bias_O.is_contiguous()
    if element is None or not fits:
        return None  # the reference's way computes it, or says what is wrong
    if weight_OC.stride(1) == 1:
        return projection(element, multiplies_pairs())
    return transposed_projection(element) if weight_OC.stride(0) == 1 else None


def run(native: Native, x_NC: Tensor, operands: Sequence[tuple[Weight, Weight | None, Tensor]]) -> None:
    """Computes (weight_OC, bias_O, out_NO) by (weight, bias, out), on as many threads as torch would take."""
    native.run(projection_table(torch.get_num_threads(), x_NC, operands))


def projection_table(threads: int, x_NC: Tensor, operands: Sequence[tuple[Weight, Weight | None, Tensor]]) -> list[int]:
    """What the task is given to compute (weight_OC, bias_O, out_NO) by (weight, bias, out)."""
    rows, columns = x_NC.shape
    table = [threads, rows, columns, x_NC.data_ptr(), x_NC.stride(0), len(operands)]
    for weight_OC, bias_O, out_NO in operands:
        strides = tensor_of(weight_OC).stride()
        stride = strides[0] if strides[1] == 1 else strides[1]
        weight, weight_entry = addresses_of(weight_OC)
        bias, bias_entry = addresses_of(bias_O)
        table += (weight, stride, bias, out_NO.data_ptr(), out_NO.shape[1], weight_entry, bias_entry, 0)
    return table
