"""Attention over paged KV, one sequence and one tile at a time: neither batch mates nor chunking can change a bit.

Legend: T tokens in batch, Q queries of one sequence, P = Q padded to whole tiles, N tiles, R rows of a tile, L keys of a tile, H
query heads, K KV heads, G query heads per KV head (H = K * G), D key head size, E value head size.

A sequence's keys are gathered once (a copy: blocks hold other layers in between); each tile (see `tile.py`) goes to torch's
fused attention, which accumulates in float32, laid out as K heads with R * G queries, so that a KV head is read once, not G times.
Soft caps and sinks have no fused form: they take transformers' eager path, products rounded to the dtype of the
query and softmax in float32; half precision is multiplied in float32, since torch's batched half-precision product is three
times slower on the CPU at hand.

Rejected: one padded call for all sequences, and one triangular call per prompt (bits then depend on mates and on
chunking: in bfloat16 two thirds of the rows differed between a prompt at once and token by token), and matmul over strided
blocks without a copy (slower than gather + fused attention at every context length up to 2000).
"""

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.reference.gather import gather
from aweigh.kernels.reference.tile import (
    Rules,
    alibi_of,
    chosen_of,
    distance_bias_of,
    mask_of,
    relative_of,
    sinks_of,
    tiles_of,
)
from aweigh.kernels.weight import Weight, optional_tensor_of


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
    selection_TN: Tensor | None = None,
    bias_PH: Tensor | None = None,
    relative_THR: Tensor | None = None,
    sinks_TH: Tensor | None = None,
    causal: bool = True,
) -> Tensor:
    """See `Kernels.attend`."""
    sinks, slopes = optional_tensor_of(sinks_H), optional_tensor_of(alibi_slopes_H)
    rules = Rules(window, chunk, causal)
    assert causal or bias_PH is None, "a bias is by distance behind"
    starts, parts = ragged.query_starts, []
    for sequence in range(ragged.sequences):
        start, stop = starts[sequence], starts[sequence + 1]
        if start < stop:
            query = query_THD[start:stop]
            chosen = None if selection_TN is None else selection_TN[start:stop]
            near = None if relative_THR is None else relative_THR[start:stop]
            own = None if sinks_TH is None else sinks_TH[start:stop]
            said = (rules, scale, softcap, sinks, slopes, chosen, bias_PH, near, own)
            parts.append(_attend_one(query, layer, ragged, sequence, *said))
    if len(parts) == 1:
        return parts[0]
    return torch.cat(parts) if parts else query_THD.new_empty((0, query_THD.shape[1], layer.value_NBKE.shape[3]))


def _attend_one(
    query_QHD: Tensor,
    layer: KvLayer,
    ragged: Ragged,
    sequence: int,
    rules: Rules,
    scale: float,
    softcap: float | None,
    sinks_H: Tensor | None,
    slopes_H: Tensor | None,
    selection_QN: Tensor | None,
    bias_PH: Tensor | None,
    relative_QHR: Tensor | None,
    sinks_QH: Tensor | None,
) -> Tensor:
    queries, heads = query_QHD.shape[:2]
    kv_heads, context = layer.key_NBKD.shape[2], ragged.context_lengths[sequence]
    group, dtype = heads // kv_heads, query_QHD.dtype
    first = context - queries
    tiles = list(tiles_of(first, context, group, rules))
    first_key, rows, skipped = tiles[0].key, tiles[0].rows, first - tiles[0].query
    seen = rules.first_key(first)
    key_LKD, value_LKE = gather(layer, ragged, sequence, first_key, seen, tiles[-1].stop)
    eager = softcap is not None or sinks_H is not None or sinks_QH is not None
    if eager or key_LKD.dtype != dtype:
        inner = torch.float32 if eager else dtype
        key_LKD, value_LKE = key_LKD.to(inner), value_LKE.to(inner)
    packed_NKXD = _pack(query_QHD, kv_heads, rows, len(tiles), skipped)
    slopes_KG = None if slopes_H is None else slopes_H.view(kv_heads, group)
    outs = []
    for index, tile in enumerate(tiles):
        begin, end = tile.key - first_key, tile.stop - first_key
        key_1KLD = key_LKD[begin:end].transpose(0, 1).unsqueeze(0)
        value_1KLE = value_LKE[begin:end].transpose(0, 1).unsqueeze(0)
        added = [mask_of(tile, group, rules, dtype, query_QHD.device)]
        if slopes_KG is not None:
            added.append(alibi_of(tile, slopes_KG, dtype))
        if relative_QHR is not None:
            added.append(relative_of(tile, relative_QHR, first, kv_heads, dtype))
        if selection_QN is not None:
            added.append(chosen_of(tile, selection_QN, first, group, dtype))
        if bias_PH is not None:
            added.append(distance_bias_of(tile, bias_PH, kv_heads, dtype))
        bias = _sum(added)
        query_1KXD = packed_NKXD[index : index + 1]
        if eager:
            sinks_KX1 = None if sinks_H is None else sinks_H.view(kv_heads, group).repeat(1, rows).unsqueeze(-1)
            if sinks_QH is not None:
                sinks_KX1 = sinks_of(tile, sinks_QH, first, kv_heads)
            outs.append(_eager(query_1KXD, key_1KLD, value_1KLE, bias, scale, softcap, sinks_KX1))
        else:
            outs.append(
                functional.scaled_dot_product_attention(query_1KXD, key_1KLD, value_1KLE, attn_mask=bias, scale=scale)
            )
    out_NKXE = outs[0] if len(outs) == 1 else torch.cat(outs)
    out_NRKGE = out_NKXE.view(len(tiles), kv_heads, rows, group, -1).transpose(1, 2)
    if queries == 1:
        return out_NRKGE[:, skipped].reshape(1, heads, -1)
    return out_NRKGE.reshape(len(tiles) * rows, heads, -1)[skipped : skipped + queries]


def _sum(parts: list[Tensor | None]) -> Tensor | None:
    """What is added to the scores, None if nothing is; every part is [R * G, L] or [K, R * G, L]."""
    total: Tensor | None = None
    for part in parts:
        total = part if total is None or part is None else total + part
    return total


def _pack(query_QHD: Tensor, kv_heads: int, rows: int, tiles: int, skipped: int) -> Tensor:
    """Returns the queries as [N, K, R * G, D], zero where a tile has rows that are not in this call."""
    queries, heads, size = query_QHD.shape
    if queries == 1:
        packed_KRGD = query_QHD.new_zeros((kv_heads, rows, heads // kv_heads, size))
        packed_KRGD[:, skipped] = query_QHD.view(kv_heads, -1, size)
        return packed_KRGD.view(1, kv_heads, -1, size)
    after = tiles * rows - skipped - queries
    if skipped or after:
        query_QHD = functional.pad(query_QHD, (0, 0, 0, 0, skipped, after))
    return query_QHD.reshape(tiles, rows, kv_heads, -1, size).transpose(1, 2).reshape(tiles, kv_heads, -1, size)


def _eager(
    query_1KXD: Tensor,
    key_1KLD: Tensor,
    value_1KLE: Tensor,
    bias: Tensor | None,
    scale: float,
    softcap: float | None,
    sinks_KX1: Tensor | None,
) -> Tensor:
    dtype = query_1KXD.dtype
    scores_KXL = torch.matmul(query_1KXD.to(key_1KLD.dtype), key_1KLD.transpose(2, 3)).to(dtype)[0].mul_(scale)
    if softcap is not None:
        scores_KXL = scores_KXL.div_(softcap).tanh_().mul_(softcap)
    if bias is not None:
        scores_KXL += bias
    if sinks_KX1 is None:
        weights_KXL = torch.softmax(scores_KXL, -1, dtype=torch.float32)
    else:
        joined = torch.cat((scores_KXL, sinks_KX1.to(dtype)), -1)
        joined = joined - joined.amax(-1, keepdim=True)
        weights_KXL = torch.softmax(joined, -1, dtype=torch.float32)[..., :-1]
    return torch.matmul(weights_KXL.to(dtype).to(value_1KLE.dtype), value_1KLE).to(dtype)
