"""Extents in the order of a key that changes often: a heap in which old entries stay until they come up."""

import heapq
from collections.abc import Iterator


class Ranking:
    """The lowest key first; among equals the lowest number."""

    def __init__(self) -> None:
        self.keys: dict[int, float] = {}
        self._heap: list[tuple[float, int]] = []

    def put(self, extent: int, key: float) -> None:
        """Adds it, or moves it."""
        if self.keys.get(extent) == key:
            return
        self.keys[extent] = key
        heapq.heappush(self._heap, (key, extent))
        if len(self._heap) > 4 * len(self.keys) + 64:
            self._heap = sorted((key, extent) for extent, key in self.keys.items())

    def remove(self, extent: int) -> float | None:
        """Takes it out. Returns its key."""
        return self.keys.pop(extent, None)

    def ascending(self) -> Iterator[int]:
        """All of them, lazily, log n each. What is yielded stays; nothing may be put meanwhile."""
        seen: dict[int, float] = {}
        try:
            while self._heap:
                key, extent = heapq.heappop(self._heap)
                if self.keys.get(extent) == key and extent not in seen:
                    seen[extent] = key
                    yield extent
        finally:
            for extent, key in seen.items():
                if self.keys.get(extent) == key:
                    heapq.heappush(self._heap, (key, extent))
