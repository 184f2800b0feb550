"""A limit on the memory of a process and of the files that it maps, through control groups; needs to be root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


@contextmanager
def limited(most_bytes: int) -> Iterator[tuple[str, ...]]:
    """The words that start a command in a group that may have so much memory, page cache included. Raises OSError where that cannot be."""
    old = (ROOT / "memory").is_dir()  # version 1 has a tree per controller
    group = (ROOT / "memory" if old else ROOT) / f"aweigh-bench-{os.getpid()}"
    group.mkdir()
    try:
        (group / ("memory.limit_in_bytes" if old else "memory.max")).write_text(str(most_bytes))
        yield ("sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh")
    finally:
        group.rmdir()
