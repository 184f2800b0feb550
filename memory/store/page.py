"""A page: 2 MiB, named by the BLAKE3 hash of all of them.

The last page of an extent is padded with zeros to its full size, in its slot and in its hash: whoever reads a page reads 2 MiB and
hashes what was read, and needs to know nothing else.
"""

import mmap

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES


def page_hash(page: bytes | memoryview) -> bytes:
    """The name of a page of PAGE_BYTES bytes. Other threads run meanwhile."""
    return blake3(page).digest()


def is_page(page: bytes | memoryview, name: bytes) -> bool:
    """Whether these bytes are the page of that name."""
    return page_hash(page) == name


def page_buffer() -> memoryview:
    """Room for a page, aligned as reads and writes past the page cache want it."""
    return memoryview(mmap.mmap(-1, PAGE_BYTES))
