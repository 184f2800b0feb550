"""A stored model as a reader has it: where every tensor is in which extent, and every extent in which files.

Opening takes a shared lock on each segment and reads the catalog; nothing of the catalog is held afterwards. While the object is open
no byte that it names is given back, also when its model is removed or replaced meanwhile: it goes on as it was opened. Files that
somebody deletes by hand stay readable through the descriptors.

Who reads a page proves it with `is_page`: 2 MiB at the run's offset, by the hash beside it.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from os import close as close_descriptor
from typing import Self

from aweigh.memory.core import PAGE_BYTES, FileIdentity
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.store.segment import path_of, shared
from aweigh.proto.errors import ModelNotFound, StoreFailed

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """`dtype` as safetensors spells it. `extent` is an index into `Stored.extents`, None if the tensor has no bytes; `offset` and
    `length` are bytes in that extent."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    extent: int | None
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Run:
    """Pages of an extent that lie one behind the other: `length` bytes (a multiple of PAGE_BYTES) at `offset` of a file."""

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


@dataclass(frozen=True, slots=True)
class _Page:
    extent: int
    hash: bytes
    segment: str
    slot: int


class Stored:
    """An open model. Extents are in the order of use. Use as a context, or call `close`."""

    name: str
    fingerprint: bytes | None
    tensors: Mapping[str, StoredTensor]
    extents: tuple[StoredExtent, ...]

    def __init__(self, store: Store, name: str) -> None:
        """Raises ModelNotFound, StoreFailed."""
        self._descriptors: dict[str, int] = {}
        with store.catalog(f"opening {name}") as connection, ExitStack() as undo:
            undo.callback(self.close)
            for _ in range(_ATTEMPTS):
                # Space is given back under the exclusive lock, after a commit: rows that have not changed since we have our locks hold.
                before = _changes(connection)
                with reading(connection):
                    model, pages, lengths = self._read(connection, name)
                self._lock(store, {page.segment for page in pages})
                if _changes(connection) == before:
                    break
            else:
                raise StoreFailed(f"the store in {store.root} changes faster than {name} can be opened: do it again")
            self.extents = tuple(self._extents(pages, lengths))
            undo.pop_all()
        self._model = model

    @staticmethod
    def find(store: Store, identities: list[FileIdentity]) -> "str | None":
        """The name of the model that was published from these files, if they are what they were. Raises StoreFailed."""
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

    def _read(self, connection: sqlite3.Connection, name: str) -> tuple[int, list[_Page], list[tuple[bytes, int]]]:
        row = connection.execute("SELECT id, fingerprint FROM models WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise ModelNotFound(f"the store has no model {name!r}: `aweigh store ls` shows what it has")
        model, self.fingerprint = row
        self.name = name
        self.tensors = {
            tensor: StoredTensor(tensor, dtype, tuple(json.loads(shape)), position, offset, length)
            for tensor, dtype, shape, position, offset, length in connection.execute(
                "SELECT name, dtype, shape, position, offset, length FROM tensors WHERE model = ? ORDER BY position, offset, name",
                (model,),
            )
        }
        lengths = connection.execute(
            "SELECT digest, length FROM model_extents JOIN extents ON extents.id = extent WHERE model = ? ORDER BY position",
            (model,),
        ).fetchall()
        pages = [
            _Page(*found)
            for found in connection.execute(
                "SELECT position, hash, segments.name, slot FROM model_extents JOIN extent_pages USING (extent) "
                "JOIN pages ON pages.id = page JOIN segments ON segments.id = segment WHERE model = ? ORDER BY position, place",
                (model,),
            )
        ]
        return model, pages, lengths

    def _lock(self, store: Store, segments: set[str]) -> None:
        for name in sorted(segments - self._descriptors.keys()):
            descriptor = shared(path_of(store.segments, name))
            if descriptor is not None:
                self._descriptors[name] = descriptor

    def _extents(self, pages: list[_Page], lengths: list[tuple[bytes, int]]) -> list[StoredExtent]:
        runs: list[list[Run]] = [[] for _ in lengths]
        for page in pages:
            descriptor = self._descriptors.get(page.segment)
            if descriptor is None:
                raise StoreFailed(f"the segment {page.segment} of {self.name} is gone: run `aweigh store verify`")
            offset = page.slot * PAGE_BYTES
            known = runs[page.extent]
            if known and known[-1].descriptor == descriptor and known[-1].offset + known[-1].length == offset:
                known[-1] = Run(descriptor, known[-1].offset, (*known[-1].hashes, page.hash))
            else:
                known.append(Run(descriptor, offset, (page.hash,)))
        return [
            StoredExtent(digest, length, tuple(found)) for (digest, length), found in zip(lengths, runs, strict=True)
        ]


def _changes(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection commits."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
