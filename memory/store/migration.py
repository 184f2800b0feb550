"""A catalog of an older version becomes one of ours when it is opened, in one transaction: all of it or nothing.

1 to 2: models know their content, and there are signatures. A model whose rows are damaged has no content until it is published again.
"""

import sqlite3

from aweigh.memory.store.content import content_of
from aweigh.memory.store.rows import read
from aweigh.memory.store.schema import SIGNATURES, VERSION
from aweigh.proto.errors import StoreFailed

OLDEST = 1


def migrate(connection: sqlite3.Connection) -> None:
    """Inside a transaction that writes. Does nothing where another process was first."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != 1:
        return
    connection.execute("ALTER TABLE models ADD COLUMN content BLOB NOT NULL DEFAULT x''")
    connection.execute(SIGNATURES)
    for model, name in connection.execute("SELECT id, name FROM models").fetchall():
        try:
            content = content_of(read(connection, name))
        except StoreFailed:
            continue
        connection.execute("UPDATE models SET content = ? WHERE id = ?", (content, model))
    connection.execute(f"PRAGMA user_version = {VERSION}")
