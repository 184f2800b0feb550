"""Tiles: the fixed shapes in which a sequence's attention is computed, and who sees whom inside one.

Legend: R query rows of a tile, G query heads per KV head, L keys of a tile.

Causal attention is cut into tiles of R positions that start at multiples of R, whatever part of the sequence a call brings: the
tile's shape, and with it the routine and the order of summation that torch picks, follows from the position alone. Rows and
keys that the call does not have are zero and masked, so they add exact zeros. Then a token's bits are the same in a prompt computed
at once, in chunks of any size, one token at a time, or again after preemption.

R = 2 costs a decode step about a fifth more than R = 1 and makes a prompt of 512 tokens 1.2 to 2 times slower than one
triangular call; R = 4 is level on prompts and up to twice slower on decodes, except with one query head per KV head.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

MASKED = float("-inf")


class Rules(NamedTuple):
    """Who sees whom: see `Kernels.attend`."""

    window: int | None
    chunk: int | None
    causal: bool

    def first_key(self, position: int) -> int:
        """Returns the first key that a query at `position` sees."""
        first = 0
        if self.window is not None:
            first = max(first, position - self.window + (1 if self.causal else 0))
        if self.chunk is not None:
            first = max(first, position // self.chunk * self.chunk)
        return first


class Tile(NamedTuple):
    """Queries `query` .. `query + rows - 1` over keys `key` .. `stop - 1`."""

    query: int
    rows: int
    key: int
    stop: int


def rows_of(group: int) -> int:
    """Returns R for G query heads per KV head."""
    return 4 if group == 1 else 2


def tiles_of(first: int, context: int, group: int, rules: Rules) -> Iterator[Tile]:
    """Yields the tiles that hold positions `first` .. `context - 1`; not causal, each query sees all: then it is one."""
    if not rules.causal:
        yield Tile(first, context - first, rules.first_key(first), context)
        return
    rows = rows_of(group)
    for query in range(first // rows * rows, context, rows):
        yield Tile(query, rows, rules.first_key(query), query + rows)


def mask_of(tile: Tile, group: int, rules: Rules, dtype: torch.dtype, device: torch.device) -> Tensor | None:
    """Returns what is added to the scores, [R * G, L] (row r * G + g) of 0 and -inf, or None if nobody is masked."""
    window, chunk, causal = rules
    behind, keys, last = tile.query - tile.key, tile.stop - tile.key, tile.query + tile.rows - 1
    if window is not None and (last if causal else max(last, tile.stop - 1)) - tile.key < window:
        window = None
    if chunk is not None and tile.key // chunk == (tile.stop - 1) // chunk:
        chunk = None
    if window is None and chunk is None:
        if not causal:
            return None
        capacity = max(256, 1 << (keys - 1).bit_length())
        return _triangle(tile.rows, group, capacity, dtype, device)[:, capacity - keys :]
    phase = 0 if chunk is None else tile.key % chunk
    make = _kept_mask if causal else _mask
    return make(tile.rows, group, behind, keys, phase, Rules(window, chunk, causal), dtype, device)


@lru_cache(maxsize=32)
def _triangle(rows: int, group: int, capacity: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """The mask of any causal tile of at most `capacity` keys, which end with the tile's own: its last columns."""
    return _mask(rows, group, capacity - rows, capacity, 0, Rules(None, None, True), dtype, device)


def _mask(
    rows: int, group: int, behind: int, keys: int, phase: int, rules: Rules, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """Positions count from the tile's first key, which is `phase` positions into its chunk."""
    query_R1 = torch.arange(behind, behind + rows, device=device).unsqueeze(1)
    key_1L = torch.arange(keys, device=device).unsqueeze(0)
    distance_RL = query_R1 - key_1L
    seen_RL = distance_RL >= 0 if rules.causal else torch.ones_like(distance_RL, dtype=torch.bool)
    if rules.window is not None:
        seen_RL &= distance_RL < rules.window if rules.causal else distance_RL.abs() <= rules.window
    if rules.chunk is not None:
        seen_RL &= (query_R1 + phase) // rules.chunk == (key_1L + phase) // rules.chunk
    mask_RL = torch.zeros(rows, keys, dtype=dtype, device=device).masked_fill_(~seen_RL, MASKED)
    return mask_RL.repeat_interleave(group, 0)


_kept_mask = lru_cache(maxsize=32)(_mask)
"""A causal tile has few rows and, inside a window, always the same shape; a tile that is not causal has neither."""


def alibi_of(tile: Tile, slopes_KG: Tensor, dtype: torch.dtype) -> Tensor:
    """Returns slope * (key - query) as [K, R * G, L]."""
    query_R1 = torch.arange(tile.query, tile.query + tile.rows, device=slopes_KG.device).unsqueeze(1)
    key_1L = torch.arange(tile.key, tile.stop, device=slopes_KG.device).unsqueeze(0)
    bias_KRGL = slopes_KG.float()[:, None, :, None] * (key_1L - query_R1)[None, :, None, :]
    return bias_KRGL.flatten(1, 2).to(dtype)


def chosen_of(tile: Tile, selection_QN: Tensor, first: int, group: int, dtype: torch.dtype) -> Tensor:
    """Returns [R * G, L]: 0 at the keys that a row's query chose, -inf elsewhere; 0 in rows that the call does not have.

    Args:
        selection_QN: positions per query of the call, whose first one stands at position `first`. What is no key of the tile is none.
    """
    begin, end = max(tile.query, first), min(tile.query + tile.rows, first + len(selection_QN))
    keys = tile.stop - tile.key
    place_QN = selection_QN[begin - first : end - first].long() - tile.key
    place_QN = torch.where((place_QN >= 0) & (place_QN < keys), place_QN, keys)
    shape = (end - begin, keys + 1)
    chosen_QL = torch.full(shape, MASKED, dtype=dtype, device=place_QN.device).scatter_(1, place_QN, 0.0)
    chosen_RL = torch.zeros((tile.rows, keys), dtype=dtype, device=place_QN.device)
    chosen_RL[begin - tile.query : end - tile.query] = chosen_QL[:, :keys]
    return chosen_RL.repeat_interleave(group, 0)


def distance_bias_of(tile: Tile, bias_PH: Tensor, kv_heads: int, dtype: torch.dtype) -> Tensor:
    """Returns bias[min(query - key, P - 1)] as [K, R * G, L]; what stands for a key ahead of its query is masked elsewhere."""
    query_R1 = torch.arange(tile.query, tile.query + tile.rows, device=bias_PH.device).unsqueeze(1)
    key_1L = torch.arange(tile.key, tile.stop, device=bias_PH.device).unsqueeze(0)
    bias_RLH = bias_PH[(query_R1 - key_1L).clamp(0, bias_PH.shape[0] - 1)]
    bias_RLKG = bias_RLH.view(*bias_RLH.shape[:2], kv_heads, -1)
    return bias_RLKG.permute(2, 0, 3, 1).flatten(1, 2).to(dtype)


def relative_of(tile: Tile, relative_QHR: Tensor, first: int, kv_heads: int, dtype: torch.dtype) -> Tensor:
    """Returns [K, R * G, L]: what a row's query says of the key so many positions back, 0 of keys that are further away or ahead.

    Args:
        relative_QHR: per query of the call, whose first one stands at position `first`, and head.
    """
    begin, end = max(tile.query, first), min(tile.query + tile.rows, first + len(relative_QHR))
    device, heads, reach = relative_QHR.device, *relative_QHR.shape[1:]
    said_RHD = torch.zeros((tile.rows, heads, reach + 1), dtype=dtype, device=device)
    said_RHD[begin - tile.query : end - tile.query, :, :reach] = relative_QHR[begin - first : end - first]
    query_R1 = torch.arange(tile.query, tile.query + tile.rows, device=device).unsqueeze(1)
    back_RL = query_R1 - torch.arange(tile.key, tile.stop, device=device)
    place_RL = torch.where((back_RL >= 0) & (back_RL < reach), back_RL, reach)
    bias_RHL = said_RHD.gather(2, place_RL.unsqueeze(1).expand(-1, heads, -1))
    return bias_RHL.view(tile.rows, kv_heads, -1, tile.stop - tile.key).transpose(0, 1).flatten(1, 2)


def sinks_of(tile: Tile, sinks_QH: Tensor, first: int, kv_heads: int) -> Tensor:
    """Returns [K, R * G, 1]: the sink of each row's query, 0 in rows that the call does not have.

    Args:
        sinks_QH: per query of the call, whose first one stands at position `first`, and head.
    """
    begin, end = max(tile.query, first), min(tile.query + tile.rows, first + len(sinks_QH))
    said_RH = sinks_QH.new_zeros((tile.rows, sinks_QH.shape[1]))
    said_RH[begin - tile.query : end - tile.query] = sinks_QH[begin - first : end - first]
    return said_RH.view(tile.rows, kv_heads, -1).transpose(0, 1).reshape(kv_heads, -1, 1)
