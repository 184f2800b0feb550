"""A causal convolution over each sequence's own tokens, whose last inputs are its state.

Legend: T tokens in batch, n tokens of one sequence, C inputs, O outputs, W width, S inputs per group.

Depthwise: W products and sums in one order, for every row alike. Otherwise each group is a projection of its inputs under the window,
by `linear`, which does not care how many rows there are. Rejected: torch's conv1d (its algorithm, and so its bits, follow the length).
"""

import torch
from torch import Tensor

from aweigh.kernels.ragged import Ragged
from aweigh.kernels.recurrent import RecurrentLayer
from aweigh.kernels.reference.linear import linear
from aweigh.kernels.weight import Weight, optional_tensor_of, tensor_of


def causal_conv(
    x_CT: Tensor, weight_OSW: Weight, bias_O: Weight | None, layer: RecurrentLayer, ragged: Ragged, *, groups: int
) -> Tensor:
    """See `Kernels.causal_conv`."""
    weight, bias = tensor_of(weight_OSW), optional_tensor_of(bias_O)
    outs = []
    for sequence, (read, write) in enumerate(ragged.states):
        start, stop = ragged.query_starts[sequence], ragged.query_starts[sequence + 1]
        joined_CL = torch.cat((layer.before(read), x_CT[:, start:stop]), 1)
        layer.state_N[write].copy_(joined_CL[:, stop - start :])
        depthwise = groups == joined_CL.shape[0] == weight.shape[0]
        outs.append(_depthwise(joined_CL, weight, bias) if depthwise else _grouped(joined_CL, weight, bias, groups))
    return torch.cat(outs, 1)


def _depthwise(joined_CL: Tensor, weight_C1W: Tensor, bias_C: Tensor | None) -> Tensor:
    inner, width = joined_CL.float() if joined_CL.dtype.itemsize < 4 else joined_CL, weight_C1W.shape[2]
    count = inner.shape[1] - width + 1
    taps = weight_C1W[:, 0].to(inner.dtype)
    sum_Cn = inner[:, :count] * taps[:, :1]
    for tap in range(1, width):
        sum_Cn = sum_Cn + inner[:, tap : tap + count] * taps[:, tap : tap + 1]
    if bias_C is not None:
        sum_Cn = sum_Cn + bias_C.to(inner.dtype)[:, None]
    return sum_Cn.to(joined_CL.dtype)


def _grouped(joined_CL: Tensor, weight_OSW: Tensor, bias_O: Tensor | None, groups: int) -> Tensor:
    width = weight_OSW.shape[2]
    windows_nCW = joined_CL.unfold(1, width, 1).transpose(0, 1)
    parts = []
    for x_nSW, weight in zip(windows_nCW.chunk(groups, 1), weight_OSW.chunk(groups, 0), strict=True):
        parts.append(linear(x_nSW.flatten(1).contiguous(), weight.flatten(1).contiguous()))
    sum_nO = torch.cat(parts, 1)
    return (sum_nO if bias_O is None else sum_nO + bias_O).t()
