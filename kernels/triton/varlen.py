"""Attention within sequences that are in the batch as a whole, of which nothing is kept: one program per query tile and KV head.

Legend: T tokens in batch, S sequences in batch, H query heads, K KV heads, G = H / K, D key head size, E value head size, Q queries of a
tile, ROWS = rows of a program (Q * G, padded), TILE = keys that a program takes at a time.

The paged kernel (`attention.py`) with the pages taken out: which sequence a program serves is found in the same way, and keys are walked
in tiles that start at multiples of TILE from the sequence's own beginning, so that batch mates change no bit here either. An encoder has no decodes, so tiles of
queries are taller where a program of that height keeps to its registers: in half precision, with heads of up to 128 (ahead-of-time
compilation shows it: 64 rows of float32 heads of 256 spill 11 KB per thread).

Rejected: the paged kernel over a pool filled for the call (each key would be written and read once more, and slots would have to be
allocated for what ends with the op).
"""

import torch
import triton.language as tl
from torch import Tensor

from aweigh.kernels.ragged import Ragged
from aweigh.kernels.triton.cast import narrow, product
from aweigh.kernels.triton.jit import LAUNCH, kernel
from aweigh.kernels.triton.softmax import taken_in
from aweigh.kernels.triton.tiles import heads_of_rows, sequence_of_tile, tiling
from aweigh.kernels.triton.tuned import sizes_for

WIDE_ROWS, WIDEST_HEAD = 64, 128


@kernel(run_time=["window", "sequences"])
def varlen_attend_kernel(
    out: tl.tensor,
    query: tl.tensor,
    key: tl.tensor,
    value: tl.tensor,
    visible: tl.tensor,
    starts: tl.tensor,
    sequences: tl.tensor,
    scale: tl.tensor,
    floor: tl.tensor,
    window: tl.tensor,
    out_t: tl.tensor,
    out_h: tl.tensor,
    query_t: tl.tensor,
    query_h: tl.tensor,
    key_t: tl.tensor,
    key_h: tl.tensor,
    value_t: tl.tensor,
    value_h: tl.tensor,
    visible_t: tl.tensor,
    G: tl.constexpr,
    D: tl.constexpr,
    E: tl.constexpr,
    D_PAD: tl.constexpr,
    E_PAD: tl.constexpr,
    Q: tl.constexpr,
    ROWS: tl.constexpr,
    TILE: tl.constexpr,
    HAS_WINDOW: tl.constexpr,
    HAS_VISIBLE: tl.constexpr,
    HAS_FLOOR: tl.constexpr,
) -> tl.tensor:
    tile = tl.program_id(0)
    kv_head = tl.program_id(1).to(tl.int64)
    _, start, length, first = sequence_of_tile(starts, sequences, tile, Q)
    if first < length:
        d = tl.arange(0, D_PAD)
        e = tl.arange(0, E_PAD)
        n = tl.arange(0, TILE)
        p, row_ok, head, token = heads_of_rows(kv_head, start, length, first, G, Q, ROWS)
        q_ptr = query + token[:, None] * query_t + head[:, None] * query_h + d[None, :]
        q = tl.load(q_ptr, mask=row_ok[:, None] & (d < D)[None, :], other=0.0)

        low = 0
        high = length
        if HAS_WINDOW and not HAS_FLOOR:
            low = tl.maximum(low, first - window)
            high = tl.minimum(high, first + Q + window)

        top = tl.full([ROWS], float("-inf"), tl.float32)
        total = tl.zeros([ROWS], tl.float32)
        acc = tl.zeros([ROWS, E_PAD], tl.float32)
        for base in range(low // TILE * TILE, high, TILE):
            k = base + n
            key_ok = (k >= low) & (k < high)
            mate = (start + k).to(tl.int64)
            k_ptr = key + (mate * key_t + kv_head * key_h)[None, :] + d[:, None]
            keys = tl.load(k_ptr, mask=key_ok[None, :] & (d < D)[:, None], other=0.0)
            s = product(q, keys) * scale
            seen = row_ok[:, None] & key_ok[None, :]
            if HAS_WINDOW:
                distance = p[:, None] - k[None, :]
                seen = seen & (distance <= window) & (distance >= -window)
            if HAS_VISIBLE:
                seen = seen & (tl.load(visible + mate * visible_t, mask=key_ok, other=0) != 0)[None, :]
            if HAS_FLOOR:
                s = tl.where(seen, s, tl.where(key_ok[None, :], floor, float("-inf")))
            else:
                s = tl.where(seen, s, float("-inf"))
            v_ptr = value + (mate * value_t + kv_head * value_h)[:, None] + e[None, :]
            values = tl.load(v_ptr, mask=key_ok[:, None] & (e < E)[None, :], other=0.0)
            top, total, acc = taken_in(s, values, top, total, acc)

        acc = acc / tl.where(total == 0.0, 1.0, total)[:, None]
        out_ptr = out + token[:, None] * out_t + head[:, None] * out_h + e[None, :]
        tl.store(out_ptr, narrow(acc, out.dtype.element_ty), mask=row_ok[:, None] & (e < E)[None, :])


def varlen_tiling(heads: int, kv_heads: int, key_size: int, value_size: int, element_size: int) -> dict[str, int]:
    """Returns the compile-time shapes of the kernel, which follow from the heads and the bytes of an element alone."""
    shapes = tiling(heads, kv_heads, key_size, value_size)
    if element_size == 2 and max(key_size, value_size) <= WIDEST_HEAD and shapes["ROWS"] < WIDE_ROWS:
        shapes |= {"ROWS": WIDE_ROWS, "Q": WIDE_ROWS // shapes["G"]}
    return shapes


def varlen_attend(
    query_THD: Tensor,
    key_TKD: Tensor,
    value_TKE: Tensor,
    ragged: Ragged,
    *,
    scale: float,
    window: int | None = None,
    visible_T: Tensor | None = None,
    floor: bool = False,
) -> Tensor:
    """See `Kernels.varlen_attend`."""
    tokens, heads, size = query_THD.shape
    kv_heads, value_size = value_TKE.shape[1:]
    out_THE = torch.empty((tokens, heads, value_size), dtype=query_THD.dtype, device=query_THD.device)
    if tokens == 0:
        return out_THE
    query_THD, key_TKD, value_TKE = (
        part if part.stride(2) == 1 else part.contiguous() for part in (query_THD, key_TKD, value_TKE)
    )
    if visible_T is not None and visible_T.dtype == torch.bool:
        visible_T = visible_T.view(torch.uint8)
    shapes = varlen_tiling(heads, kv_heads, size, value_size, query_THD.element_size())
    shape = f"{shapes['G']} of {size} and {value_size}, {query_THD.itemsize}"
    sizes = sizes_for("varlen_attend", shape, query_THD.device, TILE=shapes["TILE"])
    shapes["TILE"] = sizes["TILE"]
    varlen_attend_kernel[(tokens // shapes["Q"] + ragged.sequences, kv_heads)](
        out_THE,
        query_THD,
        key_TKD,
        value_TKE,
        query_THD if visible_T is None else visible_T,
        ragged.query_starts_S1,
        ragged.sequences,
        scale,
        torch.finfo(query_THD.dtype).min,
        0 if window is None else window,
        *out_THE.stride()[:2],
        *query_THD.stride()[:2],
        *key_TKD.stride()[:2],
        *value_TKE.stride()[:2],
        0 if visible_T is None else visible_T.stride(0),
        HAS_WINDOW=window is not None,
        HAS_VISIBLE=visible_T is not None,
        HAS_FLOOR=floor,
        **shapes,
        num_warps=sizes["num_warps"],
        **LAUNCH,
    )
    return out_THE
