"""Pages that the catalog names and the disk does not have: they come from elsewhere when they are used.

Their rows lie in a segment that has no file, and are marked as damaged pages are: no reader and no publish relies on them, and whoever has
their bytes writes them, which is all that healing is. The URL of an object store that has a model's pages, and the packs in which they
lie there, are a row of `remotes`.
"""

import sqlite3
from collections.abc import Iterable

ELSEWHERE = "elsewhere"
"""The segment without a file. Others are named by hexadecimal digits."""


def note_absent(connection: sqlite3.Connection, hashes: Iterable[bytes]) -> int:
    """Gives pages that have none a row, in a transaction of the caller's. Returns how many it gave."""
    connection.execute("INSERT OR IGNORE INTO segments (name) VALUES (?)", (ELSEWHERE,))
    ((segment,),) = connection.execute("SELECT id FROM segments WHERE name = ?", (ELSEWHERE,)).fetchall()
    ((last,),) = connection.execute(
        "SELECT COALESCE(MAX(slot), -1) FROM pages WHERE segment = ?", (segment,)
    ).fetchall()
    given = 0
    for name in hashes:
        done = connection.execute(
            "INSERT OR IGNORE INTO pages (hash, segment, slot, damaged) VALUES (?, ?, ?, 1)",
            (name, segment, last + 1 + given),
        )
        given += done.rowcount
    return given


def set_remote(connection: sqlite3.Connection, name: str, url: str, packs: bytes) -> None:
    """Says where else a model's pages are. Inside a transaction of the caller's."""
    connection.execute(
        "INSERT OR REPLACE INTO remotes (model, url, packs) SELECT id, ?, ? FROM models WHERE name = ?",
        (url, packs, name),
    )


def remotes(connection: sqlite3.Connection, name: str | None = None) -> list[tuple[str, bytes]]:
    """URL and packs of a model, or of all models."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'remotes'").fetchone():
        return []  # of a store that is older than this table, and has pulled nothing
    return connection.execute(
        "SELECT url, packs FROM remotes JOIN models ON models.id = model WHERE ? IS NULL OR name = ? ORDER BY model, url",
        (name, name),
    ).fetchall()
