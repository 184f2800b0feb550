"""A limit on the memory of a process and of the files that it maps, through control groups; needs to be root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Group:
    """`start`: the words that start a command in it."""

    start: tuple[str, ...]
    folder: Path

    def peak(self) -> int:
        """The most bytes that it had, page cache included."""
        old = self.folder / "memory.max_usage_in_bytes"
        return int((old if old.exists() else self.folder / "memory.peak").read_text())


@contextmanager
def limited(most_bytes: int) -> Iterator[Group]:
    """A group that may have so much memory, page cache included. Raises OSError where that cannot be."""
    old = (ROOT / "memory").is_dir()  # version 1 has a tree per controller
    folder = (ROOT / "memory" if old else ROOT) / f"aweigh-bench-{os.getpid()}"
    folder.mkdir()
    try:
        (folder / ("memory.limit_in_bytes" if old else "memory.max")).write_text(str(most_bytes))
        yield Group(("sh", "-c", f'echo $$ > {folder}/cgroup.procs && exec "$@"', "sh"), folder)
    finally:
        folder.rmdir()
