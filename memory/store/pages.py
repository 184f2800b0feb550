"""Pages as the disk has them, read in order of their slots: what verify hashes and export writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.ahead import ahead
from aweigh.memory.store.page import is_page, read_fully


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a page should be. `key` is the caller's."""

    key: int
    hash: bytes
    descriptor: int
    offset: int


def read(slots: Iterable[Slot]) -> Iterator[tuple[Slot, memoryview | None, str]]:
    """Yields every slot with its page, or without one and with what is wrong. The order of `slots` is kept."""
    for slot, (page, fault) in ahead(_read, slots):
        yield slot, page, fault


def _read(slot: Slot) -> tuple[memoryview | None, str]:
    page = memoryview(bytearray(PAGE_BYTES))
    try:
        count = read_fully(slot.descriptor, page, slot.offset)
    except OSError as error:
        return None, f"cannot be read ({error.strerror or error})"
    if count < PAGE_BYTES:
        return None, "lies behind the end of its segment"
    return (page, "") if is_page(page, slot.hash) else (None, "has other bytes than were stored")
