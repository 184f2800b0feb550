"""A model's rows: written in one transaction, in which every page that they name is looked up once more."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import reach
from aweigh.memory.store.absent import note_absent, set_remote
from aweigh.memory.store.catalog import writing
from aweigh.memory.store.content import content_digest
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.plan import Plan
from aweigh.memory.store.rows import StoredTensor, extent_digest, model_digest
from aweigh.memory.store.signatures import add
from aweigh.memory.trust.private_key import PrivateKey
from aweigh.memory.trust.signature import Signature
from aweigh.proto.errors import InvalidRequest


class Gone(Exception):
    """Pages that a publish relied on were given back meanwhile, or found damaged."""

    def __init__(self, hashes: Iterable[bytes]) -> None:
        super().__init__()
        self.hashes = frozenset(hashes)


@dataclass(frozen=True, slots=True)
class Record:
    """A model as the catalog will know it. `hashes[i]` names page i of the plan."""

    name: str
    replaces: bool  # a model of that name that came from another place
    source: str
    structure: bytes
    used_as: str
    fingerprint: bytes | None
    tensors: Mapping[str, TensorEntry]
    plan: Plan
    hashes: Sequence[bytes]
    identities: Mapping[str, tuple[str, bytes]]
    assets: Mapping[str, bytes]
    key: PrivateKey | None = None  # signs it
    signatures: Sequence[Signature] = ()  # that came with it, of this content or of another one


@dataclass(frozen=True, slots=True)
class Entry:
    """A model as its reader will have it. `extents`: digest and length; `hashes`: of all their pages, in order; `remote`: the URL of an
    object store that has its pages, and where in it they are (tiers/placing.py)."""

    name: str
    replaces: bool
    source: str
    structure: bytes
    used_as: str
    fingerprint: bytes | None
    tensors: Sequence[StoredTensor]
    extents: Sequence[tuple[bytes, int]]
    hashes: Sequence[bytes]
    identities: Mapping[str, tuple[str, bytes]]
    assets: Mapping[str, bytes]
    remote: tuple[str, bytes] | None = None
    key: PrivateKey | None = None  # signs it
    signatures: Sequence[Signature] = ()  # that came with it, of this content or of another one


def commit(connection: sqlite3.Connection, record: Record, staged: Mapping[bytes, tuple[str, int]]) -> int:
    """As `enter`, for what was made of a checkpoint."""
    lengths = [extent.length for extent in record.plan.extents]
    pages = [[record.hashes[number] for number in record.plan.pages_of(at)] for at in range(len(lengths))]
    extents = [(extent_digest(found, length), length) for found, length in zip(pages, lengths, strict=True)]
    entry = Entry(
        record.name, record.replaces, record.source, record.structure, record.used_as, record.fingerprint,
        list(_tensors(record)), extents, record.hashes, record.identities, record.assets,
        key=record.key, signatures=record.signatures,
    )  # fmt: skip
    return enter(connection, entry, staged)


def enter(
    connection: sqlite3.Connection, record: Entry, staged: Mapping[bytes, tuple[str, int]], *, absent: bool = False
) -> int:
    """Makes the model visible, in the place of what had its name. `staged`: segment and slot of pages that lie ready. `absent`: pages that
    are neither here nor staged come when they are used.

    Returns:
        how many pages are new.

    Raises:
        Gone: pages are neither in the catalog nor staged; nothing has changed.
        InvalidRequest: the name is taken.
    """
    tensors, extents = record.tensors, record.extents
    assets = {path: blake3(data).digest() for path, data in record.assets.items()}
    digest = model_digest(record.name, record.fingerprint, tensors, extents, record.hashes, assets)
    content = content_digest(tensors, [length for _, length in extents], record.hashes, assets)
    with writing(connection):
        check_name(connection, record.name, record.source, replaces=record.replaces)
        if absent:
            note_absent(connection, dict.fromkeys(record.hashes))
            pages, new = _known(connection, dict.fromkeys(record.hashes)), 0
        else:
            pages, new = _pages(connection, dict.fromkeys(record.hashes), staged)
        connection.execute("DELETE FROM models WHERE name = ?", (record.name,))
        model = connection.execute(
            "INSERT INTO models (name, source, structure, used_as, fingerprint, bytes, published, digest, content) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.name,
                record.source,
                record.structure,
                record.used_as,
                record.fingerprint,
                sum(tensor.length for tensor in tensors),
                time.time(),
                digest,
                content,
            ),
        ).lastrowid
        assert model is not None
        _extents(connection, model, record.hashes, extents, pages)
        connection.executemany(
            "INSERT INTO tensors VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(model, t.name, t.dtype, json.dumps(t.shape), t.extent, t.offset, t.length) for t in tensors],
        )
        connection.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?)",
            [(model, file, identity, header) for file, (identity, header) in record.identities.items()],
        )
        for path, data in record.assets.items():
            connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?)", (assets[path], data))
            connection.execute("INSERT INTO assets VALUES (?, ?, ?)", (model, path, assets[path]))
        add(connection, content, (signature.to_bytes() for signature in _signatures(record, content)))
        if record.remote is not None:
            set_remote(connection, record.name, *record.remote)
        reach(Failpoint.CATALOG_WRITTEN)
    reach(Failpoint.CATALOG_COMMITTED)
    return new


def _signatures(record: Entry, content: bytes) -> Iterator[Signature]:
    yield from (signature for signature in record.signatures if signature.is_of(content))
    if record.key is not None:
        yield record.key.sign(content)


def check_name(connection: sqlite3.Connection, name: str, source: str, *, replaces: bool) -> None:
    """Raises InvalidRequest if another place's model has the name, unless it may be replaced."""
    row = connection.execute("SELECT source FROM models WHERE name = ?", (name,)).fetchone()
    if row is not None and row[0] != source and not replaces:
        raise InvalidRequest(f"{name!r} is the name of the model from {row[0]}: give this one another with --as")


def _pages(
    connection: sqlite3.Connection, hashes: Iterable[bytes], staged: Mapping[bytes, tuple[str, int]]
) -> tuple[dict[bytes, int], int]:
    """Rows of pages by hash, and how many are new: none for pages that a copy of ours heals."""
    pages: dict[bytes, int] = {}
    gone: list[bytes] = []
    segments: dict[str, int] = {}
    new = 0
    for name in hashes:
        row = connection.execute("SELECT id, damaged FROM pages WHERE hash = ?", (name,)).fetchone()
        if row is not None and not row[1]:
            pages[name] = row[0]
            continue
        if name not in staged:
            gone.append(name)
            continue
        segment, slot = staged[name]
        if segment not in segments:
            connection.execute("INSERT OR IGNORE INTO segments (name) VALUES (?)", (segment,))
            found = connection.execute("SELECT id FROM segments WHERE name = ?", (segment,)).fetchone()
            segments[segment] = found[0]
        place = (segments[segment], slot)
        if row is not None:
            connection.execute("UPDATE pages SET segment = ?, slot = ?, damaged = 0 WHERE id = ?", (*place, row[0]))
            pages[name] = row[0]
            continue
        inserted = connection.execute("INSERT INTO pages (hash, segment, slot) VALUES (?, ?, ?)", (name, *place))
        assert inserted.lastrowid is not None
        pages[name] = inserted.lastrowid
        new += 1
    if gone:
        raise Gone(gone)
    return pages, new


def _known(connection: sqlite3.Connection, hashes: Iterable[bytes]) -> dict[bytes, int]:
    """Rows of pages that have one."""
    found = {}
    for name in hashes:
        ((found[name],),) = connection.execute("SELECT id FROM pages WHERE hash = ?", (name,)).fetchall()
    return found


def _extents(
    connection: sqlite3.Connection,
    model: int,
    hashes: Sequence[bytes],
    extents: Sequence[tuple[bytes, int]],
    pages: Mapping[bytes, int],
) -> None:
    first = 0
    for position, (digest, length) in enumerate(extents):
        connection.execute(
            "INSERT INTO extents (digest, length) VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET length = excluded.length",
            (digest, length),
        )
        ((row,),) = connection.execute("SELECT id FROM extents WHERE digest = ?", (digest,))
        count = -(-length // PAGE_BYTES)
        wanted = [(row, place, pages[name]) for place, name in enumerate(hashes[first : first + count])]
        first += count
        there = connection.execute("SELECT * FROM extent_pages WHERE extent = ? ORDER BY place", (row,)).fetchall()
        if there != wanted:  # it is new, or its rows are damaged
            connection.execute("DELETE FROM extent_pages WHERE extent = ?", (row,))
            connection.executemany("INSERT INTO extent_pages VALUES (?, ?, ?)", wanted)
        connection.execute("INSERT INTO model_extents VALUES (?, ?, ?)", (model, position, row))


def _tensors(record: Record) -> Iterator[StoredTensor]:
    places = {
        tensor.name: (position, tensor.offset)
        for position, extent in enumerate(record.plan.extents)
        for tensor in extent.tensors
    }
    for name, entry in record.tensors.items():
        position, offset = places.get(name, (None, 0))
        yield StoredTensor(name, entry.dtype_name, entry.shape, position, offset, entry.length)
