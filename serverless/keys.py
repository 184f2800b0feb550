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
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aweigh.proto.errors import InvalidRequest, StoreFailed
from aweigh.proto.home import home
from aweigh.serverless.fairness.limits import MOST_PER_MINUTE, MOST_PRIORITY, NO_LIMITS, Caller, Limits

PREFIX = "aweigh-"
MAX_NAME = 128
_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,   -- SHA-256 of the key
    created REAL NOT NULL,       -- seconds since the epoch
    revoked REAL,
    requests_per_minute INTEGER NOT NULL DEFAULT 0,  -- 0: any number
    tokens_per_minute INTEGER NOT NULL DEFAULT 0,
    priority INTEGER NOT NULL DEFAULT 1
)
"""
_ADDED = {  # to files of the first version
    "requests_per_minute": "INTEGER NOT NULL DEFAULT 0",
    "tokens_per_minute": "INTEGER NOT NULL DEFAULT 0",
    "priority": "INTEGER NOT NULL DEFAULT 1",
}
_LIMITS = "requests_per_minute, tokens_per_minute, priority"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key. Times are seconds since the epoch."""

    id: str
    name: str
    created: float
    revoked: float | None
    limits: Limits = NO_LIMITS


def hash_of(key: str) -> bytes:
    """32 bytes."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


class KeyFile:
    """The file. Nothing is open between two calls."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "keys.sqlite"

    def create(self, name: str, limits: Limits = NO_LIMITS) -> tuple[Key, str]:
        """A key and its secret, which is told this once. Raises InvalidRequest, StoreFailed."""
        if not 0 < len(name) <= MAX_NAME or not name.isprintable():
            raise InvalidRequest(f"a key's name has 1 to {MAX_NAME} printable characters: say whose it is")
        _check(limits)
        secret = PREFIX + secrets.token_urlsafe(32)
        key = Key(secrets.token_hex(4), name, time.time(), None, limits)
        with self._open(make=True) as connection, connection:
            connection.execute(
                f"INSERT INTO keys (id, name, hash, created, {_LIMITS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key.id, key.name, hash_of(secret), key.created, *_row(limits)),
            )
        return key, secret

    def limit(self, id_or_name: str, change: Callable[[Limits], Limits]) -> list[Key]:
        """Those that are alive, with their limits changed. Raises InvalidRequest, StoreFailed."""
        found = [
            replace(key, limits=change(key.limits))
            for key in self.all()
            if id_or_name in (key.id, key.name) and key.revoked is None
        ]
        for key in found:
            _check(key.limits)
        if found:
            with self._open() as connection, connection:
                for key in found:
                    connection.execute(
                        "UPDATE keys SET requests_per_minute = ?, tokens_per_minute = ?, priority = ? WHERE id = ?",
                        (*_row(key.limits), key.id),
                    )
        return found

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
            rows = connection.execute(
                f"SELECT id, name, created, revoked, {_LIMITS} FROM keys ORDER BY created, id"
            ).fetchall()
        return [Key(row[0], row[1], row[2], row[3], Limits(*row[4:])) for row in rows]

    def alive(self) -> dict[bytes, Caller] | None:
        """Callers, by their ids, by hash of keys that are valid; None where no key was ever made. Raises StoreFailed."""
        if not self.path.exists():
            return None
        with self._open() as connection:
            rows = connection.execute(f"SELECT hash, id, revoked, {_LIMITS} FROM keys").fetchall()
        alive = {bytes(row[0]): Caller(row[1], Limits(*row[3:])) for row in rows if row[2] is None}
        return alive if rows else None

    @contextmanager
    def _open(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            if make:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.path, timeout=10)) as connection:
                if make:
                    connection.execute(_SCHEMA)
                _migrate(connection)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise StoreFailed(f"the keys in {self.path} cannot be used: {error}") from None


def _migrate(connection: sqlite3.Connection) -> None:
    """Adds what a file of an earlier version has not; one process does it where several come at once."""

    def missing() -> list[str]:
        known = {row[1] for row in connection.execute("PRAGMA table_info(keys)")}
        return [column for column in _ADDED if known and column not in known]

    if not missing():
        return
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        for column in missing():
            connection.execute(f"ALTER TABLE keys ADD COLUMN {column} {_ADDED[column]}")


def _row(limits: Limits) -> tuple[int, int, int]:
    return limits.requests, limits.tokens, limits.priority


def _check(limits: Limits) -> None:
    if not (0 <= limits.requests <= MOST_PER_MINUTE and 0 <= limits.tokens <= MOST_PER_MINUTE):
        raise InvalidRequest(f"limits a minute are numbers up to {MOST_PER_MINUTE}, 0 for none")
    if not 1 <= limits.priority <= MOST_PRIORITY:
        raise InvalidRequest(f"a priority is a number from 1 to {MOST_PRIORITY}")


NOBODY = Caller("")


class Guard:
    """Whose key it is, as of REFRESH_SECONDS ago at most. If the file cannot be read any more, nobody is let in."""

    REFRESH_SECONDS = 1.0

    def __init__(self, file: KeyFile, *, needed: bool) -> None:
        """`needed`: nobody comes in without a key, also where none was ever made."""
        self._file = file
        self._needed = needed
        self._read_at = float("-inf")
        self._alive: dict[bytes, Caller] | None = None

    def caller_of(self, authorization: str | None, now: float) -> Caller | None:
        """Who has a valid key, by its id and with its limits, or nobody where no key was ever made; None: whoever it is has to stay outside.

        `authorization`: the header, or None; `now`: a clock that does not go back, in seconds.
        """
        if now - self._read_at >= self.REFRESH_SECONDS:
            self._read_at = now
            try:
                self._alive = self._file.alive()
            except StoreFailed:
                self._alive = {}
        if self._alive is None:
            return None if self._needed else NOBODY
        scheme, _, key = (authorization or "").partition(" ")
        return self._alive.get(hash_of(key.strip())) if scheme.lower() == "bearer" else None
