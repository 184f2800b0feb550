"""A page: 2 MiB, named by the BLAKE3 hash of all of them.

The last page of an extent is padded with zeros to its full size, in its slot and in its hash: whoever reads a page reads 2 MiB and
hashes what was read, and needs to know nothing else.
"""

import errno
import fcntl
import mmap
import os
from collections.abc import Callable
from contextlib import suppress

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES

HASH_BYTES = 32


def page_hash(page: bytes | memoryview) -> bytes:
    """The name of a page of PAGE_BYTES bytes. Other threads run meanwhile."""
    return blake3(page).digest()


def is_page(page: bytes | memoryview, name: bytes) -> bool:
    """Whether these bytes are the page of that name."""
    return page_hash(page) == name


def page_buffer() -> memoryview:
    """Room for a page, aligned as reads and writes past the page cache want it."""
    return memoryview(mmap.mmap(-1, PAGE_BYTES))


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
            set_direct(
                descriptor, wanted=False
            )  # not at this place, or a file system that takes the flag and nothing more
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
