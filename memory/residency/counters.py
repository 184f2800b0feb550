"""What the manager has counted since it began. A miss is an extent of a Need that was neither there nor on its way."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Numbers of extents, and of bytes where the name says so.

    `late` hits were on their way when they were needed. `useful` fetches on a guess were needed before they were dropped. `refetched`
    ones had been dropped just before. `impossible` counts suggestions that nobody could follow, `fallback_drops` drops in the
    manager's own order because the policy had suggested too little.
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
