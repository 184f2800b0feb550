"""Hits of runs that find all their weights under a ticket that they kept: counted by ticket, one addition a run, and summed when somebody asks."""

from collections.abc import Callable

from aweigh.memory.residency.counters import Counters


class Again:
    """How often a kept ticket was used, by ticket."""

    def __init__(self) -> None:
        self._runs: dict[int, tuple[tuple[int, ...], int]] = {}

    def used(self, ticket: int, numbers: tuple[int, ...]) -> None:
        """A run found these regions under its ticket, which stays the same."""
        known = self._runs.get(ticket)
        self._runs[ticket] = numbers, 1 if known is None else known[1] + 1

    def add_to(self, counters: Counters, bytes_of: Callable[[int], int]) -> None:
        """Adds what was counted since the last time."""
        for numbers, runs in self._runs.values():
            counters.hits += runs * len(numbers)
            counters.hit_bytes += runs * sum(map(bytes_of, numbers))
        self._runs.clear()
