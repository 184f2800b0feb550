"""A ragged batch: T tokens of S sequences side by side, without padding, and where each one's KV is.

Legend: T tokens in batch, S sequences in batch, S1 = S + 1, M most blocks of a sequence in this batch, B tokens per block.

Every length stands here twice: as a tensor for kernels on a device, and as a tuple for Python, so that nobody ever reads a
tensor back (on a GPU that is a synchronisation per layer).

Position p of a sequence lives in block `blocks[p // B]` at row p % B. Queries of a sequence are its last tokens: with n
queries and context length c (this step's tokens included) they stand at positions c - n .. c - 1. Blocks that no query of this
step may see (they fell out of a sliding window, say) may be given back to the pool: their entry is then NO_BLOCK and is not read.

What an encoder made of a sequence's input (its memory) has blocks and a length of its own: `memory` is a second batch of the same queries
over those, in which nobody has a position and nothing is written.

Recurrent state has blocks of its own: `states[s]` says where a sequence's state stands before the step (NO_BLOCK: zero, nothing is
computed yet), and to which other block it goes. Empty for models without.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

NO_BLOCK = -1
NO_SLOT = -1


@dataclass(frozen=True, slots=True)
class Ragged:
    """What kernels must know about one step. Made once per step and KV group, shared by all layers.

    Tensors: `query_starts_S1` int32 (first token of each sequence, then T), `context_lengths_S` int32 (tokens in KV after this
    step's write), `block_table_SM` int32 (padded with NO_BLOCK), `slot_mapping_T` int64 (block * B + row where a token's KV is
    written; NO_SLOT: not written), `sequence_of_token_T` int32. The tuples are the same numbers. `scratch` is the kernels'
    own: what they derive once per step (masks, gather indices) and reuse in every layer.
    """

    block_size: int
    query_starts_S1: Tensor
    context_lengths_S: Tensor
    block_table_SM: Tensor
    slot_mapping_T: Tensor
    sequence_of_token_T: Tensor
    query_starts: tuple[int, ...]
    context_lengths: tuple[int, ...]
    blocks: tuple[tuple[int, ...], ...]
    slots: tuple[int, ...]
    max_queries: int
    states: tuple[tuple[int, int], ...] = ()
    memory: "Ragged | None" = None
    scratch: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def tokens(self) -> int:
        """T."""
        return self.query_starts[-1]

    @property
    def sequences(self) -> int:
        """S."""
        return len(self.context_lengths)

    @staticmethod
    def of(
        query_lengths: Sequence[int],
        context_lengths: Sequence[int],
        blocks: Sequence[Sequence[int]],
        block_size: int,
        device: torch.device | str = "cpu",
        states: Sequence[tuple[int, int]] = (),
        memory: "Ragged | None" = None,
        *,
        writes: bool = True,
    ) -> "Ragged":
        """Lays out a batch.

        Args:
            query_lengths: [S] tokens of each sequence in this step, at least 0.
            context_lengths: [S] tokens in KV after this step's write, at least the sequence's query length.
            blocks: [S] block numbers of each sequence, at least ceil(context / B); NO_BLOCK where nothing is read or written; empty for
                all sequences of a model that keeps no keys and values.
            block_size: B.
            states: [S] blocks of recurrent state, before and after.
            memory: the same queries over the sequences' memories.
            writes: whether the step's tokens are the last of each context; else contexts may be of any length, and nothing is written.
        """
        assert all(before != after for before, after in states), "a state is not written where it is read"
        starts = [0]
        sequence_of_token: list[int] = []
        slots: list[int] = []
        for sequence, (queries, context) in enumerate(zip(query_lengths, context_lengths, strict=True)):
            row = blocks[sequence] if blocks else ()
            starts.append(starts[-1] + queries)
            sequence_of_token.extend([sequence] * queries)
            if not blocks:
                continue
            if not writes:
                assert context <= len(row) * block_size, "what is read is there"
                slots.extend([NO_SLOT] * queries)
                continue
            assert 0 <= queries <= context <= len(row) * block_size, "a step's tokens fit into the sequence's blocks"
            for position in range(context - queries, context):
                block = row[position // block_size]
                slots.append(NO_SLOT if block == NO_BLOCK else block * block_size + position % block_size)
        width = max((len(row) for row in blocks), default=0)
        padded = [[*row, *[NO_BLOCK] * (width - len(row))] for row in blocks]

        def int32(values: Any) -> Tensor:
            return torch.tensor(values, dtype=torch.int32, device=device)

        return Ragged(
            block_size=block_size,
            query_starts_S1=int32(starts),
            context_lengths_S=int32(list(context_lengths)),
            block_table_SM=int32(padded).view(len(padded), width),
            slot_mapping_T=torch.tensor(slots, dtype=torch.int64, device=device),
            sequence_of_token_T=int32(sequence_of_token),
            query_starts=tuple(starts),
            context_lengths=tuple(context_lengths),
            blocks=tuple(map(tuple, blocks)),
            slots=tuple(slots),
            max_queries=max(query_lengths, default=0),
            states=tuple(states),
            memory=memory,
        )
