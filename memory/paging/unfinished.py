"""Frames that are to leave their places. Where the system refuses (a process has so many mappings and no more, and moving a frame may take one),
it is tried again later, and nobody hears that they are free before they are."""

from collections.abc import Callable

from aweigh.memory.failpoints import reach
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.residency import events as ev


class Unfinished:
    """Calls that may fail, each with what is to be said when it has not."""

    def __init__(self) -> None:
        self._left: list[tuple[Callable[[], None], ev.Event]] = []

    def __len__(self) -> int:
        return len(self._left)

    def do(self, call: Callable[[], None], answer: ev.Event) -> list[ev.Event]:
        """Calls, and returns the answer; nothing if it is kept for later. A call is made again as a whole."""
        try:
            reach(Migration.DROP_TOLD)
            call()
            reach(Migration.STRIPPED)
        except (OSError, MemoryError):
            self._left.append((call, answer))
            return []
        return [answer]

    def again(self) -> list[ev.Event]:
        """Tries what is left, and returns the answers of what is not any more."""
        left, self._left = self._left, []
        return [said for call, answer in left for said in self.do(call, answer)]
