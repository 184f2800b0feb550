"""The store by hash: where the catalog says now that a page lies, for pages that were not there, or not right, when their model was opened."""

import os
from collections.abc import Collection, Sequence
from contextlib import ExitStack

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.disk import read_fully, set_direct
from aweigh.memory.store.segment import path_of, shared
from aweigh.memory.tiers.origin import Tier


class Disk:
    """`aweigh.memory.tiers.origin.Origin`."""

    tier = Tier.DISK
    name = "disk"

    def __init__(self, store: Store) -> None:
        self._store = store

    def fetch(self, hashes: Sequence[bytes], pages_B: memoryview) -> Collection[int]:
        """See `Origin.fetch`."""
        if not self._store.exists:
            return ()
        found: list[tuple[int, str, int]] = []
        with self._store.catalog("looking for pages") as connection:
            for at, name in enumerate(hashes):
                rows = connection.execute(
                    "SELECT name, slot FROM pages JOIN segments ON segments.id = segment WHERE hash = ? AND NOT damaged",
                    (name,),
                ).fetchall()
                found += [(at, *row) for row in rows]
        read = []
        with ExitStack() as stack:
            held: dict[str, int | None] = {}
            for at, segment, slot in found:
                if segment not in held:
                    held[segment] = descriptor = shared(path_of(self._store.segments, segment))
                    if descriptor is not None:
                        set_direct(descriptor)  # a copy in memory proves nothing about the disk
                        stack.callback(os.close, descriptor)
                if (descriptor := held[segment]) is None:
                    continue
                into = pages_B[at * PAGE_BYTES : (at + 1) * PAGE_BYTES]
                if read_fully(descriptor, into, slot * PAGE_BYTES) == PAGE_BYTES:
                    read.append(at)
        return read
