"""Progress on long work, for a person who waits: one line on stderr that is gone when the work is done.

Shown only where stderr is a terminal, so that what a script prints, and what a log holds, never changes. Work that is over within
`_DELAY` shows nothing. rich draws it and is imported only then; it does not touch `sys.stdout` or `sys.stderr`, which are the script's.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

_DELAY = 0.3  # seconds


class Tell(Protocol):
    """Says how far the work is."""

    def __call__(self, stage: str, done: int = 0, total: int = 0, /, *, of_bytes: bool = False) -> None:
        """`stage`: what is being done now; `done` of `total` are over (0 of 0: nobody knows); `of_bytes`: these are bytes."""


def silent(stage: str, done: int = 0, total: int = 0, /, *, of_bytes: bool = False) -> None:
    """A `Tell` for whom nobody waits."""


def has_terminal() -> bool:
    """Whether a person may see what is written to stderr."""
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):  # a script may have closed or replaced it
        return False


@contextmanager
def showing(title: str, *, wanted: bool = True) -> Iterator[Tell]:
    """Yields a `Tell` whose words stand on the terminal until the block ends; nobody sees them if not `wanted` or without a terminal."""
    if not wanted or not has_terminal():
        yield silent
        return
    line = _Line(title)
    try:
        yield line.tell
    finally:
        line.end()


class _Line:
    """The line. Drawn by a thread of rich's from `_DELAY` on; `tell` may be called from any thread."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._state: tuple[str, int, int, bool] = ("", 0, 0, False)
        self._display: Any = None
        self._over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(_DELAY, self._begin)
        self._timer.daemon = True
        self._timer.start()

    def tell(self, stage: str, done: int = 0, total: int = 0, /, *, of_bytes: bool = False) -> None:
        with self._lock:
            self._state = (stage, done, total, of_bytes)
            self._draw()

    def end(self) -> None:
        with self._lock:
            self._over = True
            self._timer.cancel()
            if self._display is not None:
                self._display.stop()

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
        )
        with self._lock:
            if self._over:
                return
            console = Console(file=sys.stderr, highlight=False)
            self._display = Progress(
                *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._display.add_task(self._title, total=None, count="")
            self._draw()
            self._display.start()

    def _draw(self) -> None:
        if self._display is None:
            return
        stage, done, total, of_bytes = self._state
        count = "" if not total else f"{done / 1e6:.0f}/{total / 1e6:.0f} MB" if of_bytes else f"{done}/{total}"
        words = f"{self._title}: {stage}" if stage else self._title
        self._display.update(0, description=words, completed=done, total=total or None, count=count)
