"""Writes pages that are named by the catalog and are not, or not right, on the disk: pages that came from afar, and healed ones.

As a publish does it: into a segment under publishing/, synced, renamed into segments/, the directory synced, and then one transaction that says
where they lie. Whatever dies before it leaves bytes that nothing names, for gc; each page is right before, or right after.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import reach
from aweigh.memory.store.catalog import Store, writing
from aweigh.memory.store.disk import read_fully, set_direct
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.page import is_page, page_buffer
from aweigh.memory.store.segment import holding, path_of
from aweigh.memory.store.staging import Staging


def keep(store: Store, pages: Iterable[tuple[bytes, memoryview]]) -> int:
    """Writes pages, each a hash and its proved bytes in a `page_buffer`; one is written before the next one is asked for.

    Returns how many of them the catalog wanted. Raises ModelNotFound if there is no store, StoreFailed.
    """
    with store.catalog("keeping pages") as connection:
        staging = Staging(store, secrets.token_bytes(16), lambda stage: None)
        try:
            for number, (name, page) in enumerate(pages):
                if name not in staging.staged and is_wanted(connection, name):
                    staging.write(number, name, page)
            staging.save()
            staging.wait()
            staging.move()
            kept = _place(connection, staging.staged)
            staging.finish()
            return kept
        finally:
            staging.close()


def is_wanted(connection: sqlite3.Connection, name: bytes) -> bool:
    """Whether the catalog names a page that it does not have."""
    return connection.execute("SELECT 1 FROM pages WHERE hash = ? AND damaged", (name,)).fetchone() is not None


def _place(connection: sqlite3.Connection, staged: Mapping[bytes, tuple[str, int]]) -> int:
    kept = 0
    with writing(connection):
        segments: dict[str, int] = {}
        for name, (segment, slot) in staged.items():
            if not is_wanted(connection, name):
                continue  # somebody else was faster, or no model has it any more: gc takes the slot
            if segment not in segments:
                connection.execute("INSERT OR IGNORE INTO segments (name) VALUES (?)", (segment,))
                ((segments[segment],),) = connection.execute(
                    "SELECT id FROM segments WHERE name = ?", (segment,)
                ).fetchall()
            connection.execute(
                "UPDATE pages SET segment = ?, slot = ?, damaged = 0 WHERE hash = ?", (segments[segment], slot, name)
            )
            kept += 1
        reach(Failpoint.PAGES_PLACED)
    reach(Failpoint.PAGES_KEPT)
    return kept


def doubt(store: Store, hashes: Iterable[bytes]) -> int:
    """Looks again at pages that somebody read wrong, and marks those that are. Returns how many are. Raises ModelNotFound, StoreFailed."""
    wrong = []
    page = page_buffer()
    with store.catalog("looking at pages again") as connection:
        for name in hashes:
            row = connection.execute(
                "SELECT segments.name, slot FROM pages JOIN segments ON segments.id = segment WHERE hash = ? AND NOT damaged",
                (name,),
            ).fetchone()
            if row is None:
                continue
            segment, slot = row
            if not _is_right(store, name, segment, slot, page):
                wrong.append((name, segment, slot))
        with writing(connection):
            marked = connection.executemany(
                "UPDATE pages SET damaged = 1 WHERE hash = ? AND slot = ? AND segment = (SELECT id FROM segments WHERE name = ?)",
                [(name, slot, segment) for name, segment, slot in wrong],
            )
    return max(marked.rowcount, 0)


def _is_right(store: Store, name: bytes, segment: str, slot: int, page: memoryview) -> bool:
    with holding(path_of(store.segments, segment)) as descriptor, suppress(OSError):
        if descriptor is not None:
            set_direct(descriptor)
            return read_fully(descriptor, page, slot * PAGE_BYTES) == PAGE_BYTES and is_page(page, name)
    return False
