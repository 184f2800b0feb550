"""Progress for a person who waits, on stderr and only where that is a terminal; results go to stdout."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from aweigh.memory.store.tell import Tell, silent


@contextmanager
def showing(title: str) -> Iterator[Tell]:
    """Yields what hears a stage, and how many bytes of it are over, of how many (0: nobody knows). The line is gone afterwards."""
    if not sys.stderr.isatty():
        yield silent
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(24),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as display:
        task = display.add_task(title, total=None, count="")

        def tell(stage: str, done: int, total: int) -> None:
            count = f"{done / 1e6:.0f}/{total / 1e6:.0f} MB" if total else ""
            display.update(task, description=f"{title}: {stage}", completed=done, total=total or None, count=count)

        yield tell


def size(count: int) -> str:
    """Bytes, for people."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= unit:
            return f"{count / unit:.2f} {name}" if count < 10 * unit else f"{count / unit:.0f} {name}"
    return f"{count} B"
