"""The catalog: one SQLite file that names all that is stored.

A rollback journal, not WAL: whoever has the file has all of it, it can be read from a read-only mount, and writers are rare (one
transaction per publish). `synchronous=EXTRA` is FULL and also syncs the directory when the journal is gone: a committed publish
outlives a power cut. Readers take what they want in one short transaction and hold nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from aweigh.memory.store.disk import sync_directory
from aweigh.memory.store.migration import OLDEST, migrate
from aweigh.memory.store.schema import APPLICATION, LATER, SCHEMA, VERSION
from aweigh.memory.store.trouble import trouble
from aweigh.proto.errors import ModelNotFound, StoreFailed
from aweigh.proto.home import home

CATALOG = "catalog.sqlite"
_PATIENCE = 60.0  # seconds that a transaction waits for another one


class Store:
    """The directory of a store. Nothing is open."""

    def __init__(self, root: Path | None = None) -> None:
        """`root`: none: `store` in the user's home of Aweigh."""
        self.root = (root or home() / "store").absolute()
        self.segments = self.root / "segments"
        self.publishing = self.root / "publishing"

    def prepare(self) -> None:
        """Makes what is missing, durably. Raises StoreFailed."""
        with trouble("making the store", self.root):
            for directory in (self.root, self.segments, self.publishing):
                directory.mkdir(parents=True, exist_ok=True)
            for directory in (self.root.parent, self.root):
                sync_directory(directory)
            with _connected(self.root / CATALOG, "rwc") as connection, _transaction(connection, "IMMEDIATE"):
                if _version(connection, self.root) != 0:
                    migrate(connection)
                else:
                    for statement in _statements(SCHEMA):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {VERSION}")
                for statement in _statements(LATER):
                    connection.execute(statement)

    @property
    def exists(self) -> bool:
        return (self.root / CATALOG).is_file()

    @contextmanager
    def catalog(self, doing: str) -> Iterator[sqlite3.Connection]:
        """A connection in autocommit mode, closed afterwards. `doing`: what fails if something fails, for the sentence.

        Raises:
            ModelNotFound: there is no store.
            StoreFailed: the catalog cannot be read, or is of another version; errors of the system inside the block, too.
        """
        if not self.exists:
            raise ModelNotFound(f"there is no store in {self.root}: `aweigh publish MODEL` makes one")
        with trouble(doing, self.root), _connected(self.root / CATALOG, "rw") as connection:
            version = _version(connection, self.root)
            if version == 0:  # whoever made it was killed
                raise ModelNotFound(f"the store in {self.root} is empty: `aweigh publish MODEL` fills it")
            if version != VERSION:
                with writing(connection):
                    migrate(connection)
            yield connection


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Inside, everything is read as of one moment."""
    with _transaction(connection, "DEFERRED"):
        yield


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Inside, nobody else writes; all or nothing of it is there afterwards."""
    with _transaction(connection, "IMMEDIATE"):
        yield


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _connected(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=_PATIENCE, isolation_level=None
    )
    try:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection
    finally:
        connection.close()


def _version(connection: sqlite3.Connection, root: Path) -> int:
    """0: empty. Raises StoreFailed for a file that is not ours."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if version not in (0, *range(OLDEST, VERSION + 1)) or application not in (0, APPLICATION):
        raise StoreFailed(
            f"the catalog of {root} is of version {version}, this Aweigh knows {VERSION}: use another AWEIGH_HOME"
        )
    return version


def _statements(script: str) -> Iterator[str]:
    """`executescript` would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
