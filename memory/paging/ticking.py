"""The thread that wakes a manager when its policy may guess something new."""

import threading
from collections.abc import Callable

from aweigh.memory.residency import events as ev
from aweigh.memory.residency.manager import Manager


class Ticking:
    """Feeds a Tick when the manager says that it is time. `changed` is notified of everything that happens, and its lock is the manager's."""

    def __init__(
        self,
        changed: threading.Condition,
        manager: Manager,
        feed: Callable[[ev.Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._changed = changed
        self._manager = manager
        self._feed = feed
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
                due = self._manager.next_decision_time()
                self._changed.wait(None if due is None else max(0.0, due - self._clock()))
                if due is not None and not self._closed and self._clock() >= due:
                    self._feed(ev.Tick(self._clock()))
