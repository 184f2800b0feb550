"""Who waits to be read: the most urgent first, and one file's reads never before all of another's.

A model that is brought asks for everything at once. If its disk is slow, whoever asks for something from another one would wait for all of that: so
while others that are as urgent wait, a file leaves one of the reads that are done at once to them. On one disk that costs the first model a
quarter of its speed, and only as long as the second one waits.

Rejected: turns between files. Two models that are brought from one disk would both come when the second one could have come, and the first one
half as late.
"""

import heapq
from collections.abc import Collection, Mapping

from aweigh.memory.mover.fetch import Fetch


class Waiting:
    """By file, in the order of their keys. `reading`: reads that are done at once."""

    def __init__(self, reading: int) -> None:
        self._share = max(1, reading - 1)
        self._heaps: dict[int, list[tuple[tuple[int, int], int, Fetch]]] = {}

    def add(self, fetch: Fetch) -> None:
        """It has chunks, or has become more or less urgent."""
        heapq.heappush(self._heaps.setdefault(fetch.file, []), (fetch.key, fetch.extent, fetch))

    def next(self, busy: Mapping[int, int], stuck: Collection[int], *, tries_stuck: bool) -> Fetch | None:
        """Whose chunk is to be read next: `busy` says how many reads each file has now; from `stuck` ones nothing is read but where there is nothing else."""
        tops = sorted(top for file in list(self._heaps) if (top := self._top(file)))
        free = [fetch for _, _, fetch in tops if fetch.file not in stuck]
        if not free:
            return tops[0][2] if tops and tries_stuck else None
        urgent = free[0].key[0]
        for fetch in free:
            if fetch.key[0] == urgent and busy.get(fetch.file, 0) < self._share:
                return fetch
        return free[0]

    def _top(self, file: int) -> tuple[tuple[int, int], int, Fetch] | None:
        heap = self._heaps[file]
        while heap:
            key, _, fetch = heap[0]
            if not fetch.over and fetch.chunks and key == fetch.key and fetch.file == file:
                return heap[0]
            heapq.heappop(heap)
        del self._heaps[file]
        return None
