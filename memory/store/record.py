"""A model's rows: written in one transaction, in which every page that they name is looked up once more."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.store.catalog import writing
from aweigh.memory.store.failpoints import Failpoint, reach
from aweigh.memory.store.layout import Packed, Placed
from aweigh.memory.store.plan import Plan
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


def commit(connection: sqlite3.Connection, record: Record, staged: Mapping[bytes, tuple[str, int]]) -> int:
    """Makes the model visible, in the place of what had its name. `staged`: segment and slot of pages that lie ready.

    Returns:
        how many pages are new.

    Raises:
        Gone: pages are neither in the catalog nor staged; nothing has changed.
        InvalidRequest: the name is taken.
    """
    with writing(connection):
        check_name(connection, record.name, record.source, replaces=record.replaces)
        pages, new = _pages(connection, dict.fromkeys(record.hashes), staged)
        connection.execute("DELETE FROM models WHERE name = ?", (record.name,))
        model = connection.execute(
            "INSERT INTO models (name, source, structure, used_as, fingerprint, bytes, published) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                record.name,
                record.source,
                record.structure,
                record.used_as,
                record.fingerprint,
                sum(entry.length for entry in record.tensors.values()),
                time.time(),
            ),
        ).lastrowid
        assert model is not None
        _extents(connection, model, record, pages)
        connection.executemany("INSERT INTO tensors VALUES (?, ?, ?, ?, ?, ?, ?)", _tensors(model, record))
        connection.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?)",
            [(model, file, identity, header) for file, (identity, header) in record.identities.items()],
        )
        for path, data in record.assets.items():
            digest = blake3(data).digest()
            connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?)", (digest, data))
            connection.execute("INSERT INTO assets VALUES (?, ?, ?)", (model, path, digest))
        reach(Failpoint.CATALOG_WRITTEN)
    reach(Failpoint.CATALOG_COMMITTED)
    return new


def check_name(connection: sqlite3.Connection, name: str, source: str, *, replaces: bool) -> None:
    """Raises InvalidRequest if another place's model has the name, unless it may be replaced."""
    row = connection.execute("SELECT source FROM models WHERE name = ?", (name,)).fetchone()
    if row is not None and row[0] != source and not replaces:
        raise InvalidRequest(f"{name!r} is the name of the model from {row[0]}: give this one another with --as")


def twin(connection: sqlite3.Connection, identities: Mapping[str, tuple[str, bytes]]) -> list[tuple[int, str]]:
    """Models (row, name) that were published from these very files."""
    wanted = sorted((file, identity, header) for file, (identity, header) in identities.items())
    candidates = connection.execute(
        "SELECT DISTINCT models.id, models.name FROM models JOIN sources ON model = models.id WHERE identity = ? ORDER BY 1",
        (wanted[0][1],),
    ).fetchall()
    return [
        (model, name)
        for model, name in candidates
        if sorted(connection.execute("SELECT file, identity, header FROM sources WHERE model = ?", (model,))) == wanted
    ]


def is_whole(connection: sqlite3.Connection, model: int) -> bool:
    """Whether nobody has found a damaged page in it."""
    damaged = connection.execute(
        "SELECT 1 FROM model_extents JOIN extent_pages USING (extent) JOIN pages ON pages.id = page "
        "WHERE model = ? AND damaged LIMIT 1",
        (model,),
    )
    return damaged.fetchone() is None


def has_assets(connection: sqlite3.Connection, model: int, assets: Mapping[str, bytes]) -> bool:
    """Whether a model's small files are these."""
    rows = connection.execute("SELECT path, digest FROM assets WHERE model = ?", (model,))
    return dict(rows.fetchall()) == {path: blake3(data).digest() for path, data in assets.items()}


def packed_like(connection: sqlite3.Connection, structure: bytes) -> tuple[str, list[Packed]] | None:
    """Where a stored model of the same structure has its order from, and its extents; one that a Program ordered before others."""
    row = connection.execute(
        "SELECT id, used_as FROM models WHERE structure = ? ORDER BY used_as = 'program' DESC, id LIMIT 1", (structure,)
    ).fetchone()
    if row is None:
        return None
    extents: dict[int, list[Placed]] = {}
    for position, name, offset, length in connection.execute(
        "SELECT position, name, offset, length FROM tensors WHERE model = ? AND position IS NOT NULL ORDER BY position, offset",
        (row[0],),
    ):
        extents.setdefault(position, []).append(Placed(name, offset, length))
    return row[1], [Packed(tuple(tensors)) for tensors in extents.values()]


def copy_as(connection: sqlite3.Connection, model: int, name: str, source: str, *, replaces: bool) -> bool:
    """The same model under another name, without a byte read. False: it is gone. Raises InvalidRequest if the name is taken."""
    with writing(connection):
        check_name(connection, name, source, replaces=replaces)
        if connection.execute("SELECT 1 FROM models WHERE id = ?", (model,)).fetchone() is None:
            return False
        connection.execute("DELETE FROM models WHERE name = ? AND id != ?", (name, model))
        new = connection.execute(
            "INSERT INTO models (name, source, structure, used_as, fingerprint, bytes, published) "
            "SELECT ?, ?, structure, used_as, fingerprint, bytes, ? FROM models WHERE id = ?",
            (name, source, time.time(), model),
        ).lastrowid
        for table, columns in (
            ("sources", "file, identity, header"),
            ("model_extents", "position, extent"),
            ("tensors", "name, dtype, shape, position, offset, length"),
            ("assets", "path, digest"),
        ):
            connection.execute(
                f"INSERT INTO {table} (model, {columns}) SELECT ?, {columns} FROM {table} WHERE model = ?", (new, model)
            )
    return True


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


def _extents(connection: sqlite3.Connection, model: int, record: Record, pages: Mapping[bytes, int]) -> None:
    for position, extent in enumerate(record.plan.extents):
        hashes = [record.hashes[number] for number in record.plan.pages_of(position)]
        digest = blake3(b"".join((*hashes, extent.length.to_bytes(8, "little")))).digest()
        row = connection.execute("SELECT id FROM extents WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            inserted = connection.execute("INSERT INTO extents (digest, length) VALUES (?, ?)", (digest, extent.length))
            row = (inserted.lastrowid,)
            connection.executemany(
                "INSERT INTO extent_pages VALUES (?, ?, ?)",
                [(row[0], place, pages[name]) for place, name in enumerate(hashes)],
            )
        connection.execute("INSERT INTO model_extents VALUES (?, ?, ?)", (model, position, row[0]))


def _tensors(model: int, record: Record) -> Iterator[tuple[object, ...]]:
    places = {
        tensor.name: (position, tensor.offset)
        for position, extent in enumerate(record.plan.extents)
        for tensor in extent.tensors
    }
    for name, entry in record.tensors.items():
        position, offset = places.get(name, (None, 0))
        yield model, name, entry.dtype_name, json.dumps(entry.shape), position, offset, entry.length
