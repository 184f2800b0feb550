"""What a worker gives to its peers: pages out of its arena, held by a ticket while they are sent, or out of its store.

Only what is resident is given from the arena: a peer's wish brings nothing and pushes nothing out. Pages of the store are read through the page
cache, so what lies there is a copy in memory. They are not proved here: whoever asked does that.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.region import Region
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.segment import holding, path_of
from aweigh.proto.errors import AweighError

_Where = tuple[int, Region, int]
"""A region's number, the region, and the byte of its place at which a page begins."""


class Giver:
    """Thread-safe."""

    def __init__(self, store: Store, arena: PagedArena | None = None) -> None:
        """`arena` None: only the store is looked at."""
        self._store = store
        self._arena = arena
        self._lock = threading.Lock()
        self._where: dict[bytes, _Where] = {}
        self._regions: set[int] = set()  # that were looked at, by their identity; `_where` keeps them

    @contextmanager
    def page(self, name: bytes) -> Iterator[memoryview | None]:
        """The bytes of a page, unproved, while the block runs; None if it is not here."""
        with self._of_arena(name) as page_B:
            yield self._of_store(name) if page_B is None else page_B

    @contextmanager
    def _of_arena(self, name: bytes) -> Iterator[memoryview | None]:
        held = self._hold(name)
        if held is None:
            yield None
            return
        ticket, page_B = held
        try:
            yield page_B
        finally:
            assert self._arena is not None
            self._arena.pager.release(ticket)

    def _hold(self, name: bytes) -> tuple[int, memoryview] | None:
        """A ticket and the page under it."""
        if self._arena is None or self._arena.device.type != "cpu":
            return None
        found = self._look(self._arena, name)
        if found is None:
            return None
        number, region, first = found
        pager = self._arena.pager
        ticket = pager.hold(number, region)
        if ticket is None:
            return None
        return ticket, pager.place(number).bytes_B.numpy().data[first : first + PAGE_BYTES]

    def _look(self, arena: PagedArena, name: bytes) -> _Where | None:
        """Where a page is, if it is resident. What is mapped is looked at again when it is another."""
        with self._lock:
            regions = arena.regions
            if {id(region) for _, region in regions} != self._regions:
                self._where = {
                    page: (number, region, at + index * PAGE_BYTES)
                    for number, region in regions
                    for at, run in region.placed
                    for index, page in enumerate(run.hashes)
                }
                self._regions = {id(region) for _, region in regions}
            return self._where.get(name)

    def _of_store(self, name: bytes) -> memoryview | None:
        if not self._store.exists:
            return None
        with suppress(AweighError, OSError):
            with self._store.catalog("looking for a page") as connection:
                row = connection.execute(
                    "SELECT name, slot FROM pages JOIN segments ON segments.id = segment WHERE hash = ? AND NOT damaged",
                    (name,),
                ).fetchone()
            if row is not None:
                segment, slot = row
                with holding(path_of(self._store.segments, segment)) as descriptor:
                    data = b"" if descriptor is None else os.pread(descriptor, PAGE_BYTES, slot * PAGE_BYTES)
                return memoryview(data) if len(data) == PAGE_BYTES else None
        return None
