"""Which model a file of headers stands for, as the catalog has it. Whoever made it wrote it down (`placed.py`)."""

import sqlite3


def stands_for(connection: sqlite3.Connection, identity: str) -> str | None:
    """The model that a file of headers stands for; inside a transaction of the caller's."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'headers'").fetchone():
        return None  # nobody has made one since the store is of an older version
    row = connection.execute(
        "SELECT name FROM headers JOIN models ON models.id = model WHERE identity = ?", (identity,)
    ).fetchone()
    return None if row is None else str(row[0])
