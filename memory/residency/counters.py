"""What the manager has counted since it began. A miss is an extent of a Need that was neither there nor on its way."""

from dataclasses import dataclass

from aweigh.memory.policy.base import Item
from aweigh.memory.residency.ledger import Place


@dataclass(slots=True)
class Counters:
    """Numbers of extents, and of bytes where the name says so.

    `late` hits were on their way when they were needed. `useful` fetches on a guess were needed before they were dropped. `refetched`
    ones had been dropped just before. `impossible` counts suggestions that nobody could follow, `fallback_drops` drops in the
    manager's own order because the policy had suggested too little. `damaged` residents were found to have other bytes than had come.
    """

    hits: int = 0
    hit_bytes: int = 0
    late: int = 0
    misses: int = 0
    missed_bytes: int = 0
    fetched_bytes: int = 0
    drops: int = 0
    fallback_drops: int = 0
    guesses: int = 0
    guessed_bytes: int = 0
    useful: int = 0
    refetched: int = 0
    failed: int = 0
    refused: int = 0
    impossible: int = 0
    records: int = 0
    damaged: int = 0

    def needed(self, item: Item, place: Place | None) -> None:
        """Somebody needs an extent, which is in this place."""
        if place is Place.RESIDENT:
            self.hits += 1
            self.hit_bytes += item.bytes
        elif place is Place.FETCHING:
            self.late += 1
        else:
            self.misses += 1
            self.missed_bytes += item.bytes
