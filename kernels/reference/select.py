"""Chooses keys by a small attention of their own (DeepSeek's lightning indexer, Qwen's compressed blocks): positions, not values.

Legend: T tokens in batch, H heads, D head size, R rows of a tile, L positions, M blocks of tokens, N positions that a token may be given.

    score of key j for token t = sum over h of weight[t, h] * relu(scale * query[t, h] . key[j])

Scores are computed in tiles of R tokens that start at multiples of R, against all keys up to the tile's end: the shape of the product, and
with it the order of its sums, follows from the position alone, as in attention (`tile.py`). The choice is torch's `topk` over exactly
the keys that the token may see, which is what a step of transformers sorts: equal scores fall as they do there.
"""

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import NO_SLOT, Ragged
from aweigh.kernels.reference.gather import gather
from aweigh.kernels.reference.tile import Rules, Tile, tiles_of
from aweigh.kernels.reference.write import write_kv

_ALL = Rules(None, None, causal=True)


def select(
    query_THD: Tensor,
    key_TD: Tensor,
    layer: KvLayer,
    ragged: Ragged,
    *,
    count: int,
    scale: float,
    block: int = 1,
    weights_TH: Tensor | None = None,
) -> Tensor:
    """See `Kernels.select`."""
    write_kv(key_TD[:, None], key_TD[:, None, :0], layer, ragged)
    tokens, heads = query_THD.shape[:2]
    chosen_TN = torch.full((tokens, count * block + block - 1), NO_SLOT, dtype=torch.int32, device=query_THD.device)
    weights = query_THD.new_ones((tokens, heads)) if weights_TH is None else weights_TH
    for sequence, context in enumerate(ragged.context_lengths):
        start, stop = ragged.query_starts[sequence], ragged.query_starts[sequence + 1]
        first = context - (stop - start)
        fixed = min(context, (count + 1) * block - 1)  # before this position there is nothing to choose
        for position in range(first, fixed):
            every_L = torch.arange(position + 1, device=chosen_TN.device)
            chosen_TN[start + position - first, : position + 1] = every_L
        if max(first, fixed) == context:
            continue
        tiles = list(tiles_of(max(first, fixed), context, 1, _ALL))
        key_LD = gather(layer, ragged, sequence, 0, 0, tiles[-1].stop)[0][:, 0].float()
        for tile in tiles:
            rows = range(max(tile.query, first, fixed), min(tile.stop, context))
            part = slice(start + rows[0] - first, start + rows[-1] + 1 - first)
            score_RM = _scores(query_THD[part], weights[part], key_LD, tile, rows, scale, block)
            for position, token in zip(rows, range(part.start, part.stop), strict=True):
                blocks = (position + 1) // block
                best = score_RM[position - tile.query, :blocks].topk(count).indices
                chosen_TN[token, : count * block] = _positions(best, block)
                tail_L = torch.arange(blocks * block, position + 1, device=chosen_TN.device)
                chosen_TN[token, count * block : count * block + len(tail_L)] = tail_L
    return chosen_TN


def _scores(
    query_QHD: Tensor, weights_QH: Tensor, key_LD: Tensor, tile: Tile, rows: range, scale: float, block: int
) -> Tensor:
    """Scores of a tile's rows, zero where the call does not have a row; of blocks that end later, whatever comes."""
    around = (rows[0] - tile.query, tile.stop - 1 - rows[-1])
    query_RHD = functional.pad(query_QHD.float(), (0, 0, 0, 0, *around))
    weights_R1H = functional.pad(weights_QH.float(), (0, 0, *around)).unsqueeze(1)
    key_MD = key_LD[block - 1 : tile.stop : block]
    score_RHM = torch.matmul(query_RHD, key_MD.t()).mul_(scale).relu_()
    return torch.matmul(weights_R1H, score_RHM).squeeze(1)


def _positions(block_K: Tensor, block: int) -> Tensor:
    if block == 1:
        return block_K
    return (block_K[:, None] * block + torch.arange(block, device=block_K.device)).flatten()
