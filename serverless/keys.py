"""API keys: SQLite under the home of Aweigh, of which only hashes are kept.

A key is 256 random bits, so a plain hash is enough: nobody finds a preimage of it by trying words, and a slow hash per request would be a door for
those who want it slow. Looking a hash up tells by its time nothing about the key. Once a key was made, whoever has none is refused, also when all are
revoked: `aweigh key rm --all` opens the door again.
"""

import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aweigh.proto.errors import InvalidRequest, StoreFailed
from aweigh.proto.home import home

PREFIX = "aweigh-"
MAX_NAME = 128
_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,   -- SHA-256 of the key
    created REAL NOT NULL,       -- seconds since the epoch
    revoked REAL
)
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key. Times are seconds since the epoch."""

    id: str
    name: str
    created: float
    revoked: float | None


def hash_of(key: str) -> bytes:
    """32 bytes."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


class KeyFile:
    """The file. Nothing is open between two calls."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "keys.sqlite"

    def create(self, name: str) -> tuple[Key, str]:
        """A key and its secret, which is told this once. Raises InvalidRequest, StoreFailed."""
        if not 0 < len(name) <= MAX_NAME or not name.isprintable():
            raise InvalidRequest(f"a key's name has 1 to {MAX_NAME} printable characters: say whose it is")
        secret = PREFIX + secrets.token_urlsafe(32)
        key = Key(secrets.token_hex(4), name, time.time(), None)
        with self._open(make=True) as connection, connection:
            connection.execute(
                "INSERT INTO keys (id, name, hash, created) VALUES (?, ?, ?, ?)",
                (key.id, key.name, hash_of(secret), key.created),
            )
        return key, secret

    def revoke(self, id_or_name: str) -> list[Key]:
        """Those that were alive. Raises StoreFailed."""
        found = [key for key in self.all() if id_or_name in (key.id, key.name) and key.revoked is None]
        if found:
            with self._open() as connection, connection:
                for key in found:
                    connection.execute("UPDATE keys SET revoked = ? WHERE id = ?", (time.time(), key.id))
        return found

    def remove_all(self) -> None:
        """As if there had never been one. Raises StoreFailed."""
        if self.path.exists():
            with self._open() as connection, connection:
                connection.execute("DELETE FROM keys")

    def all(self) -> list[Key]:
        """The oldest first. Raises StoreFailed."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT id, name, created, revoked FROM keys ORDER BY created, id").fetchall()
        return [Key(*row) for row in rows]

    def alive(self) -> dict[bytes, str] | None:
        """Ids by hash of keys that are valid; None where no key was ever made. Raises StoreFailed."""
        if not self.path.exists():
            return None
        with self._open() as connection:
            rows = connection.execute("SELECT hash, id, revoked FROM keys").fetchall()
        return {bytes(row[0]): row[1] for row in rows if row[2] is None} if rows else None

    @contextmanager
    def _open(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            if make:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.path, timeout=10)) as connection:
                if make:
                    connection.execute(_SCHEMA)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise StoreFailed(f"the keys in {self.path} cannot be used: {error}") from None


class Guard:
    """Whose key it is, as of REFRESH_SECONDS ago at most. If the file cannot be read any more, nobody is let in."""

    REFRESH_SECONDS = 1.0

    def __init__(self, file: KeyFile, *, needed: bool) -> None:
        """`needed`: nobody comes in without a key, also where none was ever made."""
        self._file = file
        self._needed = needed
        self._read_at = float("-inf")
        self._alive: dict[bytes, str] | None = None

    def tenant_of(self, authorization: str | None, now: float) -> str | None:
        """The id of a valid key, or nobody's name where no key was ever made; None: whoever it is has to stay outside.

        `authorization`: the header, or None; `now`: a clock that does not go back, in seconds.
        """
        if now - self._read_at >= self.REFRESH_SECONDS:
            self._read_at = now
            try:
                self._alive = self._file.alive()
            except StoreFailed:
                self._alive = {}
        if self._alive is None:
            return None if self._needed else ""
        scheme, _, key = (authorization or "").partition(" ")
        return self._alive.get(hash_of(key.strip())) if scheme.lower() == "bearer" else None
