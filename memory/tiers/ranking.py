"""Which origin is asked first. Pure: time is a value.

The fastest, by what was measured; until then a disk counts as 1 GB/s, a peer's memory as 0.8 and an object store as 0.1. So a page that is on
the disk is read from the disk unless that turns out slower than a peer. Or tiers are asked in the order that `policy.toml` says,
the fastest first within one. Origins that failed are passed over for a while; an object store is then still asked, last,
since mostly nobody is behind it, and so is the disk.
"""

from collections.abc import Iterable, Sequence

from aweigh.memory.tiers.origin import Origin, Tier
from aweigh.memory.tiers.standing import Standing

ASSUMED = {Tier.DISK: 1e9, Tier.PEERS: 8e8, Tier.OBJECTS: 1e8}


class Ranking:
    """`standings` by an origin's name. `order`: tiers as they are to be asked, the ones left out not at all; empty: by speed."""

    def __init__(self, order: Sequence[Tier] = ()) -> None:
        self._order = tuple(order)
        self.standings: dict[str, Standing] = {}

    def of(self, origin: Origin) -> Standing:
        """How an origin has done."""
        found = self.standings.get(origin.name)
        if found is None:
            found = self.standings[origin.name] = Standing(ASSUMED[origin.tier])
        return found

    def ranked(self, origins: Iterable[Origin], now: float) -> list[Origin]:
        """Whom to ask, the first first."""
        wanted = [origin for origin in origins if not self._order or origin.tier in self._order]
        resting = [origin for origin in wanted if origin.tier is not Tier.DISK and self.of(origin).rests(now)]
        awake = [origin for origin in wanted if origin not in resting]
        last = [origin for origin in resting if origin.tier is Tier.OBJECTS]
        return [*self._sorted(awake, now), *self._sorted(last, now)]

    def bytes_per_second(self, origins: Iterable[Origin], now: float) -> float:
        """Of whoever is asked first; 0 if nobody is."""
        first = next(iter(self.ranked(origins, now)), None)
        return 0.0 if first is None else self.of(first).bytes_per_second(now)

    def _sorted(self, origins: list[Origin], now: float) -> list[Origin]:
        def key(origin: Origin) -> tuple[int, float]:
            place = self._order.index(origin.tier) if self._order else 0
            return place, -self.of(origin).bytes_per_second(now)

        return sorted(origins, key=key)
