"""What is stored already, as far as a publish can use it: the very files that are asked for, and models that are built alike.

Nothing is believed that its digest does not prove (rows.py): a model with damaged rows or pages counts as not there, and is published anew.
"""

import sqlite3
import time
from collections.abc import Mapping, Sequence

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.store.catalog import writing
from aweigh.memory.store.layout import ALIGNMENT, Packed, Placed
from aweigh.memory.store.record import check_name
from aweigh.memory.store.rows import read
from aweigh.proto.errors import StoreFailed


def twins(connection: sqlite3.Connection, identities: Mapping[str, tuple[str, bytes]]) -> list[tuple[int, str]]:
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


def is_whole(connection: sqlite3.Connection, model: int, name: str) -> bool:
    """Whether its rows are what was published, and nobody has found a damaged page in it."""
    try:
        read(connection, name)
    except StoreFailed:
        return False
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


def packed_like(
    connection: sqlite3.Connection, structure: bytes, tensors: Mapping[str, TensorEntry]
) -> tuple[str, str, list[Packed]] | None:
    """A stored model of the same structure whose extents are all its own: its name, where its order is from, and its extents. One that a
    Program ordered before others."""
    lengths = {name: entry.length for name, entry in tensors.items() if entry.length}
    for name, used_as in connection.execute(
        "SELECT name, used_as FROM models WHERE structure = ? ORDER BY used_as = 'program' DESC, id", (structure,)
    ).fetchall():
        try:
            rows = read(connection, name)
        except StoreFailed:
            continue
        placed: list[list[Placed]] = [[] for _ in rows.extents]
        for tensor in rows.tensors:
            if tensor.extent is not None:
                placed[tensor.extent].append(Placed(tensor.name, tensor.offset, tensor.length))
        if lengths == {tensor.name: tensor.length for extent in placed for tensor in extent} and all(
            map(_is_full, placed, (length for _, length in rows.extents))
        ):
            return name, used_as, [Packed(tuple(extent)) for extent in placed]
    return None


def _is_full(tensors: Sequence[Placed], length: int) -> bool:
    """Whether an extent has no tensors but these."""
    ends = [0, *(tensor.end for tensor in tensors)]
    gaps = [tensor.offset - end for tensor, end in zip(tensors, ends, strict=False)]
    return ends[-1] == length and all(gap < ALIGNMENT for gap in gaps)


def copy_as(connection: sqlite3.Connection, model: int, name: str, source: str, *, replaces: bool) -> bool:
    """The same model under another name, without a byte read. False: it is gone. Raises InvalidRequest if the name is taken."""
    with writing(connection):
        check_name(connection, name, source, replaces=replaces)
        found = connection.execute("SELECT name FROM models WHERE id = ?", (model,)).fetchone()
        if found is None:
            return False
        digest = read(connection, found[0]).digest_as(name)
        connection.execute("DELETE FROM models WHERE name = ? AND id != ?", (name, model))
        new = connection.execute(
            "INSERT INTO models (name, source, structure, used_as, fingerprint, bytes, published, digest) "
            "SELECT ?, ?, structure, used_as, fingerprint, bytes, ?, ? FROM models WHERE id = ?",
            (name, source, time.time(), digest, model),
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
