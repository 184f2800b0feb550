"""Linear recurrences whose weights are logarithms of any size: RWKV's weighted average, the memory of mLSTM.

Legend: T tokens in batch, G groups of heads, H heads, R heads per group (H = G * R), D rows of the state, E columns of it.

    n = max(m + decay, gain)
    S = exp(m + decay - n) * S + exp(gain - n) * k v^T
    m = n
    out = S^T q, peak = m

What is kept is exp(-m) times the sum that is meant, and m beside it: no weight is ever above 1, and the largest one since the start is
near it, so nothing overflows and a quotient of two columns keeps its digits (the running maximum of online softmax, arXiv:1805.02867).
The sum itself, as `scan` keeps it, is lost as soon as a gain passes 88.

As in `scan`, one token after the other, in one order: bits depend on nothing but the sequence.
"""

import torch
from torch import Tensor

from aweigh.kernels.ragged import Ragged
from aweigh.kernels.recurrent import RecurrentLayer


def log_scan(
    query_TGD: Tensor,
    key_TGD: Tensor,
    value_THE: Tensor,
    decay_TH: Tensor,
    gain_TH: Tensor,
    layer: RecurrentLayer,
    ragged: Ragged,
    *,
    start: float | None = None,
    exclusive: bool = False,
) -> tuple[Tensor, Tensor]:
    """See `Kernels.log_scan`."""
    groups, rows = query_TGD.shape[1:]
    heads, columns = value_THE.shape[1:]
    grouped = (groups, heads // groups)
    query_TG1D1, key_TG1D1 = (x.float()[:, :, None, :, None] for x in (query_TGD, key_TGD))
    value_TGR1E = value_THE.float().reshape(-1, *grouped, 1, columns)
    decay_TGR, gain_TGR = (x.float().reshape(-1, *grouped) for x in (decay_TH, gain_TH))
    out_THE = value_THE.new_empty(value_THE.shape)
    peak_TGR = torch.empty_like(gain_TGR)
    for sequence, (read, write) in enumerate(ragged.states):
        kept = layer.before(read).view(*grouped, rows, columns + 1)
        state, peak_GR = kept[..., :columns], kept[:, :, 0, columns]
        if read < 0:
            peak_GR = torch.full_like(peak_GR, float("-inf") if start is None else start)
        for token in range(ragged.query_starts[sequence], ragged.query_starts[sequence + 1]):
            if exclusive:
                out_THE[token] = (state * query_TG1D1[token]).sum(2).view(heads, columns)
                peak_TGR[token] = peak_GR
            faded_GR = peak_GR + decay_TGR[token]
            peak_GR = torch.maximum(faded_GR, gain_TGR[token])
            fading, weight = ((log_GR - peak_GR).exp()[..., None, None] for log_GR in (faded_GR, gain_TGR[token]))
            state = fading * state + weight * (key_TG1D1[token] * value_TGR1E[token])
            if not exclusive:
                out_THE[token] = (state * query_TG1D1[token]).sum(2).view(heads, columns)
                peak_TGR[token] = peak_GR
        written = layer.state_N[write].view(*grouped, rows, columns + 1)
        written[..., :columns] = state
        written[..., columns] = peak_GR[..., None]
    return out_THE, peak_TGR.reshape(-1, heads)
