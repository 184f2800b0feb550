"""Proof that the store is what its catalog says: every page is hashed, every count is counted again.

What is wrong with a page is said by the models and tensors that it is a part of. The page is marked, so that the next publish of such a
model writes it anew instead of relying on it; a page that reads right again loses its mark.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.absent import ELSEWHERE
from aweigh.memory.store.catalog import Store, reading, writing
from aweigh.memory.store.content import content_of
from aweigh.memory.store.disk import set_direct
from aweigh.memory.store.layout import Placed
from aweigh.memory.store.pages import Slot, read
from aweigh.memory.store.plan import pieces
from aweigh.memory.store.rows import read as read_rows
from aweigh.memory.store.segment import holding, path_of
from aweigh.memory.store.signatures import signatures_of, wrong
from aweigh.memory.store.tell import Tell, silent
from aweigh.memory.trust.trust import Trust
from aweigh.proto.errors import ModelNotFound, StoreFailed, Untrusted


@dataclass(frozen=True, slots=True)
class Damage:
    """A tensor that has a page that is not what was stored. `tensor` is empty where a page's padding is all that a model has of it, both are
    where no model has it."""

    model: str
    tensor: str
    page: bytes
    segment: str
    slot: int
    what: str


@dataclass(slots=True)
class Verified:
    """`absent` pages come from elsewhere when they are used. `faults`: of the catalog and of signatures, one sentence each; `signers`: by model,
    whose trusted key has signed it."""

    pages: int = 0
    absent: int = 0
    damages: list[Damage] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    signers: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return not self.damages and not self.faults


def verify(store: Store, name: str | None = None, tell: Tell = silent, trust: Trust | None = None) -> Verified:
    """Checks all of the store, or what one model reads, and their signatures. `trust`: whom the caller believes, and whether a model without
    a believed signature is a fault. Raises ModelNotFound, StoreFailed."""
    done = Verified()
    with store.catalog("verifying the store") as connection:
        model = _model(connection, name)
        with reading(connection):
            done.faults.extend(_faults(connection))
            done.faults.extend(_distrusted(connection, name, trust or Trust(), done))
            segments = connection.execute("SELECT id, name FROM segments ORDER BY id").fetchall()
            counted = f"SELECT COUNT(*) FROM pages JOIN segments ON segments.id = segment WHERE {_OF_MODEL}"
            (total,) = connection.execute(counted, (model, model)).fetchone()
            absent = f"{counted} AND name = ?"
            (done.absent,) = connection.execute(absent, (model, model, ELSEWHERE)).fetchone()
            total -= done.absent
        right: list[_Slot] = []
        wrong: list[_Slot] = []
        for segment, segment_name in segments:
            if segment_name == ELSEWHERE:
                continue
            for row, page, slot, what in _segment(store, connection, segment, segment_name, model):
                done.pages += 1
                tell("hashing pages", done.pages * PAGE_BYTES, total * PAGE_BYTES)
                (wrong if what else right).append((row, segment, slot))
                if what:
                    done.damages += [
                        Damage(owner, tensor, page, segment_name, slot, what)
                        for owner, tensor in _owners(connection, row)
                    ]
        _mark(connection, right, wrong)
    return done


_OF_MODEL = (
    "(? IS NULL OR pages.id IN (SELECT page FROM model_extents JOIN extent_pages USING (extent) WHERE model = ?))"
)


def _model(connection: sqlite3.Connection, name: str | None) -> int | None:
    if name is None:
        return None
    row = connection.execute("SELECT id FROM models WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise ModelNotFound(f"the store has no model {name!r}: `aweigh store ls` shows what it has")
    return int(row[0])


def _segment(
    store: Store, connection: sqlite3.Connection, segment: int, name: str, model: int | None
) -> Iterator[tuple[int, bytes, int, str]]:
    """Row, hash, slot and what is wrong, for every page. Rows are read under the lock: nobody gives their space back then."""
    with holding(path_of(store.segments, name)) as descriptor:
        rows = connection.execute(
            f"SELECT id, hash, slot FROM pages WHERE segment = ? AND {_OF_MODEL} ORDER BY slot", (segment, model, model)
        ).fetchall()
        if descriptor is None:
            yield from ((row, page, slot, "is gone with its segment") for row, page, slot in rows)
            return
        set_direct(descriptor)
        slots = [Slot(row, page, descriptor, slot * PAGE_BYTES) for row, page, slot in rows]
        for found, _, what in read(slots):
            yield found.key, found.hash, found.offset // PAGE_BYTES, what


def _owners(connection: sqlite3.Connection, page: int) -> list[tuple[str, str]]:
    """Models and tensors that read a page."""
    found: list[tuple[str, str]] = []
    for model, name, position, place in connection.execute(
        "SELECT model, models.name, position, place FROM extent_pages JOIN model_extents USING (extent) "
        "JOIN models ON models.id = model WHERE page = ? ORDER BY models.name, position, place",
        (page,),
    ).fetchall():
        tensors = connection.execute(
            "SELECT name, offset, length FROM tensors WHERE model = ? AND position = ? ORDER BY offset",
            (model, position),
        )
        placed = [Placed(*tensor) for tensor in tensors]
        found += [(name, piece.tensor) for piece in pieces(placed, place * PAGE_BYTES)] or [(name, "")]
    return found or [("", "")]


_Slot = tuple[int, int, int]
"""Row, segment and slot of a page."""


def _mark(connection: sqlite3.Connection, right: list[_Slot], wrong: list[_Slot]) -> None:
    """Pages that somebody has written anew meanwhile lie elsewhere, and are left alone."""
    marked = {row for (row,) in connection.execute("SELECT id FROM pages WHERE damaged")}
    changes = [(1, *page) for page in wrong if page[0] not in marked] + [
        (0, *page) for page in right if page[0] in marked
    ]
    if changes:
        with writing(connection):
            connection.executemany("UPDATE pages SET damaged = ? WHERE id = ? AND segment = ? AND slot = ?", changes)


def _faults(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute("PRAGMA integrity_check").fetchall():
        if said != "ok":
            yield f"the catalog's file is damaged: {said}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield f"row {row} of the table {table} names a row of {parent} that is not there"
    for query, sentence in _QUERIES:
        yield from (sentence.format(*row) for row in connection.execute(query))
    for (name,) in connection.execute("SELECT name FROM models ORDER BY name").fetchall():
        try:
            read_rows(connection, name)
        except StoreFailed as error:
            yield str(error)
    for digest, data in connection.execute("SELECT digest, data FROM files"):
        if blake3(data).digest() != digest:
            yield f"the file {digest.hex()[:16]} has other bytes than were stored"


def _distrusted(connection: sqlite3.Connection, only: str | None, trust: Trust, done: Verified) -> Iterator[str]:
    """A signature that is not over what is stored is a fault; one that nobody trusts, or none, where it is required."""
    for (name,) in connection.execute(
        "SELECT name FROM models WHERE ? IN (name, '') ORDER BY name", (only or "",)
    ).fetchall():
        try:
            content = content_of(read_rows(connection, name))
        except StoreFailed:
            continue  # said elsewhere
        (listed,) = connection.execute("SELECT content FROM models WHERE name = ?", (name,)).fetchone()
        if listed != content:
            yield f"the catalog names another content than that of {name}: publish it again"
        if wrong(connection, content):
            yield f"a signature of {name} is not over what is stored: sign it again"
        try:
            done.signers[name] = trust.signer(name, content, signatures_of(connection, content)).owner
        except Untrusted as error:
            if trust.required:
                yield str(error)


_COUNTED = "SELECT COUNT(*) FROM extent_pages WHERE page = pages.id"
_SUMMED = "SELECT COALESCE(SUM(length), 0) FROM tensors WHERE model = models.id"
_QUERIES = (
    (
        f"SELECT hex(hash), uses, ({_COUNTED}) AS counted FROM pages WHERE uses != counted",
        "page {0:.16} counts {1} uses and has {2}",
    ),
    (
        "SELECT id FROM extents WHERE id NOT IN (SELECT extent FROM model_extents)",
        "extent {0} is of no model",
    ),
    (
        f"""
        SELECT extents.id, length, COUNT(page) AS pages, COALESCE(MAX(place), -1) + 1 AS last
        FROM extents LEFT JOIN extent_pages ON extent = extents.id GROUP BY extents.id
        HAVING pages != last OR last != (length + {PAGE_BYTES - 1}) / {PAGE_BYTES}
        """,
        "extent {0} of {1} bytes has {2} pages, the last in place {3}",
    ),
    (
        """
        SELECT models.name, tensors.name FROM tensors JOIN models ON models.id = tensors.model
        LEFT JOIN model_extents USING (model, position) LEFT JOIN extents ON extents.id = extent
        WHERE tensors.length > 0 AND (extents.id IS NULL OR tensors.offset + tensors.length > extents.length)
        """,
        "the tensor {1} of {0} lies outside its extent",
    ),
    (
        f"SELECT name, bytes, ({_SUMMED}) AS counted FROM models WHERE bytes != counted",
        "{0} counts {1} bytes and has {2}",
    ),
    (
        "SELECT hex(digest) FROM files WHERE digest NOT IN (SELECT digest FROM assets)",
        "the file {0:.16} is of no model",
    ),
)
