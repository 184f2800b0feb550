"""Writes keys and values into the pool. Legend: T tokens in batch, K KV heads, D key head size, E value head size.

A decode step writes one token per sequence, a prefill chunk long runs: consecutive rows of one block are one copy of a view
(3 us); many short runs are one indexed write (about 10 us and then linear).
"""

import torch
from torch import Tensor

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged

_MOST_RUNS = 4

Run = tuple[int, int, int, int]


def _runs(ragged: Ragged) -> list[Run]:
    """Returns (token, block, row, length) of every stretch of tokens that fills consecutive rows of one block."""
    runs: list[Run] = []
    size = ragged.block_size
    for token, slot in enumerate(ragged.slots):
        if slot < 0:
            continue
        if runs:
            start, block, row, length = runs[-1]
            if start + length == token and block * size + row + length == slot and row + length < size:
                runs[-1] = (start, block, row, length + 1)
                continue
        runs.append((token, slot // size, slot % size, 1))
    return runs


def _indices(ragged: Ragged) -> tuple[Tensor | None, Tensor, Tensor]:
    """Returns the tokens that are written (None: all of them), their blocks and their rows."""
    slot_T = ragged.slot_mapping_T
    tokens = None
    if any(slot < 0 for slot in ragged.slots):
        tokens = torch.tensor([t for t, slot in enumerate(ragged.slots) if slot >= 0], device=slot_T.device)
        slot_T = slot_T[tokens]
    return tokens, slot_T // ragged.block_size, slot_T % ragged.block_size


def write_kv(key_TKD: Tensor, value_TKE: Tensor, layer: KvLayer, ragged: Ragged) -> None:
    """See `Kernels.write_kv`."""
    runs: list[Run] | None = ragged.scratch.get("runs")
    if runs is None:
        runs = ragged.scratch["runs"] = _runs(ragged)
    key_NBKD, value_NBKE = layer.key_NBKD, layer.value_NBKE
    if len(runs) <= _MOST_RUNS:
        for token, block, row, length in runs:
            key_NBKD[block, row : row + length].copy_(key_TKD[token : token + length])
            value_NBKE[block, row : row + length].copy_(value_TKE[token : token + length])
        return
    if "write" not in ragged.scratch:
        ragged.scratch["write"] = _indices(ragged)
    tokens, block_T, row_T = ragged.scratch["write"]
    if tokens is not None:
        key_TKD, value_TKE = key_TKD[tokens], value_TKE[tokens]
    key_NBKD.index_put_((block_T, row_T), key_TKD.to(key_NBKD.dtype))
    value_NBKE.index_put_((block_T, row_T), value_TKE.to(value_NBKE.dtype))
