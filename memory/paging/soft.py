"""Tickets that are kept for convenience, until somebody needs their frames; and those that have come for somebody who does not know it yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Kept:
    numbers: tuple[int, ...]
    used: float
    model: str


class Soft:
    """With the regions that were read under each, when last, and for whom."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._unclaimed: set[int] = set()

    def keep(self, ticket: int, numbers: tuple[int, ...], now: float, model: str) -> None:
        """Nobody uses it at the moment."""
        self._unclaimed.discard(ticket)
        self._kept[ticket] = _Kept(numbers, now, model)

    def came(self, ticket: int) -> None:
        """It is ready, and who waits for it will hear of it when the step thread is free."""
        self._unclaimed.add(ticket)

    def uses(self) -> dict[int, float]:
        """When each region was used last that was read under a ticket that is kept now."""
        return {number: kept.used for kept in self._kept.values() for number in kept.numbers}

    @property
    def has_unclaimed(self) -> bool:
        """Whether somebody could compute who does not know it yet."""
        return bool(self._unclaimed)

    def unclaimed(self) -> set[int]:
        """Those that have come. Nobody waits for them any more."""
        found, self._unclaimed = self._unclaimed, set()
        return found

    def take(self, ticket: int) -> tuple[int, ...] | None:
        """The regions under it if it was kept; it is not any more."""
        self._unclaimed.discard(ticket)
        kept = self._kept.pop(ticket, None)
        return None if kept is None else kept.numbers

    def drain(self, stays: Callable[[str], bool] = lambda model: False) -> Iterator[tuple[int, tuple[int, ...], float]]:
        """All but those of models that stay, the longest unused first: ticket, regions, last use. None of them is kept any more."""
        found = [(ticket, kept) for ticket, kept in self._kept.items() if not stays(kept.model)]
        for ticket, kept in sorted(found, key=lambda entry: entry[1].used):
            if self._kept.pop(ticket, None) is not None:
                yield ticket, kept.numbers, kept.used
