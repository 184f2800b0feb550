"""Which queries a program serves, and which keys they see.

Legend: T tokens in batch, S sequences in batch, G query heads per KV head, D key head size, E value head size, Q queries of a tile, ROWS = rows of a
program (Q * G, padded), TILE = keys that a program takes at a time.

Which sequence a program serves is found by bisection: tiles of sequence s begin at starts[s] // Q + s, which never
decreases and leaves each sequence room for all of its tiles. So the grid, T // Q + S, needs no number from the device.
"""

import triton
import triton.language as tl

from aweigh.kernels.triton.jit import kernel

LEAST_ROWS = 16
TILE = 32


@kernel()
def sequence_of_tile(starts: tl.tensor, sequences: tl.tensor, tile: tl.tensor, Q: tl.constexpr) -> tl.tensor:
    """Returns the last sequence whose first tile is at or before `tile`, the token that it starts with, how many queries it has, and
    number of the tile's first one among them: at or behind the last one if the tile is none of its."""
    low = 0
    high = sequences
    while low < high:
        middle = (low + high) // 2
        if tl.load(starts + middle) // Q + middle <= tile:
            low = middle + 1
        else:
            high = middle
    sequence = low - 1
    start = tl.load(starts + sequence)
    queries = tl.load(starts + sequence + 1) - start
    return sequence, start, queries, (tile - start // Q - sequence) * Q


@kernel()
def heads_of_rows(
    kv_head: tl.tensor,
    start: tl.tensor,
    queries: tl.tensor,
    first: tl.tensor,
    G: tl.constexpr,
    Q: tl.constexpr,
    ROWS: tl.constexpr,
) -> tl.tensor:
    """Returns per row of a tile its query's number in the sequence, whether there is one, its head and its token in the batch."""
    r = tl.arange(0, ROWS)
    local = first + r // G
    return local, (r < Q * G) & (local < queries), kv_head * G + r % G, (start + local).to(tl.int64)


@kernel()
def seen_by(
    first: tl.tensor,
    queries: tl.tensor,
    context: tl.tensor,
    window: tl.tensor,
    chunk: tl.tensor,
    Q: tl.constexpr,
    HAS_WINDOW: tl.constexpr,
    HAS_CHUNK: tl.constexpr,
    CAUSAL: tl.constexpr,
) -> tl.tensor:
    """Returns the first key that a tile sees whose first query is number `first`, and the one behind its last."""
    first_p = context - queries + first
    last_p = tl.minimum(first_p + Q, context) - 1
    low = 0
    high = context
    if CAUSAL:
        high = last_p + 1
        if HAS_WINDOW:
            low = tl.maximum(low, first_p - window + 1)
    elif HAS_WINDOW:
        low = tl.maximum(low, first_p - window)
        high = tl.minimum(high, last_p + window + 1)
    if HAS_CHUNK:
        low = tl.maximum(low, first_p // chunk * chunk)
    return low, high


def tiling(heads: int, kv_heads: int, key_size: int, value_size: int) -> dict[str, int]:
    """Returns the compile-time shapes of the kernel, which follow from the heads alone."""
    group = heads // kv_heads
    rows = max(LEAST_ROWS, triton.next_power_of_2(group))
    return {
        "G": group,
        "D": key_size,
        "E": value_size,
        "D_PAD": max(16, triton.next_power_of_2(key_size)),
        "E_PAD": max(16, triton.next_power_of_2(value_size)),
        "Q": rows // group,
        "ROWS": rows,
        "TILE": TILE,
    }
