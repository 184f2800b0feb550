"""A tape of a step's calls, played for one batch after the other: what changes between them is set first.

Where keys and values go and lie, and who sees what, are arrays of the batch, made once per step; their addresses stand in the tables of
records that write and that attend.
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from aweigh.kernels.cpu.attend import slots_of, spans_of, tables_of
from aweigh.kernels.cpu.tape import Tape
from aweigh.kernels.ragged import Ragged

SLOTS_OF_BATCH, BLOCKS_OF_BATCH = "slots", "blocks"
"""What an entry of a table is: one of these, or rules of who sees whom."""


class Recording:
    """A tape, and what must be set in it for each batch."""

    def __init__(
        self, tape: Tape, tokens: int | None, patches: dict[Any, list[tuple[int, int]]], kept: Sequence[Tensor]
    ) -> None:
        self._tape = tape.ready()
        self._kept = kept
        self._tokens = tokens
        self._places = {
            what: [self._tape.place(record, entry) for record, entry in entries] for what, entries in patches.items()
        }

    def run(self, ragged: Ragged | None) -> None:
        """Plays it for a batch. Raises ValueError where that does not have one token for each query."""
        if self._tokens is not None:
            assert ragged is not None, "whoever attends has a batch"
            if ragged.tokens != self._tokens:
                raise ValueError(
                    f"attention is given {self._tokens} queries in a step of {ragged.tokens} tokens: give one per token"
                )
            tables = tables_of(ragged)
            for what, places in self._places.items():
                cells = (
                    slots_of(ragged)
                    if what == SLOTS_OF_BATCH
                    else tables
                    if what == BLOCKS_OF_BATCH
                    else spans_of(ragged, what)
                )
                self._tape.set(places, cells.buffer_info()[0])
        self._tape.run()
