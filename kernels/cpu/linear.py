"""Projections through native code. Legend: C input features, O output features, N rows, `...` any leading dimensions."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.cpu.projection import Projection
from aweigh.kernels.cpu.transposed import TransposedProjection
from aweigh.kernels.reference.linear import merged_linear as merged_linear_of_any_layout
from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of


@cache
def projection(element: Element, pairs: bool) -> Native:
    """Returns the compiled projection; compiles at the first call of the process."""
    return compiled(lambda: Projection(element, pairs=pairs).build)


@cache
def transposed_projection(element: Element) -> Native:
    """Returns the compiled projection for transposed weights; compiles at the first call of the process."""
    return compiled(lambda: TransposedProjection(element).build)


def prepare(dtype: torch.dtype) -> None:
    """Compiles the projections of a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        projection(ELEMENTS[dtype], multiplies_pairs())


def linear(x: Tensor, weight_OC: Weight, bias_O: Weight | None = None) -> Tensor:
    """See `Kernels.linear`."""
    return merged_linear(x, (weight_OC,), (bias_O,))[0]


def merged_linear(
    x: Tensor, weights: Sequence[Weight], biases: Sequence[Weight | None] | None = None
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`. A dtype or layout without a kernel takes the reference's way, at every row count."""
    if biases is None:
        biases = (None,) * len(weights)
    pairs = [(tensor_of(w), optional_tensor_of(b)) for w, b in zip(weights, biases, strict=True)]
    natives = [_native_for(x, weight_OC, bias_O) for weight_OC, bias_O in pairs]
    native = natives[0]
    if any(other is not native for other in natives):
        return tuple([linear(x, weight, bias) for weight, bias in zip(weights, biases, strict=True)])
    if native is None:
        return merged_linear_of_any_layout(x, weights, biases)
    x_NC = x if x.dim() == 2 else x.reshape(-1, x.shape[-1])
    if x_NC.stride(1) != 1:
        x_NC = x_NC.contiguous()
    outs = [x.new_empty(x_NC.shape[0], weight_OC.shape[0]) for weight_OC, _ in pairs]
    operands = [(weight_OC, bias_O, out_NO) for (weight_OC, bias_O), out_NO in zip(pairs, outs, strict=True)]
    run(native, x_NC, operands)
    return tuple(outs if x.dim() == 2 else [out.view(*x.shape[:-1], -1) for out in outs])


def _native_for(x: Tensor, weight_OC: Tensor, bias_O: Tensor | None) -> Native | None:
    element = ELEMENTS.get(x.dtype)
    if element is None or weight_OC.dtype is not x.dtype or x.device.type != "cpu":
        return None
    if bias_O is not None and not (bias_O.dtype is x.dtype and bias_O.is_contiguous()):
        return None
    if weight_OC.stride(1) == 1:
        return projection(element, multiplies_pairs())
    return transposed_projection(element) if weight_OC.stride(0) == 1 else None


def run(native: Native, x_NC: Tensor, operands: Sequence[tuple[Tensor, Tensor | None, Tensor]]) -> None:
    """Computes (weight_OC, bias_O, out_NO) by (weight, bias, out), on as many threads as torch would take."""
    rows, columns = x_NC.shape
    table = [torch.get_num_threads(), rows, columns, x_NC.data_ptr(), x_NC.stride(0), len(operands)]
    for weight_OC, bias_O, out_NO in operands:
        strides = weight_OC.stride()
        bias = 0 if bias_O is None else bias_O.data_ptr()
        stride = strides[0] if strides[1] == 1 else strides[1]
        table += (weight_OC.data_ptr(), stride, bias, out_NO.data_ptr(), out_NO.shape[1])
    native.run(table)
