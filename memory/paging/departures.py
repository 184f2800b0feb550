"""The thread that waits for fences, so that nobody who launches has to. `Leaving` decides; this obeys, under the pager's lock.

What may go at once goes at once. Else the thread sleeps until the first fence has passed, outside of the lock, and then sees off all that have become free.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aweigh.memory.frames.core import Fence
from aweigh.memory.paging.leaving import Leaving
from aweigh.memory.residency.events import Dropped

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Ticket:
    """Regions that somebody asked for, and of each stream a fence behind what was launched with them."""

    regions: Sequence[int]
    fences: dict[int, Fence] = field(default_factory=dict)


class Departures:
    """Of one pager's regions. Methods are called under `lock`, `close` apart; `gone` is called under it, too, on the thread."""

    def __init__(
        self, lock: threading.RLock, clock: Callable[[], float], gone: Callable[[list[Dropped]], None]
    ) -> None:
        self._lock = lock
        self._more = threading.Condition(lock)
        self._clock = clock
        self._gone = gone
        self._leaving = Leaving()
        self._tickets: dict[int, _Ticket] = {}
        self._thread: threading.Thread | None = None
        self._closed = False

    def __len__(self) -> int:
        """Regions that wait for a fence."""
        return len(self._leaving)

    def asked(self, ticket: int, regions: Sequence[int]) -> None:
        """Somebody may come to hold these regions, until `ended`."""
        self._tickets[ticket] = _Ticket(regions)

    def launched(self, ticket: int, fence: Fence | None) -> None:
        """What was launched before the fence reads the ticket's regions. None of them goes before `ended`."""
        if fence is not None:
            self._tickets[ticket].fences[fence.stream] = fence

    def ended(self, ticket: int) -> None:
        """Nobody will read the ticket's regions because of it any more."""
        held = self._tickets.pop(ticket, _Ticket(()))
        for fence in held.fences.values():
            self._leaving.used(held.regions, fence)

    def leave(self, region: int) -> list[Dropped]:
        """A region is to go. Returns what is to be said of those that may go now; `gone` hears of the others.

        Raises OSError where the device is lost.
        """
        self._leaving.go(region)
        fence = self._leaving.awaited()
        while fence is not None and fence.has_passed():
            self._leaving.passed(fence)
            fence = self._leaving.awaited()
        free = self._free()
        if fence is not None:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pager-leave", daemon=True)
                self._thread.start()
            self._more.notify()
        return free

    def close(self, timeout: float) -> None:
        """Ends the thread when all have left, waiting so many seconds for it at most. Called without the lock."""
        with self._lock:
            self._closed = True
            self._more.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        while (fence := self._next()) is not None:
            try:
                fence.wait()
            except OSError as error:
                _log.critical("the device is lost, and what it read cannot leave: %s", error)
                return
            with self._lock:
                self._leaving.passed(fence)
                if free := self._free():
                    self._gone(free)

    def _free(self) -> list[Dropped]:
        return [Dropped(region, self._clock()) for region in self._leaving.gone()]

    def _next(self) -> Fence | None:
        with self._lock:
            while (fence := self._leaving.awaited()) is None and not self._closed:
                self._more.wait()
            return fence
