"""Attention over paged KV: prefill chunks and decodes of a ragged batch in one kernel, one program per query tile and KV head.

Legend: T tokens in batch, S sequences in batch, H query heads, K KV heads, G = H / K, D key head size, E value head size, B
tokens per block, Q queries of a tile, ROWS = rows of a program (Q * G, padded), TILE = keys that a program takes at a time.

Sameness. A program walks its keys in tiles that start at multiples of TILE, always in the same order, and masked keys add exact
zeros; ROWS and TILE follow from the heads' shapes alone. So a row's bits depend neither on batch mates nor on how its
prompt was cut into chunks. (Splitting long contexts over programs must keep that: splits at fixed positions.)

Which sequence a program serves is found by bisection: tiles of sequence s begin at starts[s] // Q + s, which never
decreases and leaves each sequence room for all of its tiles. So the grid, T // Q + S, needs no number from the device.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.reference.attention import attend as attend_by_any_rule
from aweigh.kernels.triton.addresses import TYPES, place_of
from aweigh.kernels.triton.cast import narrow, product
from aweigh.kernels.triton.jit import LAUNCH, kernel
from aweigh.kernels.weight import Weight

LOG2E = tl.constexpr(1.4426950408889634)
LEAST_ROWS = 16
TILE = 32


@kernel()
def sequence_of_tile(starts: tl.tensor, sequences: tl.tensor, tile: tl.tensor, Q: tl.constexpr) -> tl.tensor:
    """Returns the last sequence whose first tile is at or before `tile`."""
    low = 0
    high = sequences
    while low < high:
        middle = (low + high) // 2
        if tl.load(starts + middle) // Q + middle <= tile:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel()
def tanh(x: tl.tensor) -> tl.tensor:
    """Hyperbolic tangent without a device library; a series where 1 - exp(-2|x|) would cancel."""
    e = tl.exp2(tl.abs(x) * -2.885390081777927)
    far = (1.0 - e) / (1.0 + e)
    y = x * x
    near = x * (1.0 + y * (-1.0 / 3.0 + y * (2.0 / 15.0 - y * (17.0 / 315.0))))
    return tl.where(tl.abs(x) < 0.1, near, tl.where(x < 0, -far, far))


@kernel()
def taken_in(s: tl.tensor, values: tl.tensor, top: tl.tensor, total: tl.tensor, acc: tl.tensor) -> tl.tensor:
    """Takes a tile of scores [ROWS, TILE] and values [TILE, E] into a running softmax (https://arxiv.org/abs/1805.02867): the greatest score,
    the sum of weights and the weighted values so far. A score of -inf weighs nothing."""
    new_top = tl.maximum(top, tl.max(s, 1))
    safe_top = tl.where(new_top == float("-inf"), 0.0, new_top)
    shrink = tl.exp2((top - safe_top) * LOG2E)
    weight = tl.exp2((s - safe_top[:, None]) * LOG2E)
    total = total * shrink + tl.sum(weight, 1)
    acc = acc * shrink[:, None]
    acc += product(narrow(weight, values.dtype), values)
    return new_top, total, acc


@kernel(
    run_time=["key_entry", "value_entry", "sinks_entry", "slopes_entry", "window", "chunk", "sequences", "distances"]
)
def attend_kernel(
    out: tl.tensor,
    query: tl.tensor,
    addresses: tl.tensor,
    key_entry: tl.tensor,
    value_entry: tl.tensor,
    sinks_addresses: tl.tensor,
    sinks_entry: tl.tensor,
    slopes_addresses: tl.tensor,
    slopes_entry: tl.tensor,
    bias: tl.tensor,
    distances: tl.tensor,
    bias_p: tl.tensor,
    bias_h: tl.tensor,
    starts: tl.tensor,
    contexts: tl.tensor,
    table: tl.tensor,
    sequences: tl.tensor,
    scale: tl.tensor,
    softcap: tl.tensor,
    window: tl.tensor,
    chunk: tl.tensor,
    out_t: tl.tensor,
    out_h: tl.tensor,
    query_t: tl.tensor,
    query_h: tl.tensor,
    table_s: tl.tensor,
    kb: tl.tensor,
    kr: tl.tensor,
    kh: tl.tensor,
    vb: tl.tensor,
    vr: tl.tensor,
    vh: tl.tensor,
    B: tl.constexpr,
    G: tl.constexpr,
    D: tl.constexpr,
    E: tl.constexpr,
    D_PAD: tl.constexpr,
    E_PAD: tl.constexpr,
    Q: tl.constexpr,
    ROWS: tl.constexpr,
    TILE: tl.constexpr,
    KEY_TYPE: tl.constexpr,
    VALUE_TYPE: tl.constexpr,
    SINKS_TYPE: tl.constexpr,
    SLOPES_TYPE: tl.constexpr,
    HAS_SOFTCAP: tl.constexpr,
    HAS_WINDOW: tl.constexpr,
    HAS_CHUNK: tl.constexpr,
    HAS_SINKS: tl.constexpr,
    HAS_SLOPES: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    CAUSAL: tl.constexpr,
    ALIGNED: tl.constexpr,
) -> tl.tensor:
    tile = tl.program_id(0)
    kv_head = tl.program_id(1).to(tl.int64)
    sequence = sequence_of_tile(starts, sequences, tile, Q)
    start = tl.load(starts + sequence)
    queries = tl.load(starts + sequence + 1) - start
    first = (tile - start // Q - sequence) * Q
    if first < queries:
        context = tl.load(contexts + sequence)
        r = tl.arange(0, ROWS)
        d = tl.arange(0, D_PAD)
        e = tl.arange(0, E_PAD)
        n = tl.arange(0, TILE)
        local = first + r // G
        row_ok = (r < Q * G) & (local < queries)
        head = kv_head * G + r % G
        token = (start + local).to(tl.int64)
        p = context - queries + local
        q_ptr = query + token[:, None] * query_t + head[:, None] * query_h + d[None, :]
        q = tl.load(q_ptr, mask=row_ok[:, None] & (d < D)[None, :], other=0.0)

        first_p = context - queries + first
        last_p = tl.minimum(first_p + Q, context) - 1
        low = 0
        high = context
        if CAUSAL:
            high = last_p + 1
            if HAS_WINDOW:
                low = tl.maximum(low, first_p - window + 1)
        elif HAS_WINDOW:
            low = tl.maximum(low, first_p - window)
            high = tl.minimum(high, last_p + window + 1)
        if HAS_CHUNK:
            low = tl.maximum(low, first_p // chunk * chunk)

        key_pool = tl.load(addresses + key_entry).to(tl.pointer_type(KEY_TYPE))
        value_pool = tl.load(addresses + value_entry).to(tl.pointer_type(VALUE_TYPE))
        if ALIGNED:
            key_pool = tl.multiple_of(key_pool, 16)
            value_pool = tl.multiple_of(value_pool, 16)
        if HAS_SINKS:
            sinks = tl.load(sinks_addresses + sinks_entry).to(tl.pointer_type(SINKS_TYPE))
            top = tl.load(sinks + head, mask=row_ok, other=0.0).to(tl.float32)
            total = tl.full([ROWS], 1.0, tl.float32)
        else:
            top = tl.full([ROWS], float("-inf"), tl.float32)
            total = tl.zeros([ROWS], tl.float32)
        if HAS_SLOPES:
            slopes = tl.load(slopes_addresses + slopes_entry).to(tl.pointer_type(SLOPES_TYPE))
            slope = tl.load(slopes + head, mask=row_ok, other=0.0).to(tl.float32)
        acc = tl.zeros([ROWS, E_PAD], tl.float32)

        for base in range(low // TILE * TILE, high, TILE):
            k = base + n
            key_ok = (k >= low) & (k < high)
            block = tl.load(table + sequence * table_s + k // B, mask=key_ok, other=0).to(tl.int64)
            k_ptr = key_pool + (block * kb + (k % B) * kr + kv_head * kh)[None, :] + d[:, None]
            keys = tl.load(k_ptr, mask=key_ok[None, :] & (d < D)[:, None], other=0.0)
            s = product(q, narrow(keys, q.dtype)) * scale
            if HAS_SOFTCAP:
                s = softcap * tanh(s / softcap)
            distance = p[:, None] - k[None, :]
            if HAS_SLOPES:
                s = s - slope[:, None] * distance.to(tl.float32)
            if HAS_BIAS:
                step = tl.minimum(tl.maximum(distance, 0), distances - 1)
                b_ptr = bias + step * bias_p + head[:, None] * bias_h
                s = s + tl.load(b_ptr, mask=row_ok[:, None] & key_ok[None, :], other=0.0).to(tl.float32)
            seen = key_ok[None, :]
            if CAUSAL:
                seen = seen & (distance >= 0)
                if HAS_WINDOW:
                    seen = seen & (distance < window)
            elif HAS_WINDOW:
                seen = seen & (distance <= window) & (distance >= -window)
            if HAS_CHUNK:
                seen = seen & (p[:, None] // chunk == k[None, :] // chunk)
            s = tl.where(seen, s, float("-inf"))
            v_ptr = value_pool + (block * vb + (k % B) * vr + kv_head * vh)[:, None] + e[None, :]
            values = tl.load(v_ptr, mask=key_ok[:, None] & (e < E)[None, :], other=0.0)
            top, total, acc = taken_in(s, narrow(values, q.dtype), top, total, acc)

        acc = acc / tl.where(total == 0.0, 1.0, total)[:, None]
        out_ptr = out + token[:, None] * out_t + head[:, None] * out_h + e[None, :]
        tl.store(out_ptr, narrow(acc, out.dtype.element_ty), mask=row_ok[:, None] & (e < E)[None, :])


def tiling(heads: int, kv_heads: int, key_size: int, value_size: int) -> dict[str, int]:
    """Returns the compile-time shapes of the kernel, which follow from the heads alone."""
    group = heads // kv_heads
    rows = max(LEAST_ROWS, triton.next_power_of_2(group))
    return {
        "G": group,
        "D": key_size,
        "E": value_size,
        "D_PAD": max(16, triton.next_power_of_2(key_size)),
        "E_PAD": max(16, triton.next_power_of_2(value_size)),
        "Q": rows // group,
        "ROWS": rows,
        "TILE": TILE,
    }


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
    """See `Kernels.attend`. Selections, relative scores and sinks per query take the reference's way."""
    if any(given is not None for given in (selection_TN, relative_THR, sinks_TH)):
        return attend_by_any_rule(
            query_THD,
            layer,
            ragged,
            scale=scale,
            window=window,
            chunk=chunk,
            softcap=softcap,
            sinks_H=sinks_H,
            alibi_slopes_H=alibi_slopes_H,
            selection_TN=selection_TN,
            bias_PH=bias_PH,
            relative_THR=relative_THR,
            sinks_TH=sinks_TH,
            causal=causal,
        )
    tokens, heads, size = query_THD.shape
    kv_heads, value_size = layer.value_NBKE.shape[2:]
    if query_THD.stride(2) != 1:
        query_THD = query_THD.contiguous()
    out_THE = torch.empty((tokens, heads, value_size), dtype=query_THD.dtype, device=query_THD.device)
    if tokens == 0:
        return out_THE
    sinks, slopes = place_of(sinks_H, query_THD), place_of(alibi_slopes_H, query_THD)
    shapes = tiling(heads, kv_heads, size, value_size)
    attend_kernel[(tokens // shapes["Q"] + ragged.sequences, kv_heads)](
        out_THE,
        query_THD,
        layer.addresses_A,
        layer.key_entry,
        layer.value_entry,
        sinks.addresses_A,
        sinks.entry,
        slopes.addresses_A,
        slopes.entry,
        query_THD if bias_PH is None else bias_PH,
        1 if bias_PH is None else bias_PH.shape[0],
        *((0, 0) if bias_PH is None else bias_PH.stride()),
        ragged.query_starts_S1,
        ragged.context_lengths_S,
        ragged.block_table_SM,
        ragged.sequences,
        scale,
        1.0 if softcap is None else softcap,
        0 if window is None else window,
        1 if chunk is None else chunk,
        *out_THE.stride()[:2],
        *query_THD.stride()[:2],
        ragged.block_table_SM.stride(0),
        *layer.key_NBKD.stride()[:3],
        *layer.value_NBKE.stride()[:3],
        B=ragged.block_size,
        KEY_TYPE=TYPES[layer.key_NBKD.dtype],
        VALUE_TYPE=TYPES[layer.value_NBKE.dtype],
        SINKS_TYPE=sinks.type,
        SLOPES_TYPE=slopes.type,
        HAS_SOFTCAP=softcap is not None,
        HAS_WINDOW=window is not None,
        HAS_CHUNK=chunk is not None,
        HAS_SINKS=sinks_H is not None,
        HAS_SLOPES=alibi_slopes_H is not None,
        HAS_BIAS=bias_PH is not None,
        CAUSAL=causal,
        ALIGNED=(layer.key_NBKD.data_ptr() | layer.value_NBKE.data_ptr()) % 16 == 0,
        **shapes,
        **LAUNCH,
    )
    return out_THE
