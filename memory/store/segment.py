"""Segments: files of at most 512 slots of 2 MiB, each written once by one publish, then only read or cut away.

Who reads or writes a segment holds a shared lock (flock) on it, through any rename. Who gives its space back needs the exclusive one, and
leaves the segment alone if somebody reads it. Locks belong to descriptors: they go with the process that held them.

Pages are written past the page cache (O_DIRECT) where the file system can: on a virtual machine that has to ask its host for every fresh page of
memory that is 2.3 GB/s instead of 0.3, and what engines have in the cache stays there.
"""

import ctypes
import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.disk import set_direct, write_fully

SLOTS = 512
SUFFIX = ".segment"
_KEEP_SIZE, _PUNCH_HOLE = 1, 2


@dataclass(slots=True)
class Staged:
    """A segment that is being written, its shared lock held."""

    path: Path
    descriptor: int
    slots: int  # written

    @staticmethod
    def create(directory: Path) -> "Staged":
        """Raises OSError."""
        path = directory / f"{secrets.token_hex(16)}{SUFFIX}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        set_direct(descriptor)
        return Staged(path, descriptor, 0)

    @staticmethod
    def reopen(path: Path, slots: int) -> "Staged | None":
        """One that a publish left behind that was killed, cut to its first `slots`. None if it is gone or shorter. Raises OSError."""
        descriptor = shared(path, os.O_RDWR)
        if descriptor is None:
            return None
        size = os.fstat(descriptor).st_size
        if size < slots * PAGE_BYTES:
            os.close(descriptor)
            return None
        if size > slots * PAGE_BYTES:
            os.ftruncate(descriptor, slots * PAGE_BYTES)
        set_direct(descriptor)
        return Staged(path, descriptor, slots)

    @property
    def name(self) -> str:
        """What the catalog calls it."""
        return self.path.name.removesuffix(SUFFIX)

    @property
    def full(self) -> bool:
        return self.slots >= SLOTS

    def append(self, page: memoryview) -> int:
        """Writes a page that lies in a `page_buffer`. Returns its slot. Raises OSError."""
        write_fully(self.descriptor, page, self.slots * PAGE_BYTES)
        self.slots += 1
        return self.slots - 1

    def sync(self) -> None:
        """Raises OSError."""
        os.fsync(self.descriptor)

    def move(self, directory: Path) -> None:
        """Gives it its place among the segments; the directory is not synced. Does nothing if it is there. Raises OSError."""
        if self.path.parent != directory:
            self.path = self.path.rename(directory / self.path.name)

    def close(self) -> None:
        os.close(self.descriptor)


def path_of(directory: Path, name: str) -> Path:
    return directory / f"{name}{SUFFIX}"


def shared(path: Path, flags: int = os.O_RDONLY) -> int | None:
    """A descriptor that holds the shared lock; waits while somebody gives space back. None if there is no such file. Raises OSError."""
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)  # it went while we waited
    return None


@contextmanager
def holding(path: Path) -> Iterator[int | None]:
    """As `shared`, until the block ends."""
    descriptor = shared(path)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def exclusive(path: Path) -> int | None:
    """A descriptor that holds the exclusive lock. None if somebody else holds one, or the file is gone. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def punch(descriptor: int, slot: int, count: int) -> None:
    """Gives the space of slots back; they read as zeros. Raises OSError; not where a file system has no holes: the space stays then."""
    library = ctypes.CDLL(None, use_errno=True)
    mode, offset, length = _PUNCH_HOLE | _KEEP_SIZE, slot * PAGE_BYTES, count * PAGE_BYTES
    if library.fallocate(descriptor, mode, ctypes.c_int64(offset), ctypes.c_int64(length)) != 0:
        number = ctypes.get_errno()
        if number not in (errno.EOPNOTSUPP, errno.ENOSYS):
            raise OSError(number, os.strerror(number))


def allocated(descriptor: int) -> int:
    """Bytes that a file takes on the disk."""
    return os.fstat(descriptor).st_blocks * 512
