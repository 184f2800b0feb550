"""Attention of an encoder, spelled out: every token of one row sees every other one that is no padding.

Legend: S tokens, H query heads, K key/value heads, D key size, E value size.
"""

import torch
from torch import Tensor

from aweigh.compiler.capture.mask_kind import MaskKind
from aweigh.proto.errors import UnsupportedModel


def padding_mask(kind: MaskKind, attention_mask: Tensor | None, dtype: torch.dtype) -> Tensor | None:
    """What is added to the scores, [1, 1, 1, S], for a mask [1, S] that is false where padding stands; None where nothing is masked.

    Raises UnsupportedModel for a mask that asks for more.
    """
    if kind != MaskKind():
        raise UnsupportedModel("The encoder masks more than padding, which its Program cannot say.")
    if attention_mask is None:
        return None
    hidden_1S = (1 - attention_mask.to(dtype)) * torch.finfo(dtype).min
    return hidden_1S[:, None, None, :]


def attention(
    query_1HSD: Tensor,
    key_1KSD: Tensor,
    value_1KSE: Tensor,
    scale: float,
    biases: list[Tensor],
    softcap: float | None,
) -> Tensor:
    """Returns [1, S, H, E]. `biases` are added to the scores, before the softmax and after the soft cap."""
    group = query_1HSD.shape[1] // key_1KSD.shape[1]
    if group > 1:
        key_1KSD, value_1KSE = (part.repeat_interleave(group, dim=1) for part in (key_1KSD, value_1KSE))
    scores_1HSS = torch.matmul(query_1HSD, key_1KSD.transpose(2, 3)) * scale
    if softcap is not None:
        scores_1HSS = torch.tanh(scores_1HSS / softcap) * softcap
    for bias in biases:
        scores_1HSS = scores_1HSS + bias
    weights_1HSS = torch.softmax(scores_1HSS, dim=-1, dtype=torch.float32).to(query_1HSD.dtype)
    return torch.matmul(weights_1HSS, value_1KSE).transpose(1, 2)
