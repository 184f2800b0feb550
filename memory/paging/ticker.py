"""A thread that wakes the manager when its policy may guess something new, and sooner when what has happened made that sooner."""

import threading
from collections.abc import Callable
from math import inf


class Ticker:
    """Calls `tick` under the lock of `changed` at the time that `due` says (seconds of `clock`; None: not before something happens)."""

    def __init__(
        self,
        changed: threading.Condition,
        due: Callable[[], float | None],
        tick: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._changed = changed
        self._due = due
        self._tick = tick
        self._clock = clock
        self._wakes = -inf  # when the thread looks again by itself
        self._closed = False
        threading.Thread(target=self._run, name="pager", daemon=True).start()

    def look(self) -> None:
        """Something has happened; under the lock. Wakes the thread only if it would sleep too long."""
        due = self._due()
        if due is not None and due < self._wakes:
            self._changed.notify_all()

    def close(self) -> None:
        """Ends the thread; under the lock."""
        self._closed = True
        self._changed.notify_all()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                due = self._due()
                if due is not None and self._clock() >= due:
                    self._wakes = -inf
                    self._tick()
                    if (again := self._due()) is not None and again <= self._clock():
                        self._changed.wait(_LEAST)  # a policy that always wants to be asked is asked as often as that
                    continue
                self._wakes = inf if due is None else due
                self._changed.wait(None if due is None else due - self._clock())


_LEAST = 0.01
"""Seconds between two ticks of which the first changed nothing."""
