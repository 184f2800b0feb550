"""Who is given up: the policy's suggestions first, then the least recently used.

What waiting tickets want and what the policy has pinned goes last, but before a promise is broken. A policy may suggest nonsense, and
without end: what cannot be is counted, and after so much of it in one answer nobody listens any more.
"""

import itertools
from collections.abc import Mapping

from aweigh.memory.policy.base import Drop, Policy, View
from aweigh.memory.residency.counters import Counters
from aweigh.memory.residency.ledger import Ledger

MOST_IMPOSSIBLE = 64


class Victims:
    """Chooses among the residents of a ledger. `soft` are the policy's pins with their ends."""

    def __init__(self, ledger: Ledger, wanted: Mapping[int, int], counters: Counters) -> None:
        self._ledger = ledger
        self._wanted = wanted
        self._counters = counters
        self.soft: dict[int, float] = {}

    def for_need(self, policy: Policy, view: View) -> list[int]:
        """Residents with `view.need_frames` frames in all, or every one that can go if that is less."""
        chosen: dict[int, None] = {}
        missing = self._suggested(policy, view, chosen, below=None)
        if missing <= 0:
            return list(chosen)
        for sparing in (True, False):
            for extent in self._ledger.resident:
                if missing <= 0:
                    break
                if extent in chosen or extent in self._ledger.pins or (sparing and self._spared(extent, view.time)):
                    continue
                chosen[extent] = None
                missing -= self._ledger.frames(extent)
                self._counters.fallback_drops += 1
        return list(chosen)

    def for_guess(self, policy: Policy, view: View, cost: float) -> list[int]:
        """Residents with `view.need_frames` frames in all that the policy holds cheaper than `cost`; none if that is less."""
        chosen: dict[int, None] = {}
        return [] if self._suggested(policy, view, chosen, below=cost) > 0 else list(chosen)

    def _suggested(self, policy: Policy, view: View, chosen: dict[int, None], below: float | None) -> int:
        missing, impossible = view.need_frames, 0
        ledger = self._ledger
        for suggestion in itertools.islice(policy.suggest(view), 2 * len(ledger.resident) + MOST_IMPOSSIBLE):
            if not isinstance(suggestion, Drop) or (below is not None and suggestion.cost >= below):
                continue
            extent = suggestion.extent
            if extent not in ledger.resident or extent in ledger.pins or extent in chosen:
                impossible += 1
                if impossible > MOST_IMPOSSIBLE:
                    break
            elif not self._spared(extent, view.time):
                chosen[extent] = None
                missing -= ledger.frames(extent)
                if missing <= 0:
                    break
        self._counters.impossible += impossible
        return missing

    def _spared(self, extent: int, time: float) -> bool:
        return extent in self._wanted or self.soft.get(extent, time) > time
