"""Numbers of extents: small integers, dense, so that tables over them are short."""

import heapq


class Numbers:
    """Which are in use."""

    def __init__(self) -> None:
        self._free: set[int] = set()
        self._next = 0

    def unused(self, count: int) -> list[int]:
        """The smallest ones that nobody has. They are given again until they are taken."""
        found = heapq.nsmallest(count, self._free)
        return found + list(range(self._next, self._next + count - len(found)))

    def take(self, number: int) -> None:
        """Somebody has it now."""
        self._free.discard(number)
        if number >= self._next:
            self._free.update(range(self._next, number))
            self._next = number + 1

    def give_back(self, number: int) -> None:
        """Nobody has it any more."""
        self._free.add(number)
