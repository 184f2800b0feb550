"""The kernel of attention over paged KV: one program per query tile, KV head and part of the context. What it promises stands in `attention.py`.

Legend: T tokens in batch, S sequences in batch, H query heads, K KV heads, G = H / K, D key head size, E value head size, B
tokens per block, Q queries of a tile, ROWS = rows of a program (Q * G, padded), TILE = keys that a program takes at a time, SPAN = keys of a softmax.
"""

import triton.language as tl

from aweigh.kernels.triton.cast import narrow, product
from aweigh.kernels.triton.jit import kernel
from aweigh.kernels.triton.merge import begun
from aweigh.kernels.triton.softmax import merged, taken_in, tanh
from aweigh.kernels.triton.tiles import heads_of_rows, seen_by, sequence_of_tile


@kernel(
    run_time=[
        "key_entry",
        "value_entry",
        "sinks_entry",
        "slopes_entry",
        "window",
        "chunk",
        "sequences",
        "distances",
        "heads",
        "spans",
        "parts",
    ]
)
def attend_kernel(
    out: tl.tensor,
    tops: tl.tensor,
    totals: tl.tensor,
    accs: tl.tensor,
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
    heads: tl.tensor,
    spans: tl.tensor,
    parts: tl.tensor,
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
    SPAN: tl.constexpr,
    SPLIT: tl.constexpr,
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
    sequence, start, queries, first = sequence_of_tile(starts, sequences, tile, Q)
    if first < queries:
        context = tl.load(contexts + sequence)
        d = tl.arange(0, D_PAD)
        e = tl.arange(0, E_PAD)
        n = tl.arange(0, TILE)
        local, row_ok, head, token = heads_of_rows(kv_head, start, queries, first, G, Q, ROWS)
        p = context - queries + local
        q_ptr = query + token[:, None] * query_t + head[:, None] * query_h + d[None, :]
        q = tl.load(q_ptr, mask=row_ok[:, None] & (d < D)[None, :], other=0.0)

        low, high = seen_by(first, queries, context, window, chunk, Q, HAS_WINDOW, HAS_CHUNK, CAUSAL)
        key_pool = tl.load(addresses + key_entry).to(tl.pointer_type(KEY_TYPE))
        value_pool = tl.load(addresses + value_entry).to(tl.pointer_type(VALUE_TYPE))
        if ALIGNED:
            key_pool = tl.multiple_of(key_pool, 16)
            value_pool = tl.multiple_of(value_pool, 16)
        if HAS_SLOPES:
            slopes = tl.load(slopes_addresses + slopes_entry).to(tl.pointer_type(SLOPES_TYPE))
            slope = tl.load(slopes + head, mask=row_ok, other=0.0).to(tl.float32)
        if not SPLIT:
            top, total, acc = begun(sinks_addresses, sinks_entry, head, row_ok, ROWS, E_PAD, SINKS_TYPE, HAS_SINKS)

        for span in range(low // SPAN + tl.program_id(2), (high + SPAN - 1) // SPAN, parts):
            near_top = tl.full([ROWS], float("-inf"), tl.float32)
            near_total = tl.zeros([ROWS], tl.float32)
            near_acc = tl.zeros([ROWS, E_PAD], tl.float32)
            from_ = tl.maximum(low // TILE * TILE, span * SPAN)
            for base in range(from_, tl.minimum(high, (span + 1) * SPAN), TILE):
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
                near_top, near_total, near_acc = taken_in(s, narrow(values, q.dtype), near_top, near_total, near_acc)
            if SPLIT:
                place = (token * heads + head) * spans + span
                tl.store(tops + place, near_top, mask=row_ok)
                tl.store(totals + place, near_total, mask=row_ok)
                tl.store(accs + place[:, None] * E_PAD + e[None, :], near_acc, mask=row_ok[:, None])
            else:
                top, total, acc = merged(top, total, acc, near_top, near_total, near_acc)

        if not SPLIT:
            acc = acc / tl.where(total == 0.0, 1.0, total)[:, None]
            out_ptr = out + token[:, None] * out_t + head[:, None] * out_h + e[None, :]
            tl.store(out_ptr, narrow(acc, out.dtype.element_ty), mask=row_ok[:, None] & (e < E)[None, :])
