"""Signatures of stored models: rows by content, so that they hold for a model under each of its names, and after it was published again.

A row says nothing until it is proved against a content that was computed from what was read: nobody believes the column beside a model's name, which
`ls` shows. Rows of contents that no model has are harmless, and go with `gc`.
"""

import sqlite3
from collections.abc import Iterable

from aweigh.memory.failpoints import reach
from aweigh.memory.store.catalog import Store, writing
from aweigh.memory.store.content import content_of
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.rows import read
from aweigh.memory.trust.private_key import PrivateKey
from aweigh.memory.trust.signature import Signature
from aweigh.proto.errors import InvalidRequest

MOST = 64
"""Signatures that are looked at for one content."""


def sign(store: Store, name: str, key: PrivateKey) -> Signature:
    """Signs what a stored model is at this moment. Raises ModelNotFound, StoreFailed."""
    with store.catalog(f"signing {name}") as connection, writing(connection):
        content = content_of(read(connection, name))
        signature = key.sign(content)
        add(connection, content, [signature.to_bytes()])
        reach(Failpoint.SIGNATURE_WRITTEN)
    return signature


def add(connection: sqlite3.Connection, content: bytes, signatures: Iterable[bytes]) -> None:
    """Keeps signatures of a content, inside a transaction of the caller's; one of each key. Raises InvalidRequest for what is none."""
    for data in signatures:
        signature = Signature.from_bytes(data)
        if not signature.is_of(content):
            raise InvalidRequest("a signature is not over what is stored: sign the model again")
        connection.execute("INSERT OR REPLACE INTO signatures VALUES (?, ?, ?)", (content, signature.key.raw, data))


def signatures_of(connection: sqlite3.Connection, content: bytes) -> tuple[Signature, ...]:
    """Rows of a content, those that are no signatures left out. Nothing is proved yet."""
    found = []
    for (data,) in connection.execute(
        "SELECT signature FROM signatures WHERE content = ? ORDER BY key LIMIT ?", (content, MOST)
    ):
        try:
            found.append(Signature.from_bytes(data))
        except (InvalidRequest, TypeError):
            continue
    return tuple(found)


def wrong(connection: sqlite3.Connection, content: bytes) -> int:
    """How many rows of a content are not what they say: a signature by their key, over it."""
    rows = connection.execute("SELECT key, signature FROM signatures WHERE content = ?", (content,))
    return sum(not _is_right(content, key, data) for key, data in rows)


def _is_right(content: bytes, key: bytes, data: bytes) -> bool:
    try:
        signature = Signature.from_bytes(data)
    except (InvalidRequest, TypeError):
        return False
    return signature.key.raw == key and signature.is_of(content)


def forget_unused(connection: sqlite3.Connection) -> None:
    """Takes rows away whose content no model has; in one statement, so that no model comes or goes meanwhile."""
    connection.execute("DELETE FROM signatures WHERE content NOT IN (SELECT content FROM models)")
