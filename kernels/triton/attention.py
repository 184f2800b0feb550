"""Attention over paged KV: prefill chunks and decodes of a ragged batch in one launch, one program per query tile, KV head and part of the context.

Legend: T tokens in batch, S sequences in batch, H query heads, K KV heads, D key head size, E value head size.

Sameness. A context is cut into spans of SPAN keys that start at its multiples. A program walks the keys of a span in tiles that start at multiples
of TILE, always in the same order, and masked keys add exact zeros; spans are softmaxes of their own, merged in their order, and one without a visible
key changes nothing. TILE and the rows of a program follow from the heads' shapes alone. So a row's bits depend neither on batch mates nor on how its prompt
was cut into chunks, nor on whether one program walks all spans or many programs one each (then `merge_kernel` does what the one would have
done; the idea is that of Flash-Decoding, https://pytorch.org/blog/flash-decoding, whose splits follow the batch instead).

Few sequences with long contexts are split so that there are about two programs for each of a large card's 132 multiprocessors. The partial softmaxes
lie in float32 in memory of the call: a span of 512 keys of 128 features in bfloat16 is 256 KiB of keys and values, its partial result for 4 query heads 2 KiB.
"""

import torch
from torch import Tensor

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.reference.attention import attend as attend_by_any_rule
from aweigh.kernels.triton.addresses import TYPES, place_of
from aweigh.kernels.triton.jit import LAUNCH
from aweigh.kernels.triton.merge import merge_kernel
from aweigh.kernels.triton.paged import attend_kernel
from aweigh.kernels.triton.tiles import tiling
from aweigh.kernels.triton.tuned import sizes_for
from aweigh.kernels.weight import Weight

SPAN = 512
PROGRAMS = 264


def parts_of(programs: int, spans: int, enough: int) -> int:
    """Into how many parts the contexts of a launch are split, that has so many programs without, and so many spans at most."""
    return min(spans, -(-enough // programs)) if programs < enough else 1


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
    shape = f"{shapes['G']} of {size} and {value_size}, {query_THD.itemsize}"
    sizes = sizes_for("attend", shape, query_THD.device, TILE=shapes["TILE"], SPAN=SPAN, PROGRAMS=PROGRAMS)
    shapes["TILE"], span = sizes["TILE"], sizes["SPAN"]
    tiles = tokens // shapes["Q"] + ragged.sequences
    spans = -(-max(ragged.context_lengths) // span)
    parts = parts_of(tiles * kv_heads, spans, sizes["PROGRAMS"])
    scratch = (out_THE, out_THE, out_THE)
    if parts > 1:
        each = (tokens, heads, spans)
        extents = (each, each, (*each, shapes["E_PAD"]))
        scratch = tuple(torch.empty(size, dtype=torch.float32, device=out_THE.device) for size in extents)  # type: ignore[assignment]
    rules = {
        "SINKS_TYPE": sinks.type,
        "HAS_WINDOW": window is not None,
        "HAS_CHUNK": chunk is not None,
        "HAS_SINKS": sinks_H is not None,
        "CAUSAL": causal,
        "SPAN": span,
    }
    limits = (0 if window is None else window, 1 if chunk is None else chunk, heads, spans)
    attend_kernel[(tiles, kv_heads, parts)](
        out_THE,
        *scratch,
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
        *limits,
        parts,
        *out_THE.stride()[:2],
        *query_THD.stride()[:2],
        ragged.block_table_SM.stride(0),
        *layer.key_NBKD.stride()[:3],
        *layer.value_NBKE.stride()[:3],
        B=ragged.block_size,
        KEY_TYPE=TYPES[layer.key_NBKD.dtype],
        VALUE_TYPE=TYPES[layer.value_NBKE.dtype],
        SLOPES_TYPE=slopes.type,
        HAS_SOFTCAP=softcap is not None,
        HAS_SLOPES=alibi_slopes_H is not None,
        HAS_BIAS=bias_PH is not None,
        ALIGNED=(layer.key_NBKD.data_ptr() | layer.value_NBKE.data_ptr()) % 16 == 0,
        SPLIT=parts > 1,
        **rules,
        **shapes,
        num_warps=sizes["num_warps"],
        **LAUNCH,
    )
    if parts > 1:
        merge_kernel[(tiles, kv_heads)](
            out_THE,
            *scratch,
            sinks.addresses_A,
            sinks.entry,
            ragged.query_starts_S1,
            ragged.context_lengths_S,
            ragged.sequences,
            *limits,
            *out_THE.stride()[:2],
            **rules,
            **{name: shapes[name] for name in ("G", "E", "E_PAD", "Q", "ROWS")},
            **LAUNCH,
        )
    return out_THE
