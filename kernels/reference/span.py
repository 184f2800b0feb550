"""Which positions the queries of one sequence see, as numbers and as masks; shared by the layers of a step.

Legend: Q queries of one sequence, L keys from the first that any of them sees.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged


class Span(NamedTuple):
    """The queries are positions `first_query` .. `context` - 1, the keys that they may see `first_key` .. `context` - 1."""

    first_query: int
    first_key: int
    context: int

    @property
    def queries(self) -> int:
        """Q."""
        return self.context - self.first_query

    @property
    def keys(self) -> int:
        """L."""
        return self.context - self.first_key


def span_of(queries: int, context: int, window: int | None, chunk: int | None, causal: bool) -> Span:
    """Returns the span of a sequence's last `queries` positions under the rules of `Kernels.attend`."""
    first_query, first_key = context - queries, 0
    if window is not None:
        first_key = max(first_key, first_query - window + (1 if causal else 0))
    if chunk is not None:
        first_key = max(first_key, first_query // chunk * chunk)
    return Span(first_query, first_key, context)


def sees_all(span: Span, window: int | None, chunk: int | None, causal: bool) -> bool:
    """Says whether every query sees every key of the span (always true for one causal query)."""
    if causal and span.queries > 1:
        return False
    last = span.context - 1
    if window is not None and last - span.first_key > (window - 1 if causal else window):
        return False
    return chunk is None or last // chunk == span.first_key // chunk


def is_triangle(span: Span, window: int | None, chunk: int | None, causal: bool) -> bool:
    """Says whether the mask is the plain lower triangle, Q = L."""
    return (
        causal
        and span.first_key == span.first_query
        and (window is None or window >= span.keys)
        and (chunk is None or (span.context - 1) // chunk == span.first_key // chunk)
    )


def mask_of(span: Span, window: int | None, chunk: int | None, causal: bool, device: torch.device) -> Tensor:
    """Returns the mask_QL: true where the query sees the key."""
    query_Q1 = torch.arange(span.first_query, span.context, device=device).unsqueeze(1)
    key_1L = torch.arange(span.first_key, span.context, device=device).unsqueeze(0)
    mask_QL = key_1L <= query_Q1 if causal else torch.ones_like(query_Q1 - key_1L, dtype=torch.bool)
    if window is not None:
        distance_QL = query_Q1 - key_1L
        mask_QL &= distance_QL < window if causal else distance_QL.abs() <= window
    if chunk is not None:
        mask_QL &= query_Q1 // chunk == key_1L // chunk
    return mask_QL


def gather(layer: KvLayer, ragged: Ragged, sequence: int, span: Span) -> tuple[Tensor, Tensor]:
    """Returns key_LKD and value_LKE of the span; views where one block or one run of adjoining blocks holds it."""
    size = ragged.block_size
    first, last = span.first_key // size, (span.context - 1) // size
    start, stop = span.first_key - first * size, span.context - first * size
    key_NBKD, value_NBKE = layer.key_NBKD, layer.value_NBKE
    if first == last:
        block = ragged.blocks[sequence][first]
        return key_NBKD[block, start:stop], value_NBKE[block, start:stop]
    name = ("blocks", sequence, first)
    index: Tensor | None = ragged.scratch.get(name)
    if index is None:
        row = ragged.blocks[sequence][first : last + 1]
        assert min(row) >= 0, "a block that a query sees is in the table"
        index = ragged.scratch[name] = torch.tensor(row, device=key_NBKD.device)
    key_LKD = key_NBKD.index_select(0, index).flatten(0, 1)[start:stop]
    return key_LKD, value_NBKE.index_select(0, index).flatten(0, 1)[start:stop]
