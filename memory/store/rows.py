"""What the catalog says of one model, proved.

Pages are proved by their hashes. What lies where in them is rows of a database, and a flipped bit in one would give wrong weights that hash
right. So a model has a digest over all that its reader believes, made from what was published and not from what was inserted.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.proto.errors import ModelNotFound, StoreFailed


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """`dtype` as safetensors spells it. `extent` is an index into the model's extents, None if the tensor has no bytes; `offset` and
    `length` are bytes in that extent."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    extent: int | None
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of an extent: its hash and where it lies."""

    extent: int
    hash: bytes
    segment: str
    slot: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A model. `tensors` are in the order of use; `extents[i]` is the digest and the length of extent i; `assets` are digests by path."""

    model: int
    name: str
    fingerprint: bytes | None
    tensors: tuple[StoredTensor, ...]
    extents: tuple[tuple[bytes, int], ...]
    pages: tuple[PageRow, ...]
    assets: Mapping[str, bytes]

    def digest_as(self, name: str) -> bytes:
        """The model's digest, or what it is under another name."""
        hashes = (page.hash for page in self.pages)
        return model_digest(name, self.fingerprint, self.tensors, self.extents, hashes, self.assets)


def extent_digest(hashes: Iterable[bytes], length: int) -> bytes:
    """Names an extent's content, by the hashes of its pages."""
    return blake3(b"".join((*hashes, length.to_bytes(8, "little")))).digest()


def model_digest(
    name: str,
    fingerprint: bytes | None,
    tensors: Iterable[StoredTensor],
    extents: Sequence[tuple[bytes, int]],
    hashes: Iterable[bytes],
    assets: Mapping[str, bytes],
) -> bytes:
    """The hash over a model. `extents`: digest and length; `hashes`: of all their pages, in order; `assets`: digests by path."""
    rows = sorted((t.name, t.dtype, t.shape, t.extent, t.offset, t.length) for t in tensors)
    hasher = blake3(repr((name, fingerprint, rows, list(extents), sorted(assets.items()))).encode())
    for page in hashes:
        hasher.update(page)
    return hasher.digest()


def read(connection: sqlite3.Connection, name: str) -> Rows:
    """The rows of a model, inside a transaction of the caller's.

    Raises:
        ModelNotFound: there is no such model.
        StoreFailed: the rows are not those that were published.
    """
    found = connection.execute("SELECT id, fingerprint, digest FROM models WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise ModelNotFound(f"the store has no model {name!r}: `aweigh store ls` shows what it has")
    model, fingerprint, digest = found
    try:
        rows = Rows(
            model, name, fingerprint, _tensors(connection, model), _extents(connection, model),
            _pages(connection, model), _assets(connection, model),
        )  # fmt: skip
        right = rows.digest_as(name) == digest and _counts(rows) == [-(-end // PAGE_BYTES) for _, end in rows.extents]
    except (TypeError, ValueError):  # a column of another type than we wrote
        right = False
    if not right:
        raise StoreFailed(f"the catalog says other things of {name} than were published: publish it again")
    return rows


def _counts(rows: Rows) -> list[int]:
    counts = [0] * len(rows.extents)
    for page in rows.pages:
        counts[page.extent] += 1
    return counts


def _tensors(connection: sqlite3.Connection, model: int) -> tuple[StoredTensor, ...]:
    return tuple(
        StoredTensor(name, dtype, tuple(json.loads(shape)), position, offset, length)
        for name, dtype, shape, position, offset, length in connection.execute(
            "SELECT name, dtype, shape, position, offset, length FROM tensors WHERE model = ? ORDER BY position, offset, name",
            (model,),
        )
    )


def _extents(connection: sqlite3.Connection, model: int) -> tuple[tuple[bytes, int], ...]:
    return tuple(
        connection.execute(
            "SELECT digest, length FROM model_extents JOIN extents ON extents.id = extent WHERE model = ? ORDER BY position",
            (model,),
        ).fetchall()
    )


def _pages(connection: sqlite3.Connection, model: int) -> tuple[PageRow, ...]:
    return tuple(
        PageRow(*row)
        for row in connection.execute(
            "SELECT position, hash, segments.name, slot FROM model_extents JOIN extent_pages USING (extent) "
            "JOIN pages ON pages.id = page JOIN segments ON segments.id = segment WHERE model = ? ORDER BY position, place",
            (model,),
        )
    )


def _assets(connection: sqlite3.Connection, model: int) -> dict[str, bytes]:
    return dict(connection.execute("SELECT path, digest FROM assets WHERE model = ?", (model,)).fetchall())
