"""Tickets that are kept for convenience, until somebody needs their frames."""

from collections.abc import Iterator


class Soft:
    """With the regions that were read under each, and when last."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[tuple[int, ...], float]] = {}

    def keep(self, ticket: int, numbers: tuple[int, ...], now: float) -> None:
        """Nobody uses it at the moment."""
        self._kept[ticket] = numbers, now

    def take(self, ticket: int) -> tuple[int, ...] | None:
        """The regions under it if it was kept; it is not any more."""
        numbers, _ = self._kept.pop(ticket, (None, 0.0))
        return numbers

    def drain(self) -> Iterator[tuple[int, tuple[int, ...], float]]:
        """All of them, the longest unused first: ticket, regions, last use. None is kept any more."""
        kept, self._kept = self._kept, {}
        for ticket, (numbers, used) in sorted(kept.items(), key=lambda entry: entry[1][1]):
            yield ticket, numbers, used
