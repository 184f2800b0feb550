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
from functools import cached_property
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

NO_BLOCK = -1
NO_SLOT = -1


@dataclass(frozen=True)
class Ragged:
    """What kernels must know about one step. Made once per step and KV group, shared by all layers.

    `query_starts` [S1] are the first token of each sequence, then T; `context_lengths` [S] tokens in KV after this step's write; `blocks`
    block numbers by sequence; `slots` [T] block * B + row where a token's KV is written (NO_SLOT: not written). The tensors on
    `device` are the same numbers, each made when somebody asks for it first. `scratch` is the kernels'
    own: what they derive once per step (masks, gather indices) and reuse in every layer.
    """

    block_size: int
    device: torch.device | str
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

    @cached_property
    def query_starts_S1(self) -> Tensor:
        """int32."""
        return self._int32(self.query_starts)

    @cached_property
    def context_lengths_S(self) -> Tensor:
        """int32."""
        return self._int32(self.context_lengths)

    @cached_property
    def block_table_SM(self) -> Tensor:
        """int32, padded with NO_BLOCK."""
        width = max((len(row) for row in self.blocks), default=0)
        padded = [[*row, *[NO_BLOCK] * (width - len(row))] for row in self.blocks]
        return self._int32(padded).view(len(padded), width)

    @cached_property
    def slot_mapping_T(self) -> Tensor:
        """int64."""
        return torch.tensor(self.slots, dtype=torch.int64, device=self.device)

    @cached_property
    def sequence_of_token_T(self) -> Tensor:
        """int32, the number of each token's sequence."""
        lengths = [stop - start for start, stop in pairwise(self.query_starts)]
        return self._int32([sequence for sequence, length in enumerate(lengths) for _ in range(length)])

    def _int32(self, values: Any) -> Tensor:
        return torch.tensor(values, dtype=torch.int32, device=self.device)

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
        slots: list[int] = []
        for sequence, (queries, context) in enumerate(zip(query_lengths, context_lengths, strict=True)):
            row = blocks[sequence] if blocks else ()
            starts.append(starts[-1] + queries)
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
        return Ragged(
            block_size=block_size,
            device=device,
            query_starts=tuple(starts),
            context_lengths=tuple(context_lengths),
            blocks=tuple(map(tuple, blocks)),
            slots=tuple(slots),
            max_queries=max(query_lengths, default=0),
            states=tuple(states),
            memory=memory,
        )
