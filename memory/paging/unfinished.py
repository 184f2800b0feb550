"""Frames that are to leave their places. Where the system refuses (a process has so many mappings and no more, and moving a frame may take one),
it is tried again with the next event, at the latest after a moment, and nobody hears that they are free before they are."""

import contextlib
import threading
from collections.abc import Callable

from aweigh.memory.failpoints import reach
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.residency import events as ev

_MOMENT = 0.05  # seconds


class Unfinished:
    """Calls that may fail, each with what is to be said when it has not. Methods are called under `lock`, and so is `retry`, which calls `again`."""

    def __init__(self, lock: threading.RLock, retry: Callable[[], None]) -> None:
        self._lock = lock
        self._retry = retry
        self._left: list[tuple[Callable[[], None], ev.Event]] = []
        self._waking = False

    def do(self, call: Callable[[], None], answer: ev.Event) -> list[ev.Event]:
        """Calls, and returns the answer; nothing if it is kept for later. A call is made again as a whole."""
        try:
            reach(Migration.DROP_TOLD)
            call()
            reach(Migration.STRIPPED)
        except (OSError, MemoryError):
            self._left.append((call, answer))
            self._wake_later()
            return []
        return [answer]

    def again(self) -> list[ev.Event]:
        """Tries what is left, and returns the answers of what is not any more."""
        left, self._left = self._left, []
        return [said for call, answer in left for said in self.do(call, answer)]

    def _wake_later(self) -> None:
        if self._waking:
            return
        timer = threading.Timer(_MOMENT, self._wake)
        timer.daemon = True
        with contextlib.suppress(RuntimeError):  # no thread to be had: the next event will do
            timer.start()
            self._waking = True

    def _wake(self) -> None:
        with self._lock:
            self._waking = False
            if self._left:
                self._retry()
