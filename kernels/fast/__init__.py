"""The fast master: the reference, except that one bfloat16 row alone goes through torch's own matrix-vector product.

oneDNN, which torch calls for bfloat16, makes a matrix product of one row; torch's native path is a real matrix-vector product. Its
reduction order is another one, so a row that is alone and the same row in company may differ in the last bit: what this master
gives up is the promise of `base.py` about batch mates, nothing else. Hence it is a choice of the operator, and not the default.
For two rows and more oneDNN stays, since the native path takes as long per row as for one.
"""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.base import Kernels
from aweigh.kernels.reference import ReferenceKernels
from aweigh.kernels.reference.linear import merged_linear as merged_linear_of_any_rows
from aweigh.kernels.reference.mlp import gated_mlp
from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of


def linear(x: Tensor, weight_OC: Weight, bias_O: Weight | None = None) -> Tensor:
    """See `Kernels.linear`."""
    return merged_linear(x, (weight_OC,), (bias_O,))[0]


def merged_linear(
    x: Tensor, weights: Sequence[Weight], biases: Sequence[Weight | None] | None = None
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`. The switch is the process's; one thread computes in a worker."""
    if x.numel() != x.shape[-1] or x.dtype is not torch.bfloat16 or x.device.type != "cpu":
        return merged_linear_of_any_rows(x, weights, biases)
    if biases is None:
        biases = (None,) * len(weights)
    torch._C._set_mkldnn_enabled(False)
    try:
        return tuple(
            [functional.linear(x, tensor_of(w), optional_tensor_of(b)) for w, b in zip(weights, biases, strict=True)]
        )
    finally:
        torch._C._set_mkldnn_enabled(True)


class FastKernels(ReferenceKernels):
    """`aweigh.kernels.base.Kernels`, without row invariance in bfloat16."""

    name = "fast"
    linear = staticmethod(linear)
    merged_linear = staticmethod(merged_linear)
    gated_mlp = staticmethod(partial(gated_mlp, project=linear))


def make() -> Kernels:
    """Returns the master."""
    return FastKernels()
