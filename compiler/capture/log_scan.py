"""Recurrences with a running maximum, around `log_scan`, and its definition on real tensors.

Legend: T tokens, G groups of heads, H heads, D rows of the state, E columns of it, C channels.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.compiler.capture.counter import next_layer
from aweigh.compiler.capture.scan import is_defined

_LENGTHS = (6, 70)
"""Tokens of samples: few, and more than a chunk of modelling code holds."""


def log_scan(
    query_1TGD: Tensor,
    key_1TGD: Tensor,
    value_1THE: Tensor,
    decay_1TH: Tensor,
    gain_1TH: Tensor,
    *,
    start: float | None = None,
    exclusive: bool = False,
) -> tuple[Tensor, Tensor]:
    """See `log_scan` of `aweigh.proto.ops`: out [1, T, H, E] and peak [1, T, H]."""
    operands = (query_1TGD, key_1TGD, value_1THE, decay_1TH, gain_1TH)
    if is_defined():
        return definition(*operands, start=start, exclusive=exclusive)
    both: tuple[Tensor, Tensor] = torch.ops.aweigh.log_scan(
        *operands, layer=next_layer(), start=start, exclusive=exclusive
    )
    return both


def definition(
    query_1TGD: Tensor,
    key_1TGD: Tensor,
    value_1THE: Tensor,
    decay_1TH: Tensor,
    gain_1TH: Tensor,
    *,
    start: float | None = None,
    exclusive: bool = False,
) -> tuple[Tensor, Tensor]:
    """The recurrence, token by token, of one sequence from its start."""
    heads = value_1THE.shape[2]
    query_THD, key_THD = (x[0].repeat_interleave(heads // x.shape[2], 1) for x in (query_1TGD, key_1TGD))
    state_HDE = value_1THE.new_zeros((heads, query_THD.shape[2], value_1THE.shape[3]))
    peak_H = torch.full_like(gain_1TH[0, 0], float("-inf") if start is None else start)
    outs, peaks = [], []
    for token in range(value_1THE.shape[1]):
        before = torch.einsum("hde,hd->he", state_HDE, query_THD[token]), peak_H
        faded_H = peak_H + decay_1TH[0, token]
        peak_H = torch.maximum(faded_H, gain_1TH[0, token])
        added_HDE = key_THD[token][..., None] * value_1THE[0, token][:, None]
        fading_H, weight_H = torch.exp(faded_H - peak_H), torch.exp(gain_1TH[0, token] - peak_H)
        state_HDE = fading_H[:, None, None] * state_HDE + weight_H[:, None, None] * added_HDE
        after = torch.einsum("hde,hd->he", state_HDE, query_THD[token]), peak_H
        out_HE, told_H = before if exclusive else after
        outs.append(out_HE)
        peaks.append(told_H)
    return torch.stack(outs)[None], torch.stack(peaks)[None]


def weighted_average(
    time_decay: Tensor,
    time_first: Tensor,
    key: Tensor,
    value: Tensor,
    state: Any = None,
    return_state: bool = False,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """RWKV's attention (arXiv:2305.13048), key and value [1, T, C]: values weighted by exp(key), older ones less, the token's own apart."""
    key_1TC, value_1TC = key.float(), value.float()
    one_1T11 = torch.ones_like(key_1TC[..., :1]).unsqueeze(3)
    pair_1TC2 = torch.stack((value_1TC, torch.ones_like(value_1TC)), 3)
    decay_1TC = torch.zeros_like(key_1TC) - time_decay.float().exp()
    sums_1TC2, peak_1TC = log_scan(one_1T11, one_1T11, pair_1TC2, decay_1TC, key_1TC, exclusive=True)
    own_1TC = key_1TC + time_first
    top_1TC = torch.maximum(peak_1TC, own_1TC)
    before_1TC, here_1TC = torch.exp(peak_1TC - top_1TC), torch.exp(own_1TC - top_1TC)
    above_1TC = before_1TC * sums_1TC2[..., 0] + here_1TC * value_1TC
    below_1TC = before_1TC * sums_1TC2[..., 1] + here_1TC
    return (above_1TC / below_1TC).to(key.dtype), None


def weighted_average_samples() -> list[Mapping[str, Any]]:
    """Keys of common size, and some whose exponentials no float32 holds."""
    numbers = torch.Generator().manual_seed(0)

    def sample(size: float) -> Mapping[str, Any]:
        return {
            "time_decay": torch.randn(8, generator=numbers),
            "time_first": torch.randn(8, generator=numbers),
            "key": torch.randn(1, _LENGTHS[0], 8, generator=numbers) * size,
            "value": torch.randn(1, _LENGTHS[0], 8, generator=numbers),
            "state": None,
            "return_state": False,
        }

    return [sample(1.0), sample(200.0)]


def matrix_memory(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    igate: Tensor,
    fgate: Tensor,
    c_initial: Tensor | None = None,
    n_initial: Tensor | None = None,
    m_initial: Tensor | None = None,
    return_last_states: bool = False,
    eps: float = 1e-6,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """The memory of mLSTM (arXiv:2405.04517): query and key [1, H, T, D], value [1, H, T, E], gates [1, H, T] before their activation."""
    query_1THD, key_1THD, value_1THE = (x.transpose(1, 2).float() for x in (query, key, value))
    query_1THD = query_1THD * query.shape[-1] ** -0.5
    one_1TH1 = torch.ones_like(value_1THE[..., :1])
    decay_1TH, gain_1TH = functional.logsigmoid(fgate.float()).transpose(1, 2), igate.float().transpose(1, 2)
    sums, peak_1TH = log_scan(
        query_1THD, key_1THD, torch.cat((value_1THE, one_1TH1), 3), decay_1TH, gain_1TH, start=0.0
    )
    above_1THE, norm_1TH1 = sums[..., :-1], sums[..., -1:]
    below_1TH1 = torch.maximum(norm_1TH1.abs(), torch.exp(-peak_1TH).unsqueeze(3)) + eps
    return (above_1THE / below_1TH1).transpose(1, 2).to(query.dtype), None


def matrix_memory_samples() -> list[Mapping[str, Any]]:
    """Fewer tokens than a chunk holds, and more; gates of common size, and large ones."""
    numbers = torch.Generator().manual_seed(0)

    def sample(tokens: int, size: float) -> Mapping[str, Any]:
        return {
            "query": torch.randn(1, 2, tokens, 4, generator=numbers),
            "key": torch.randn(1, 2, tokens, 4, generator=numbers),
            "value": torch.randn(1, 2, tokens, 3, generator=numbers),
            "igate": torch.randn(1, 2, tokens, generator=numbers) * size,
            "fgate": torch.randn(1, 2, tokens, generator=numbers) * size,
            "c_initial": None,
            "n_initial": None,
            "m_initial": None,
        }

    return [sample(tokens, size) for tokens in _LENGTHS for size in (1.0, 20.0)]
