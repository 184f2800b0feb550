"""A stored model as a reader has it: where every tensor is in which extent, and every extent in which files.

Opening takes a shared lock on each segment and reads the catalog; nothing of the catalog is held afterwards. While the object is open
no byte that it names is given back, also when its model is removed or replaced meanwhile: it goes on as it was opened. Files that
somebody deletes by hand stay readable through the descriptors.

Who reads a page proves it with `is_page`: 2 MiB at the run's offset, by the hash beside it.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from os import close as close_descriptor
from typing import Self

from aweigh.memory.core import PAGE_BYTES, FileIdentity
from aweigh.memory.store.absent import ELSEWHERE
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.store.content import content_of
from aweigh.memory.store.rows import Rows, StoredTensor, read
from aweigh.memory.store.segment import path_of, shared
from aweigh.memory.store.signatures import signatures_of
from aweigh.memory.store.stand_in import stands_for
from aweigh.memory.trust.signature import Signature
from aweigh.proto.errors import StoreFailed

_ATTEMPTS = 20
NO_FILE = -1


@dataclass(frozen=True, slots=True)
class Run:
    """Pages of an extent that lie one behind the other: `length` bytes (a multiple of PAGE_BYTES) at `offset` of a file. `descriptor` is
    `NO_FILE` where they are not on this disk."""

    descriptor: int
    offset: int
    hashes: tuple[bytes, ...]

    @property
    def length(self) -> int:
        return len(self.hashes) * PAGE_BYTES


@dataclass(frozen=True, slots=True)
class StoredExtent:
    """`digest` names the content, equal for all models that share it. The `runs` together are `length` bytes and padding."""

    digest: bytes
    length: int
    runs: tuple[Run, ...]

    @property
    def pages(self) -> int:
        return sum(len(run.hashes) for run in self.runs)


class Stored:
    """An open model. Extents are in the order of use. Use as a context, or call `close`."""

    name: str
    fingerprint: bytes | None
    tensors: Mapping[str, StoredTensor]
    extents: tuple[StoredExtent, ...]
    assets: Mapping[str, bytes]
    """Digests of the small files by path; `export` has their bytes."""
    content: bytes
    """What signatures are over, computed from what was read (32 bytes)."""
    signatures: tuple[Signature, ...]
    """What the catalog has for this content; nothing is proved yet, see `Trust`."""

    def __init__(self, store: Store, name: str, *, absent: bool = False) -> None:
        """`absent`: pages may be elsewhere. Raises ModelNotFound, StoreFailed."""
        self._descriptors: dict[str, int] = {}
        with store.catalog(f"opening {name}") as connection, ExitStack() as undo:
            undo.callback(self.close)
            for _ in range(_ATTEMPTS):
                # Space is given back under the exclusive lock, after a commit: rows that have not changed since we have our locks hold.
                before = _changes(connection)
                with reading(connection):
                    rows = read(connection, name)
                    self.content = content_of(rows)
                    self.signatures = signatures_of(connection, self.content)
                self._lock(store, {page.segment for page in rows.pages})
                if _changes(connection) == before:
                    break
            else:
                raise StoreFailed(f"the store in {store.root} changes faster than {name} can be opened: do it again")
            self.extents = tuple(self._extents(rows, absent=absent))
            undo.pop_all()
        self.name = name
        self.fingerprint = rows.fingerprint
        self.tensors = {tensor.name: tensor for tensor in rows.tensors}
        self.assets = rows.assets

    @staticmethod
    def find(store: Store, identities: list[FileIdentity]) -> "str | None":
        """The name of the model that was published from these files, or that they stand for, if they are what they were. Raises StoreFailed."""
        if not identities or not store.exists:
            return None
        wanted = sorted(identity.name for identity in identities)
        with store.catalog("looking for a stored model") as connection, reading(connection):
            for model, name in connection.execute(
                "SELECT id, name FROM models JOIN sources ON model = id WHERE identity = ? ORDER BY id", (wanted[0],)
            ).fetchall():
                rows = connection.execute("SELECT identity FROM sources WHERE model = ?", (model,))
                if sorted(row[0] for row in rows) == wanted:
                    return str(name)
            return stands_for(connection, wanted[0]) if len(wanted) == 1 else None
        return None

    @property
    def total_bytes(self) -> int:
        """Of all tensors."""
        return sum(tensor.length for tensor in self.tensors.values())

    @property
    def pages(self) -> int:
        return sum(extent.pages for extent in self.extents)

    def close(self) -> None:
        """Lets the segments go; descriptors of runs are closed. May be called again."""
        descriptors, self._descriptors = self._descriptors, {}
        for descriptor in descriptors.values():
            close_descriptor(descriptor)

    def __del__(self) -> None:
        if hasattr(self, "_descriptors"):
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _lock(self, store: Store, segments: set[str]) -> None:
        for name in sorted(segments - self._descriptors.keys()):
            descriptor = shared(path_of(store.segments, name))
            if descriptor is not None:
                self._descriptors[name] = descriptor

    def _extents(self, rows: Rows, *, absent: bool) -> list[StoredExtent]:
        runs: list[list[Run]] = [[] for _ in rows.extents]
        for page in rows.pages:
            descriptor = self._descriptors.get(page.segment, NO_FILE)
            known = runs[page.extent]
            if descriptor == NO_FILE and not absent:
                raise StoreFailed(_gone(rows.name, page.segment))
            if descriptor == NO_FILE:
                offset = known[-1].offset + known[-1].length if known and known[-1].descriptor == NO_FILE else 0
            else:
                offset = page.slot * PAGE_BYTES
            if known and known[-1].descriptor == descriptor and known[-1].offset + known[-1].length == offset:
                known[-1] = Run(descriptor, known[-1].offset, (*known[-1].hashes, page.hash))
            else:
                known.append(Run(descriptor, offset, (page.hash,)))
        return [
            StoredExtent(digest, length, tuple(found))
            for (digest, length), found in zip(rows.extents, runs, strict=True)
        ]


def _gone(name: str, segment: str) -> str:
    if segment == ELSEWHERE:
        return f"{name} was pulled with --lazy and not all of its pages are here: pull it without"
    return f"the segment {segment} of {name} is gone: run `aweigh store verify`"


def _changes(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection commits."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
