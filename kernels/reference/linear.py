"""Projections. Legend: C input features, O output features, `...` any leading dimensions."""

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional

from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of


def linear(x: Tensor, weight_OC: Weight, bias_O: Weight | None = None) -> Tensor:
    """See `Kernels.linear`."""
    return functional.linear(x, tensor_of(weight_OC), optional_tensor_of(bias_O))


def merged_linear(
    x: Tensor, weights: Sequence[Weight], biases: Sequence[Weight | None] | None = None
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`."""
    if biases is None:
        return tuple([functional.linear(x, tensor_of(weight)) for weight in weights])
    return tuple([linear(x, weight, bias) for weight, bias in zip(weights, biases, strict=True)])
