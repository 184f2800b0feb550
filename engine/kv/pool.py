"""Where block numbers come from: the interface to the memory room's pools (`aweigh.memory.kv.KvPool` has this shape)."""

from math import inf
from typing import Protocol


class BlockPool(Protocol):
    """The block numbers of one KV group of one structure. Several pools draw on one store: one's gain is another's loss."""

    @property
    def most_blocks(self) -> int:
        """An upper bound of the blocks it could ever have, all other pools being empty."""

    def grow(self, before: float = inf) -> range | None:
        """Adds a run of blocks to use and returns it; None if the store has none left. Weights give way to it that were used before that time in
        seconds, and no others."""

    def shrink(self, unused: set[int]) -> list[range]:
        """Gives back every run whose blocks are all in `unused`. Returns the blocks that are gone."""
