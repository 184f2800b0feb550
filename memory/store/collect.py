"""Giving back: what no model names any more, what killed publishes left, and nothing that anybody reads.

A page's row goes in a transaction before its bytes go, so a publish that relied on it finds it missing when it commits. The segment is
ours alone from before that transaction until its bytes are gone: who opens a model waits for that moment, who has one open keeps
the segment, all of it, and it is said. What is left of a segment with live pages becomes holes. Leftovers go first: a journal must not
outlive the segments that it speaks of.
"""

import itertools
import os
import sqlite3
from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import reach
from aweigh.memory.store.catalog import Store, writing
from aweigh.memory.store.disk import sync_directory
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.headers import remove_headers
from aweigh.memory.store.segment import SUFFIX, allocated, exclusive, path_of, punch
from aweigh.memory.store.signatures import forget_unused
from aweigh.memory.store.staging import abandoned, remove
from aweigh.proto.errors import ModelNotFound


@dataclass(slots=True)
class Collected:
    """What was given back, and what was left because somebody has it."""

    bytes: int = 0  # of the disk
    pages: int = 0  # rows
    segments: int = 0
    leftovers: int = 0  # of publishes
    segments_held: int = 0
    publishes_running: int = 0


def collect(store: Store) -> Collected:
    """Raises ModelNotFound if there is no store, StoreFailed."""
    done = Collected()
    with store.catalog("giving space back") as connection:
        _leftovers(store, done)
        known = {name for (name,) in connection.execute("SELECT name FROM segments")}
        there = {path.name.removesuffix(SUFFIX) for path in store.segments.glob(f"*{SUFFIX}")}
        for name in sorted(known | there):
            _segment(store, connection, name, done)
        sync_directory(store.segments)
        forget_unused(connection)
        _shrink(connection)
    return done


def remove_model(store: Store, name: str) -> None:
    """Takes a model out of the catalog; `collect` gives its bytes back. Raises ModelNotFound, StoreFailed."""
    with store.catalog(f"removing {name}") as connection, writing(connection):
        if connection.execute("DELETE FROM models WHERE name = ?", (name,)).rowcount == 0:
            raise ModelNotFound(f"the store has no model {name!r}: `aweigh store ls` shows what it has")
        reach(Failpoint.MODEL_DELETED)
    remove_headers(store, name)


def _leftovers(store: Store, done: Collected) -> None:
    for directory in sorted(path for path in store.publishing.iterdir() if path.is_dir()):
        lock = abandoned(directory)
        if lock is None:
            done.publishes_running += directory.exists()
            continue
        try:
            done.bytes += sum(path.stat().st_blocks * 512 for path in directory.iterdir())
            remove(directory, Failpoint.LEFTOVER_EMPTIED)
            done.leftovers += 1
        finally:
            os.close(lock)


def _segment(store: Store, connection: sqlite3.Connection, name: str, done: Collected) -> None:
    path = path_of(store.segments, name)
    descriptor = exclusive(path)
    if descriptor is None:
        if path.exists():
            done.segments_held += _wasted(connection, name)
        else:
            _forget(connection, name, done)
        return
    try:
        live = _forget(connection, name, done)
        reach(Failpoint.ROWS_DELETED)
        before = allocated(descriptor)
        if not live:
            path.unlink()
            done.bytes += before
            done.segments += 1
        else:
            for first, count in _gaps(live, os.fstat(descriptor).st_size // PAGE_BYTES):
                punch(descriptor, first, count)
            done.bytes += before - allocated(descriptor)
        reach(Failpoint.SPACE_FREED)
    finally:
        os.close(descriptor)


def _forget(connection: sqlite3.Connection, name: str, done: Collected) -> list[int]:
    """Takes rows of pages without uses, and the segment's if none is left. Returns the slots that are named."""
    with writing(connection):
        unused = "uses = 0 AND segment IN (SELECT id FROM segments WHERE name = ?)"
        done.pages += connection.execute(f"DELETE FROM pages WHERE {unused}", (name,)).rowcount
        rows = connection.execute(
            "SELECT slot FROM pages JOIN segments ON segments.id = segment WHERE name = ? ORDER BY slot", (name,)
        )
        live = [slot for (slot,) in rows]
        if not live:
            connection.execute("DELETE FROM segments WHERE name = ?", (name,))
    return live


def _wasted(connection: sqlite3.Connection, name: str) -> bool:
    """Whether there would be something to give back in a segment."""
    rows = connection.execute(
        "SELECT uses FROM pages JOIN segments ON segments.id = segment WHERE name = ?", (name,)
    ).fetchall()
    return not rows or any(uses == 0 for (uses,) in rows)


def _shrink(connection: sqlite3.Connection) -> None:
    """Gives back what rows took that are gone, where that is much of the catalog's file."""
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (total,) = connection.execute("PRAGMA page_count").fetchone()
    if free * 4 > total:
        connection.execute("VACUUM")


def _gaps(live: list[int], slots: int) -> list[tuple[int, int]]:
    """Runs of slots (first, count) that are not among the `live` ones, which are sorted."""
    edges = [-1, *live, slots]
    return [(low + 1, high - low - 1) for low, high in itertools.pairwise(edges) if high - low > 1]
