"""How many types are done, on stderr: a line per type, and on a terminal a bar below them.

The bar is drawn when a type is done and never by a thread: children are forked meanwhile, and a fork may not meet a lock that is held.
"""

import sys
from typing import Any, Self

from aweigh.compiler.progress import has_terminal


class Meter:
    """A context manager. `done` of `total` types were done before it begins."""

    def __init__(self, total: int, done: int) -> None:
        self._total, self._done = total, done
        self._bar: Any = None

    def __enter__(self) -> Self:
        if has_terminal():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("types"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            console = Console(file=sys.stderr, highlight=False)
            self._bar = Progress(
                *columns, console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
            )
            self._bar.add_task("", total=self._total, completed=self._done)
            self._bar.start()
        return self

    def advance(self, line: str) -> None:
        """One more is done; `line` says which, and how it went."""
        self._done += 1
        if self._bar is None:
            print(line, file=sys.stderr, flush=True)
            return
        self._bar.console.print(line, markup=False, soft_wrap=True)
        self._bar.update(0, completed=self._done, refresh=True)

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()
