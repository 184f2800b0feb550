"""Reads and writes of whole ranges, past the page cache where the file system can, and names made durable.

A file system may take O_DIRECT and then refuse a read or a write with it (EINVAL: a range that is not aligned, a layer that passes the
flag on): the file goes through the page cache from there on.
"""

import errno
import fcntl
import os
from collections.abc import Callable
from contextlib import suppress


def set_direct(descriptor: int, wanted: bool = True) -> None:
    """Has a file read and written past the page cache, where its file system can."""
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_DIRECT if wanted else flags & ~os.O_DIRECT)


def read_fully(descriptor: int, into: memoryview, offset: int) -> int:
    """Fills `into` from a file. Returns how many bytes there were: fewer only at the end of the file. Raises OSError."""
    return _fully(os.preadv, descriptor, into, offset)


def write_fully(descriptor: int, data: memoryview, offset: int) -> None:
    """Raises OSError."""
    _fully(os.pwritev, descriptor, data, offset)


def _fully(call: Callable[[int, list[memoryview], int], int], descriptor: int, memory: memoryview, offset: int) -> int:
    done = 0
    while done < len(memory):
        try:
            count = call(descriptor, [memory[done:]], offset + done)
        except OSError as error:
            if error.errno != errno.EINVAL or not fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT:
                raise
            set_direct(descriptor, wanted=False)
            continue
        if count == 0:
            break
        done += count
    return done


def sync_directory(path: str | os.PathLike[str]) -> None:
    """Makes names in a directory durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
