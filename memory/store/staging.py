"""What a publish has written and nobody sees yet: a directory under publishing/, its journal and its segments.

The directory is named by what is published; whoever has the lock in it publishes that, and others wait. One that was killed leaves the
directory behind: the next publish of the same goes on from the journal, and gc takes it away. A segment that is in the catalog, or gone, counts as never
written: the journal is older than both.

Batches are made safe in a thread, one at a time and in order, while the next one is read, hashed and written.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from aweigh.memory.failpoints import reach
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.disk import sync_directory
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.journal import Journal, Safe
from aweigh.memory.store.segment import Staged, path_of

LOCK = "lock"
JOURNAL = "journal"


class Staging:
    """Open, and ours alone until `close`."""

    def __init__(self, store: Store, key: bytes, tell: Callable[[str], None]) -> None:
        """Waits while another process publishes the same; `tell` hears of it. Raises OSError."""
        self.directory = store.publishing / key.hex()
        self._store = store
        self._lock = _locked(self.directory, tell)
        reach(Failpoint.STAGING_LOCKED)
        self._journal = Journal(self.directory / JOURNAL)
        self._segments: dict[str, Staged] = {}
        self._current: Staged | None = None
        self._batch: list[Safe] = []
        self._saver = ThreadPoolExecutor(1)
        self._saving: tuple[list[Safe], Future[None]] | None = None
        self.hashes: dict[int, bytes] = {}
        """Of pages that are written or were stored before, by their number in the plan."""
        self.staged: dict[bytes, tuple[str, int]] = {}
        """Segment and slot of pages that we have written, by hash."""

    def resume(self, connection: sqlite3.Connection) -> None:
        """Takes over what an earlier publish left. Raises OSError."""
        wanted: dict[str, int] = {}
        for safe in self._journal.safe:
            wanted[safe.segment] = max(wanted.get(safe.segment, 0), safe.slot + 1)
        wanted.pop("", None)
        for name, slots in wanted.items():
            if connection.execute("SELECT 1 FROM segments WHERE name = ?", (name,)).fetchone():
                continue
            for directory in (self.directory, self._store.segments):
                segment = Staged.reopen(path_of(directory, name), slots)
                if segment is not None:
                    self._segments[name] = segment
                    break
        for safe in self._journal.safe:
            if safe.segment in self._segments:
                self.staged[safe.hash] = (safe.segment, safe.slot)
            if not safe.segment or safe.segment in self._segments:
                self.hashes[safe.number] = safe.hash
        for segment in self._segments.values():
            if segment.path.parent == self.directory and not segment.full:
                self._current = segment

    def stored_before(self, number: int, name: bytes) -> None:
        """Page `number` of the plan needs no slot of ours."""
        self._batch.append(Safe(number, name, "", 0))

    def write(self, number: int, name: bytes, page: memoryview) -> None:
        """Page `number` of the plan gets a slot. Raises OSError."""
        if self._current is None or self._current.full:
            self._current = Staged.create(self.directory)
            self._segments[self._current.name] = self._current
            reach(Failpoint.SEGMENT_CREATED)
        slot = self._current.append(page)
        self.staged[name] = (self._current.name, slot)
        self._batch.append(Safe(number, name, self._current.name, slot))

    @property
    def unsafe(self) -> int:
        """Pages since the last `save`."""
        return len(self._batch)

    def save(self) -> None:
        """Begins to make safe what was written since the last time, when that is safe. Raises OSError of that."""
        self.wait()
        if self._batch:
            batch, self._batch = self._batch, []
            segments = [self._segments[name] for name in {safe.segment for safe in batch if safe.segment}]
            self._saving = batch, self._saver.submit(self._make_safe, batch, segments)

    def wait(self) -> None:
        """Until what was given to `save` outlives us. Raises OSError."""
        if self._saving is not None:
            (batch, future), self._saving = self._saving, None
            future.result()
            self.hashes.update((safe.number, safe.hash) for safe in batch)

    def _make_safe(self, batch: list[Safe], segments: list[Staged]) -> None:
        reach(Failpoint.PAGES_WRITTEN)
        for segment in segments:
            segment.sync()
        sync_directory(self.directory)
        reach(Failpoint.PAGES_SYNCED)
        self._journal.append(batch)
        reach(Failpoint.JOURNAL_SYNCED)

    def move(self) -> None:
        """Gives all segments their place, where the catalog may name them. Raises OSError."""
        self._current = None
        for segment in self._segments.values():
            segment.move(self._store.segments)
            reach(Failpoint.SEGMENT_MOVED)
        sync_directory(self._store.segments)
        reach(Failpoint.SEGMENTS_SYNCED)

    def finish(self) -> None:
        """After the commit: nothing is left to go on from. Raises OSError."""
        remove(self.directory, Failpoint.STAGING_EMPTIED)

    def close(self) -> None:
        """Lets go; what is in the directory stays."""
        self._saver.shutdown()
        self._journal.close()
        for segment in self._segments.values():
            segment.close()
        os.close(self._lock)


def remove(directory: Path, point: Failpoint) -> None:
    """Removes a staging directory whose lock we hold, the journal first and the lock last. Raises OSError."""
    (directory / JOURNAL).unlink(missing_ok=True)
    for path in sorted(directory.iterdir(), key=lambda path: path.name == LOCK):
        path.unlink(missing_ok=True)
    reach(point)
    with suppress(OSError):  # somebody publishes this anew, and has his own lock in it
        directory.rmdir()


def abandoned(directory: Path) -> int | None:
    """A descriptor with the lock of a staging directory in which nobody works. None: somebody does, or it is gone. Raises OSError."""
    try:
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    if _is(directory / LOCK, descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _locked(directory: Path, tell: Callable[[str], None]) -> int:
    """Whoever removes the directory holds its lock: a lock that is not the directory's any more is none."""
    while True:
        directory.mkdir(exist_ok=True)
        try:
            descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("waiting for another process that publishes this")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is(directory / LOCK, descriptor):
            return descriptor
        os.close(descriptor)


def _is(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
