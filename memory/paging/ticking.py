"""The thread that wakes a manager when its policy may guess something new."""

import threading
from collections.abc import Callable


class Ticking:
    """Calls `tick` when `due` says that it is time, both under the lock of `changed`, which is notified of everything that happens."""

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
        self._closed = False

    def start(self) -> None:
        """Begins."""
        threading.Thread(target=self._run, name="pager", daemon=True).start()

    def close(self) -> None:
        """Ends it. Called under the lock."""
        self._closed = True
        self._changed.notify_all()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                due = self._due()
                self._changed.wait(None if due is None else max(0.0, due - self._clock()))
                if due is not None and not self._closed and self._clock() >= due:
                    self._tick()
