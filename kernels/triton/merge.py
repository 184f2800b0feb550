"""Puts together what programs have made of their spans of a context, in the order of the spans. Legend: as in `paged.py`."""

import triton.language as tl

from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import kernel
from aweigh.kernels.triton.softmax import merged
from aweigh.kernels.triton.tiles import heads_of_rows, seen_by, sequence_of_tile


@kernel()
def begun(
    sinks_addresses: tl.tensor,
    sinks_entry: tl.tensor,
    head: tl.tensor,
    row_ok: tl.tensor,
    ROWS: tl.constexpr,
    E_PAD: tl.constexpr,
    SINKS_TYPE: tl.constexpr,
    HAS_SINKS: tl.constexpr,
) -> tl.tensor:
    """A softmax that has seen no key, and perhaps a sink."""
    if HAS_SINKS:
        sinks = tl.load(sinks_addresses + sinks_entry).to(tl.pointer_type(SINKS_TYPE))
        top = tl.load(sinks + head, mask=row_ok, other=0.0).to(tl.float32)
        total = tl.full([ROWS], 1.0, tl.float32)
    else:
        top = tl.full([ROWS], float("-inf"), tl.float32)
        total = tl.zeros([ROWS], tl.float32)
    return top, total, tl.zeros([ROWS, E_PAD], tl.float32)


@kernel(run_time=["sinks_entry", "window", "chunk", "sequences", "heads", "spans"])
def merge_kernel(
    out: tl.tensor,
    tops: tl.tensor,
    totals: tl.tensor,
    accs: tl.tensor,
    sinks_addresses: tl.tensor,
    sinks_entry: tl.tensor,
    starts: tl.tensor,
    contexts: tl.tensor,
    sequences: tl.tensor,
    window: tl.tensor,
    chunk: tl.tensor,
    heads: tl.tensor,
    spans: tl.tensor,
    out_t: tl.tensor,
    out_h: tl.tensor,
    G: tl.constexpr,
    E: tl.constexpr,
    E_PAD: tl.constexpr,
    Q: tl.constexpr,
    ROWS: tl.constexpr,
    SPAN: tl.constexpr,
    SINKS_TYPE: tl.constexpr,
    HAS_WINDOW: tl.constexpr,
    HAS_CHUNK: tl.constexpr,
    HAS_SINKS: tl.constexpr,
    CAUSAL: tl.constexpr,
) -> tl.tensor:
    tile = tl.program_id(0)
    kv_head = tl.program_id(1).to(tl.int64)
    sequence, start, queries, first = sequence_of_tile(starts, sequences, tile, Q)
    if first < queries:
        context = tl.load(contexts + sequence)
        e = tl.arange(0, E_PAD)
        _, row_ok, head, token = heads_of_rows(kv_head, start, queries, first, G, Q, ROWS)
        low, high = seen_by(first, queries, context, window, chunk, Q, HAS_WINDOW, HAS_CHUNK, CAUSAL)
        top, total, acc = begun(sinks_addresses, sinks_entry, head, row_ok, ROWS, E_PAD, SINKS_TYPE, HAS_SINKS)
        for span in range(low // SPAN, (high + SPAN - 1) // SPAN):
            place = (token * heads + head) * spans + span
            near_top = tl.load(tops + place, mask=row_ok, other=0.0)
            near_total = tl.load(totals + place, mask=row_ok, other=0.0)
            near_acc = tl.load(accs + place[:, None] * E_PAD + e[None, :], mask=row_ok[:, None], other=0.0)
            top, total, acc = merged(top, total, acc, near_top, near_total, near_acc)
        acc = acc / tl.where(total == 0.0, 1.0, total)[:, None]
        out_ptr = out + token[:, None] * out_t + head[:, None] * out_h + e[None, :]
        tl.store(out_ptr, narrow(acc, out.dtype.element_ty), mask=row_ok[:, None] & (e < E)[None, :])
