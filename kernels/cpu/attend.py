"""Attention through native code, for what `attention.py` can do; the rest is the reference's.

Legend: T tokens in batch, H query heads, K KV heads, D key head size, E value head size.
"""

from array import array
from collections.abc import Iterator
from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.attention import Attention, scratch_of
from aweigh.kernels.cpu.native import Native, compiled, float_bits
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.reference.attention import attend as attend_by_any_rule
from aweigh.kernels.reference.tile import Rules
from aweigh.kernels.weight import Weight, addresses_of, optional_tensor_of


@cache
def attention(element: Element, pairs: bool) -> Native:
    """Returns the compiled attention; compiles at the first call of the process."""
    return compiled(lambda: Attention(element, pairs=pairs).build, f"attention {element} {pairs}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles attention over a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        attention(ELEMENTS[dtype], multiplies_pairs())


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
    """See `Kernels.attend`. Selections, biases and scores by distance, and a pool of another dtype than the query's, take the reference's
    way."""
    element = ELEMENTS.get(query_THD.dtype)
    said = said_of(query_THD, softcap, sinks_H if sinks_TH is None else sinks_TH, alibi_slopes_H)
    plain = all(given is None for given in (selection_TN, bias_PH, relative_THR))
    if element is None or not plain or said is None or not attention_fits(query_THD, layer):
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
    if query_THD.stride(2) != 1:
        query_THD = query_THD.contiguous()
    tokens, heads = query_THD.shape[:2]
    if tokens != ragged.tokens:
        raise ValueError(f"attention is given {tokens} queries in a step of {ragged.tokens} tokens: give one per token")
    out_THE = query_THD.new_empty(tokens, heads, layer.value_NBKE.shape[3])
    blocks, spans = tables_of(ragged), spans_of(ragged, Rules(window, chunk, causal))
    threads = torch.get_num_threads()
    scratch = torch.empty(threads * scratch_for(query_THD, layer))
    places = (spans.buffer_info()[0], blocks.buffer_info()[0])
    attention(element, multiplies_pairs()).run(
        attention_table(threads, query_THD, layer, scale, scratch, places, out_THE, said)
    )
    return out_THE


def attention_fits(query_THD: Tensor, layer: KvLayer) -> bool:
    """Whether there is a kernel for the queries and the pool, if their dtype has one."""
    key = layer.key_NBKD
    return key.dtype == query_THD.dtype and key.is_cpu and query_THD.is_cpu and key.shape[3:] == query_THD.shape[2:]


def said_of(
    query_THD: Tensor, softcap: float | None, sinks: Weight | None, slopes_H: Weight | None
) -> tuple[int, ...] | None:
    """What the task is given of a soft cap, of sinks [H] or [T, H] and of slopes [H]; None where there is no kernel for them."""
    tokens, heads = query_THD.shape[:2]
    cells: list[int] = [float_bits(softcap or 0.0)]
    for given, shapes in ((sinks, ((heads,), (tokens, heads))), (slopes_H, ((heads,),))):
        tensor = optional_tensor_of(given)
        strides = [0]
        if tensor is not None:
            fits = tensor.is_cpu and tensor.dtype in (torch.float32, query_THD.dtype) and tensor.stride(-1) == 1
            if not fits or tensor.shape not in shapes:
                return None
            strides = [tensor.stride(0) if tensor.dim() == 2 else 0]
        wide = tensor is not None and tensor.dtype is torch.float32
        cells += (*addresses_of(given), *(strides if len(shapes) > 1 else ()), wide)
    return tuple(cells)


def scratch_for(query_THD: Tensor, layer: KvLayer) -> int:
    """Floats that a thread needs beside the operands."""
    _, heads, key_size = query_THD.shape
    kv_heads, value_size = layer.value_NBKE.shape[2:]
    return scratch_of(heads // kv_heads, key_size, value_size)


def attention_table(
    threads: int,
    query_THD: Tensor,
    layer: KvLayer,
    scale: float,
    scratch: Tensor,
    places: tuple[int, int],
    out_THE: Tensor,
    said: tuple[int, ...],
) -> tuple[int, ...]:
    """What the task is given; `places` are the addresses of the spans and of the block tables, `said` is of `said_of`."""
    key, value = layer.key_NBKD, layer.value_NBKE
    tokens, heads, key_size = query_THD.shape
    kv_heads, value_size = value.shape[2:]
    entries = layer.addresses_A.data_ptr()
    return (
        *(threads, tokens, kv_heads, heads // kv_heads, key_size, value_size),
        *(query_THD.data_ptr(), *query_THD.stride()[:2]),
        *(entries + 8 * layer.key_entry, entries + 8 * layer.value_entry, *key.stride()[:3], *value.stride()[:3]),
        *(out_THE.data_ptr(), scratch.data_ptr(), scratch_for(query_THD, layer), *places),
        *(layer.block_size, float_bits(scale), *said, 0),
    )


def tables_of(ragged: Ragged) -> "array[int]":
    """The block tables one after another, as far as each context reaches; made once per step."""
    found: array[int] | None = ragged.scratch.get("tables")
    if found is None:
        found = array("q")
        starts = []
        for row, context in zip(ragged.blocks, ragged.context_lengths, strict=True):
            starts.append(len(found))
            found.extend(row[: -(-context // ragged.block_size)])
        ragged.scratch["tables"] = found
        ragged.scratch["table starts"] = starts
    return found


def slots_of(ragged: Ragged) -> "array[int]":
    """Where each token's key and value go; made once per step."""
    found: array[int] | None = ragged.scratch.get("slots")
    if found is None:
        found = ragged.scratch["slots"] = array("q", ragged.slots)
    return found


def spans_of(ragged: Ragged, rules: Rules) -> "array[int]":
    """(start of the block table, first key, last key, position) per token; made once per step and rule."""
    found: array[int] | None = ragged.scratch.get(rules)
    if found is None:
        found = ragged.scratch[rules] = array("q", _ranges(ragged, rules))
    return found


def _ranges(ragged: Ragged, rules: Rules) -> Iterator[int]:
    window, chunk, causal = rules
    starts = ragged.query_starts
    for sequence, (table, context) in enumerate(
        zip(ragged.scratch["table starts"], ragged.context_lengths, strict=True)
    ):
        for position in range(context - (starts[sequence + 1] - starts[sequence]), context):
            high = position if causal else context - 1
            if not causal:
                high = high if window is None else min(high, position + window)
                high = high if chunk is None else min(high, (position // chunk + 1) * chunk - 1)
            yield from (table, rules.first_key(position), high, position)
