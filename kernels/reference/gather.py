"""Copies a sequence's keys and values out of the pool. Legend: L positions, K KV heads, D key head size, E value head size."""

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged


def gather(layer: KvLayer, ragged: Ragged, sequence: int, first: int, seen: int, stop: int) -> tuple[Tensor, Tensor]:
    """Returns key_LKD and value_LKE of positions `first` .. `stop - 1`, zero where nothing is or nobody looks.

    Args:
        seen: first position that is in the pool for sure: blocks before it may be gone, and what they held is zero here.
        stop: may lie beyond the context, which is the end of what was written.
    """
    size, context = ragged.block_size, ragged.context_lengths[sequence]
    first_block = first // size
    offset = first - first_block * size
    name = ("blocks", sequence, first_block)
    index: Tensor | None = ragged.scratch.get(name)
    if index is None:
        row = ragged.blocks[sequence]
        inside = row[seen // size : (context - 1) // size + 1]
        assert min(inside) >= 0, "a block that a query sees is in the table"
        ids = [max(block, 0) for block in row[first_block : seen // size]] + list(inside)
        index = ragged.scratch[name] = torch.tensor(ids, device=layer.key_NBKD.device)
    key_LKD = layer.key_NBKD.index_select(0, index).flatten(0, 1)
    value_LKE = layer.value_NBKE.index_select(0, index).flatten(0, 1)
    missing = offset + stop - first - key_LKD.shape[0]
    if missing > 0:
        key_LKD, value_LKE = (functional.pad(part, (0, 0, 0, 0, 0, missing)) for part in (key_LKD, value_LKE))
    key_LKD, value_LKE = key_LKD[offset : offset + stop - first], value_LKE[offset : offset + stop - first]
    if context < stop:
        key_LKD[context - first :].zero_()
        value_LKE[context - first :].zero_()
    if first < seen:
        key_LKD[: seen - first].zero_()
        value_LKE[: seen - first].zero_()
    return key_LKD, value_LKE
