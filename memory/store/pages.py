"""Pages as the disk has them, read in order of their slots: what verify hashes and export writes.

Past the page cache where that can be: a copy in memory proves nothing about the disk.
"""

import queue
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.ahead import DEPTH, ahead
from aweigh.memory.store.disk import read_fully
from aweigh.memory.store.page import is_page, page_buffer


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a page should be. `key` is the caller's."""

    key: int
    hash: bytes
    descriptor: int
    offset: int


def read(slots: Iterable[Slot]) -> Iterator[tuple[Slot, memoryview | None, str]]:
    """Yields every slot with its page, or without one and with what is wrong. The order of `slots` is kept.

    A page is valid until the next one is asked for.
    """
    spare: queue.SimpleQueue[memoryview] = queue.SimpleQueue()
    for _ in range(DEPTH + 1):
        spare.put(page_buffer())

    def work(slot: Slot) -> tuple[memoryview, str]:
        page = spare.get()
        return page, _fault(slot, page)

    for slot, (page, fault) in ahead(work, slots):
        yield slot, None if fault else page, fault
        spare.put(page)


def _fault(slot: Slot, page: memoryview) -> str:
    """Reads a page. Returns what is wrong with it, empty where nothing is."""
    try:
        count = read_fully(slot.descriptor, page, slot.offset)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if count < PAGE_BYTES:
        return "lies behind the end of its segment"
    return "" if is_page(page, slot.hash) else "has other bytes than were stored"
