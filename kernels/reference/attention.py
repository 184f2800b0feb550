"""Attention over paged KV, one sequence at a time: no batch mate can change a sequence's reduction order or values.

Legend: T tokens in batch, Q queries of one sequence, L keys that they see, H query heads, K KV heads, G query heads per KV head
(H = K * G), D key head size, E value head size.

A sequence's keys are gathered (a copy: blocks hold other layers in between) and given to torch's fused attention, which
accumulates in float32. One query is laid out as K heads with G queries each, so that a KV head is read once, not G times; more
queries read the KV heads through a stride of zero. Soft caps and sinks have no fused form: they take transformers' eager path,
products in the dtype of the query and softmax in float32. Masks and gather indices are made once per step, in `ragged.scratch`.

Rejected: one padded call for all sequences (bits then depend on the batch's longest context), and matmul over strided
blocks without a copy (slower than gather + fused attention at every context length up to 4096 on the CPU at hand).
"""

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.reference.span import Span, gather, is_triangle, mask_of, sees_all, span_of
from aweigh.kernels.weight import Weight, optional_tensor_of

Rules = tuple[int | None, int | None, bool]


def attend(
    query_THD: Tensor,
    layer: KvLayer,
    ragged: Ragged,
    *,
    scale: float,
    window: int | None = None,
    chunk: int | None = None,
    softcap: float | None = None,
    sinks_H: Weight | None = None,
    alibi_slopes_H: Weight | None = None,
    causal: bool = True,
) -> Tensor:
    """See `Kernels.attend`."""
    sinks, slopes = optional_tensor_of(sinks_H), optional_tensor_of(alibi_slopes_H)
    rules = (window, chunk, causal)
    parts: list[Tensor] = []
    for sequence, context in enumerate(ragged.context_lengths):
        start, stop = ragged.query_starts[sequence], ragged.query_starts[sequence + 1]
        if start == stop:
            continue
        span = span_of(stop - start, context, *rules)
        key_LKD, value_LKE = gather(layer, ragged, sequence, span)
        query_QHD = query_THD[start:stop]
        if key_LKD.dtype != query_THD.dtype:
            key_LKD, value_LKE = key_LKD.to(query_THD.dtype), value_LKE.to(query_THD.dtype)
        if softcap is None and sinks is None:
            parts.append(_fused(query_QHD, key_LKD, value_LKE, ragged, span, rules, scale, slopes))
        else:
            parts.append(_eager(query_QHD, key_LKD, value_LKE, ragged, span, rules, scale, softcap, sinks, slopes))
    if len(parts) == 1:
        return parts[0]
    return torch.cat(parts) if parts else query_THD.new_empty((0, query_THD.shape[1], layer.value_NBKE.shape[3]))


def _mask(ragged: Ragged, span: Span, rules: Rules, device: torch.device) -> Tensor | None:
    """Returns mask_QL, or None if nothing is masked."""
    if sees_all(span, *rules):
        return None
    name = ("mask", span, rules)
    mask: Tensor | None = ragged.scratch.get(name)
    if mask is None:
        mask = ragged.scratch[name] = mask_of(span, *rules, device)
    return mask


def _alibi(slopes_H: Tensor, span: Span, heads: int, dtype: torch.dtype) -> Tensor:
    """Returns slope * (key - query) as bias_KGQL."""
    query_Q1 = torch.arange(span.first_query, span.context, device=slopes_H.device).unsqueeze(1)
    key_1L = torch.arange(span.first_key, span.context, device=slopes_H.device).unsqueeze(0)
    return (slopes_H.float().view(heads, -1, 1, 1) * (key_1L - query_Q1)).to(dtype)


def _fused(
    query_QHD: Tensor,
    key_LKD: Tensor,
    value_LKE: Tensor,
    ragged: Ragged,
    span: Span,
    rules: Rules,
    scale: float,
    slopes_H: Tensor | None,
) -> Tensor:
    queries, heads, size = query_QHD.shape
    kv_heads = key_LKD.shape[1]
    if queries == 1 and slopes_H is None:
        out_1KGE = functional.scaled_dot_product_attention(
            query_QHD.view(1, kv_heads, -1, size),
            key_LKD.transpose(0, 1).unsqueeze(0),
            value_LKE.transpose(0, 1).unsqueeze(0),
            scale=scale,
        )
        return out_1KGE.reshape(1, heads, -1)
    group = heads // kv_heads
    query_KGQD = query_QHD.view(queries, kv_heads, group, size).permute(1, 2, 0, 3)
    key_KGLD = key_LKD.transpose(0, 1).unsqueeze(1).expand(-1, group, -1, -1)
    value_KGLE = value_LKE.transpose(0, 1).unsqueeze(1).expand(-1, group, -1, -1)
    mask: Tensor | None = None
    triangle = slopes_H is None and is_triangle(span, *rules)
    if not triangle:
        mask = _mask(ragged, span, rules, query_QHD.device)
    if slopes_H is not None:
        bias = _alibi(slopes_H, span, kv_heads, query_QHD.dtype)
        mask = bias if mask is None else bias.masked_fill(~mask, float("-inf"))
    out_KGQE = functional.scaled_dot_product_attention(
        query_KGQD, key_KGLD, value_KGLE, attn_mask=mask, is_causal=triangle, scale=scale
    )
    return out_KGQE.permute(2, 0, 1, 3).reshape(queries, heads, -1)


def _eager(
    query_QHD: Tensor,
    key_LKD: Tensor,
    value_LKE: Tensor,
    ragged: Ragged,
    span: Span,
    rules: Rules,
    scale: float,
    softcap: float | None,
    sinks_H: Tensor | None,
    slopes_H: Tensor | None,
) -> Tensor:
    queries, heads, size = query_QHD.shape
    kv_heads = key_LKD.shape[1]
    query_KGQD = query_QHD.view(queries, kv_heads, -1, size).permute(1, 2, 0, 3)
    scores_KGQL = torch.matmul(query_KGQD, key_LKD.permute(1, 2, 0).unsqueeze(1)).mul_(scale)
    if softcap is not None:
        scores_KGQL = scores_KGQL.div_(softcap).tanh_().mul_(softcap)
    if slopes_H is not None:
        scores_KGQL += _alibi(slopes_H, span, kv_heads, scores_KGQL.dtype)
    mask = _mask(ragged, span, rules, query_QHD.device)
    if mask is not None:
        scores_KGQL.masked_fill_(~mask, float("-inf"))
    if sinks_H is None:
        weights_KGQL = torch.softmax(scores_KGQL, -1, dtype=torch.float32)
    else:
        sinks_KGQ1 = sinks_H.to(scores_KGQL.dtype).view(kv_heads, -1, 1, 1).expand(-1, -1, queries, 1)
        joined = torch.cat((scores_KGQL, sinks_KGQ1), -1)
        joined = joined - joined.amax(-1, keepdim=True)
        weights_KGQL = torch.softmax(joined, -1, dtype=torch.float32)[..., :-1]
    out_KGQE = torch.matmul(weights_KGQL.to(value_LKE.dtype), value_LKE.transpose(0, 1).unsqueeze(1))
    return out_KGQE.permute(2, 0, 1, 3).reshape(queries, heads, -1)
