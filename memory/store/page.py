"""A page: 2 MiB, named by the BLAKE3 hash of all of them.

The last page of an extent is padded with zeros to its full size, in its slot and in its hash: whoever reads a page reads 2 MiB and
hashes what was read, and needs to know nothing else.
"""

import os

from blake3 import blake3

HASH_BYTES = 32


def page_hash(page: bytes | memoryview) -> bytes:
    """The name of a page of PAGE_BYTES bytes. Other threads run meanwhile."""
    return blake3(page).digest()


def is_page(page: bytes | memoryview, name: bytes) -> bool:
    """Whether these bytes are the page of that name."""
    return page_hash(page) == name


def read_fully(descriptor: int, into: memoryview, offset: int) -> int:
    """Fills `into` from a file. Returns how many bytes there were: fewer only at the end of the file. Raises OSError."""
    done = 0
    while done < len(into):
        count = os.preadv(descriptor, [into[done:]], offset + done)
        if count == 0:
            break
        done += count
    return done


def write_fully(descriptor: int, data: memoryview, offset: int) -> None:
    """Raises OSError."""
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], offset + done)


def sync_directory(path: str | os.PathLike[str]) -> None:
    """Makes names in a directory durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
