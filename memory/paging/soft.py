"""Tickets that are kept for convenience, until somebody needs their frames; and those that have come for somebody who does not know it yet."""

from collections.abc import Iterator


class Soft:
    """With the regions that were read under each, and when last."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[tuple[int, ...], float]] = {}
        self._unclaimed: set[int] = set()

    def keep(self, ticket: int, numbers: tuple[int, ...], now: float) -> None:
        """Nobody uses it at the moment."""
        self._unclaimed.discard(ticket)
        self._kept[ticket] = numbers, now

    def came(self, ticket: int) -> None:
        """It is ready, and who waits for it will hear of it when the step thread is free."""
        self._unclaimed.add(ticket)

    def unclaimed(self) -> set[int]:
        """Those that have come. Nobody waits for them any more."""
        found, self._unclaimed = self._unclaimed, set()
        return found

    def take(self, ticket: int) -> tuple[int, ...] | None:
        """The regions under it if it was kept; it is not any more."""
        numbers, _ = self._kept.pop(ticket, (None, 0.0))
        return numbers

    def drain(self) -> Iterator[tuple[int, tuple[int, ...], float]]:
        """All of them, the longest unused first: ticket, regions, last use. None is kept any more."""
        kept, self._kept = self._kept, {}
        for ticket, (numbers, used) in sorted(kept.items(), key=lambda entry: entry[1][1]):
            yield ticket, numbers, used
