"""Signed models: nothing of one can be changed unseen, by a fault or by somebody who can write to the store."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, raw, read_back, small, write
from tests.memory.store.test_borrow import base, tuned

from aweigh.memory.failpoints import VARIABLE
from aweigh.memory.store import rows
from aweigh.memory.store.carried import FILE, read_carried
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.content import content_digest, content_of
from aweigh.memory.store.export import export
from aweigh.memory.store.listing import models
from aweigh.memory.store.publish import publish
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.signatures import add, sign, signatures_of
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from aweigh.memory.trust.private_key import PrivateKey, generate
from aweigh.memory.trust.trust import Trust
from aweigh.proto.errors import AweighError, InvalidRequest, ModelNotFound, StoreFailed, Untrusted

TENSORS = {"a": pages(1, 2), "norm": raw("F32", 2, 3), "empty": raw("I8", 0)}


@pytest.fixture
def key(tmp_path: Path) -> PrivateKey:
    generate(tmp_path / "key", "us")
    return PrivateKey.read(tmp_path / "key")


@pytest.fixture
def trust(key: PrivateKey, tmp_path: Path) -> Trust:
    return Trust(True, tmp_path / "key.pub")


@pytest.fixture
def signed(store: Store, key: PrivateKey, tmp_path: Path) -> Store:
    directory = write(tmp_path / "model", TENSORS, '{"a": 1}')
    publish(directory, "m", store, program=False, key=key)
    return store


def is_believed(store: Store, name: str, trust: Trust) -> bool:
    try:
        with Stored(store, name) as stored:
            trust.check(name, stored.content, stored.signatures)
    except Untrusted:
        return False
    return True


def test_a_published_model_is_signed_and_so_is_one_that_is_signed_later(
    signed: Store, trust: Trust, key: PrivateKey, tmp_path: Path
) -> None:
    assert is_believed(signed, "m", trust)
    put(signed, write(tmp_path / "other", {"a": pages(3)}), "other")
    assert not is_believed(signed, "other", trust)
    assert is_believed(signed, "other", Trust(False, trust.file))
    assert [fault for fault in verify(signed, trust=trust).faults if "other has no signature" in fault]
    assert verify(signed, trust=Trust(False, trust.file)).signers == {"m": "us"}
    sign(signed, "other", key)
    assert is_believed(signed, "other", trust)
    assert verify(signed, trust=trust).good
    assert [model.signers for model in models(signed)] == [(key.public.id,)] * 2
    with pytest.raises(ModelNotFound):
        sign(signed, "nowhere", key)


def test_the_content_is_what_it_always_was(signed: Store) -> None:
    """Signatures outlive versions of Aweigh: this number changes with a new context, and never otherwise."""
    tensor = StoredTensor("w", "BF16", (2, 3), 0, 64, 12)
    nothing = StoredTensor("none", "I8", (0,), None, 0, 0)
    digest = content_digest([tensor, nothing], [76], [bytes(range(32))], {"config.json": bytes(32)})
    assert digest.hex() == "094d06bafeb40b2c6532f353943d48b67366858bd5a34b578d0fe50db79d4a04"
    with signed.catalog("test") as catalog:
        found = rows.read(catalog, "m")
        assert content_of(found) == catalog.execute("SELECT content FROM models").fetchone()[0]


def test_equal_parts_in_other_places_are_other_contents() -> None:
    one = StoredTensor("ab", "U8", (1,), 0, 0, 1)
    seen = {
        content_digest(tensors, lengths, hashes, assets)
        for tensors, lengths, hashes, assets in (
            ([one], [1], [bytes(32)], {}),
            ([StoredTensor("a", "bU8", (1,), 0, 0, 1)], [1], [bytes(32)], {}),
            ([StoredTensor("ab", "U8", (1, 1), 0, 0, 1)], [1], [bytes(32)], {}),
            ([StoredTensor("ab", "U8", (1,), None, 0, 1)], [1], [bytes(32)], {}),
            ([one, one], [1], [bytes(32)], {}),
            ([one], [1, 1], [bytes(32), bytes(32)], {}),
            ([one], [1 << 21, 1], [bytes(32), bytes(32)], {}),
            ([one], [1, 1 << 21], [bytes(32), bytes(32)], {}),
            ([one], [1], [bytes(32)], {"a": bytes(32)}),
            ([one], [1], [bytes(32)], {"": bytes(32)}),
        )
    }
    assert len(seen) == 10


# Somebody who can write to the store: every cell that a reader of a model believes, each bit of it, with the catalog's own digests made anew.

CELLS = (
    ("tensors", "model, name", ("name", "dtype", "shape", "position", "offset", "length")),
    ("extents", "id", ("length", "digest")),
    ("model_extents", "model, position", ("position", "extent")),
    ("extent_pages", "extent, place", ("place", "page")),
    ("pages", "id", ("hash",)),
    ("assets", "model, path", ("path", "digest")),
    ("signatures", "content, key", ("content", "signature")),
)


def changed(value: object) -> Iterator[object]:
    match value:
        case bytes():
            for bit in range(8 * len(value)):
                yield bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(value))
            yield value[:-1]
        case str():
            for at in range(len(value)):
                yield from (value[:at] + chr(ord(value[at]) ^ 1 << bit) + value[at + 1 :] for bit in range(7))
            yield value + " "
        case int():
            yield from (value ^ 1 << bit for bit in range(48))
        case None:
            yield 0


def believed(catalog: sqlite3.Connection, trust: Trust) -> rows.Rows | None:
    """As `Stored` reads and an engine asks; None: it is refused."""
    try:
        found = rows.read(catalog, "m")
        content = content_of(found)
        trust.check("m", content, signatures_of(catalog, content))
    except (AweighError, sqlite3.Error):
        return None
    return found


def made_anew(catalog: sqlite3.Connection) -> None:
    """The digest of the model, as somebody would make it who changed rows on purpose."""
    try:
        found = rows.Rows(
            1, "m", None, rows._tensors(catalog, 1), rows._extents(catalog, 1), rows._pages(catalog, 1), rows._assets(catalog, 1)
        )  # fmt: skip
        catalog.execute("UPDATE models SET digest = ?, content = ?", (found.digest_as("m"), content_of(found)))
    except (TypeError, ValueError, OverflowError, IndexError, StoreFailed):
        return


@pytest.mark.parametrize("thorough", [False, True])
def test_every_bit_of_every_cell(signed: Store, trust: Trust, thorough: bool) -> None:
    """`thorough`: whoever changed the cell makes the digests of the catalog anew, so that nothing but the signature is left to tell.

    What is not refused is read as the very same model: a blank in a JSON list, a larger number for the last page."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with signed.catalog("test") as catalog:
        catalog.backup(memory)
    truth = believed(memory, trust)
    assert truth is not None
    tried, same, missed = 0, 0, []
    for table, where, columns in CELLS:
        keys = tuple(where.split(", "))
        for column in columns:
            for *row, value in memory.execute(f"SELECT {where}, {column} FROM {table}").fetchall():
                for other in changed(value):
                    memory.execute("BEGIN")
                    try:
                        memory.execute(f"UPDATE {table} SET {column} = ? WHERE ({where}) = ({', '.join('?' for _ in keys)})", (other, *row))  # fmt: skip
                    except sqlite3.IntegrityError:
                        memory.execute("ROLLBACK")
                        continue
                    if thorough:
                        made_anew(memory)
                    tried += 1
                    found = believed(memory, trust)
                    same += found == truth
                    if found not in (None, truth):
                        missed.append((table, column, value, other))
                    memory.execute("ROLLBACK")
    assert not missed
    assert tried > 3000 and same < 100
    assert believed(memory, trust) == truth


def test_a_signature_of_another_model_does_not_help(
    signed: Store, trust: Trust, key: PrivateKey, tmp_path: Path
) -> None:
    put(signed, write(tmp_path / "other", {"a": pages(3)}), "other")
    with signed.catalog("test") as catalog:
        ((content,),) = catalog.execute("SELECT content FROM models WHERE name = 'other'").fetchall()
        ((value,),) = catalog.execute("SELECT signature FROM signatures").fetchall()
        with pytest.raises(InvalidRequest, match="not over what is stored"):
            add(catalog, content, [value])
        catalog.execute("INSERT INTO signatures VALUES (?, ?, ?)", (content, key.public.raw, value))
    assert not is_believed(signed, "other", trust)
    assert any("a signature of other is not over" in fault for fault in verify(signed).faults)


def test_a_signature_outlives_names_and_damage(signed: Store, trust: Trust, tmp_path: Path) -> None:
    directory = tmp_path / "model"
    assert put(signed, directory, "again").read_bytes == 0
    assert is_believed(signed, "again", trust)
    with signed.catalog("test") as catalog:
        catalog.execute("UPDATE pages SET damaged = 1 WHERE id = 1")
    assert put(signed, directory, "m").read_bytes > 0, "published anew, without the key"
    assert is_believed(signed, "m", trust)
    remove_model(signed, "m")
    collect(signed)
    assert is_believed(signed, "again", trust)
    remove_model(signed, "again")
    collect(signed)
    with signed.catalog("test") as catalog:
        assert catalog.execute("SELECT COUNT(*) FROM signatures").fetchone() == (0,)


def test_other_bytes_under_the_name_are_not_signed(
    signed: Store, trust: Trust, key: PrivateKey, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", {**TENSORS, "a": pages(1, 9)}, '{"a": 1}')
    put(signed, other, "m")
    assert not is_believed(signed, "m", trust)
    assert publish(other, "m", signed, program=False, key=key).read_bytes == 0, (
        "what is stored is signed, not read again"
    )
    assert is_believed(signed, "m", trust)
    write(tmp_path / "model", TENSORS, '{"a": 2}')
    put(signed, tmp_path / "model", "m")
    assert not is_believed(signed, "m", trust), "its configuration is another one"


def test_a_signature_goes_along_with_an_export(signed: Store, trust: Trust, store: Store, tmp_path: Path) -> None:
    """The other store has a model of the same structure that is cut in another way, which is not followed."""
    out, there = tmp_path / "out", Store(tmp_path / "there")
    export(signed, "m", out)
    assert (out / FILE).exists()
    put(there, write(tmp_path / "reversed", dict(reversed(TENSORS.items()))), "first")
    put(there, out, "m")
    assert is_believed(there, "m", trust)
    assert read_back(there, "m") == TENSORS
    changed_weights = out / "model.safetensors"
    data = bytearray(changed_weights.read_bytes())
    data[-1] ^= 1
    changed_weights.write_bytes(data)
    put(there, out, "m")
    assert not is_believed(there, "m", trust)
    export(there, "m", tmp_path / "unsigned")
    assert not (tmp_path / "unsigned" / FILE).exists()


def test_a_model_that_lies_in_extents_of_another_is_signed_with_them(
    store: Store, key: PrivateKey, trust: Trust, tmp_path: Path
) -> None:
    put(store, write(tmp_path / "base", base()), "base")
    changed = tuned(["layers.1.k.weight"])
    publish(write(tmp_path / "tuned", changed), "tuned", store, program=False, key=key)
    assert is_believed(store, "tuned", trust) and not is_believed(store, "base", trust)
    export(store, "tuned", tmp_path / "out")
    assert not (tmp_path / "out" / FILE).exists()
    there = Store(tmp_path / "there")
    put(there, tmp_path / "out", "tuned")
    assert read_back(there, "tuned") == changed


@pytest.mark.parametrize(
    "said",
    ["", "[]", "{", "null", '{"version": 2}', '{"version":1,"order":"names","signatures":[],"extents":[[]]}',
     '{"version":1,"order":"names","signatures":["x"],"extents":[]}', "[" * 100000,
     '{"version":1,"order":"names","signatures":[],"extents":[[["a",0,1]]]}',
     '{"version":1,"order":"names","signatures":[],"extents":[[["a",0,4194304],["norm",1099511627776,24]]]}',
     '{"version":1,"order":"names","signatures":[],"extents":[[["a",-64,4194304],["norm",4194304,24]]]}',
     '{"version":1,"order":"names","signatures":[],"extents":[[["a",0,4194304],["norm",64,24]]]}'],
)  # fmt: skip
def test_a_file_that_lies_is_not_followed(store: Store, tmp_path: Path, said: str) -> None:
    directory = write(tmp_path / "model", TENSORS)
    (directory / FILE).write_text(said)
    carried = read_carried(directory)
    lengths = {name: len(tensor.data) for name, tensor in TENSORS.items() if tensor.data}
    assert carried is None or not carried.fits(lengths)
    put(store, directory, "m")
    assert read_back(store, "m") == TENSORS
    assert verify(store).good


# Processes

SIGN = """
import sys
from pathlib import Path
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.signatures import sign
from aweigh.memory.trust.private_key import PrivateKey, generate

root, key, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
if not key.exists():
    generate(key)
for _ in range(count):
    sign(Store(root), "m", PrivateKey.read(key))
"""
PUBLISH = """
import sys
from pathlib import Path
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.publish import publish
from aweigh.memory.trust.private_key import PrivateKey

root, directory, key = map(Path, sys.argv[1:])
publish(directory, "m", Store(root), program=False, key=PrivateKey.read(key))
"""


def start(program: str, *arguments: object, point: str = "") -> "subprocess.Popen[str]":
    environment = {**os.environ, VARIABLE: point} if point else dict(os.environ)
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_many_sign_at_once_and_nothing_is_lost(signed: Store, tmp_path: Path) -> None:
    processes = [start(SIGN, signed.root, tmp_path / f"key-{number}", 20) for number in range(4)]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert said == [""] * 4
    ids = {PrivateKey.read(tmp_path / f"key-{number}").public.id for number in range(4)}
    (model,) = models(signed)
    assert ids < set(model.signers) and len(model.signers) == 5
    assert verify(signed).good


def test_a_killed_signing_has_not_happened(store: Store, key: PrivateKey, trust: Trust, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", TENSORS), "m")
    killed = start(SIGN, store.root, tmp_path / "key", 1, point="SIGNATURE_WRITTEN")
    assert killed.wait(60) == -signal.SIGKILL
    assert not is_believed(store, "m", trust)
    assert read_back(store, "m") == TENSORS and verify(store).good
    assert start(SIGN, store.root, tmp_path / "key", 1).wait(60) == 0
    assert is_believed(store, "m", trust)


@pytest.mark.parametrize("point", ["SEGMENTS_SYNCED", "CATALOG_WRITTEN", "CATALOG_COMMITTED"])
def test_a_killed_publish_never_shows_a_model_without_its_signature(
    store: Store, key: PrivateKey, trust: Trust, tmp_path: Path, point: str
) -> None:
    put(store, write(tmp_path / "old", {"a": pages(7)}), "m")
    sign(store, "m", key)
    directory = write(tmp_path / "model", TENSORS)
    assert start(PUBLISH, store.root, directory, tmp_path / "key", point=point).wait(60) == -signal.SIGKILL
    assert is_believed(store, "m", trust), "the old one or the new one, each with its signature"
    assert (read_back(store, "m") == TENSORS) is (point == "CATALOG_COMMITTED")
    assert start(PUBLISH, store.root, directory, tmp_path / "key").wait(60) == 0
    assert read_back(store, "m") == TENSORS and is_believed(store, "m", trust)


# Catalogs of before


def as_of_version_1(store: Store) -> None:
    connection = sqlite3.connect(store.root / "catalog.sqlite", isolation_level=None)
    connection.execute("DROP TABLE signatures")
    connection.execute("ALTER TABLE models DROP COLUMN content")
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def test_a_catalog_of_the_first_version_is_taken_over(
    store: Store, key: PrivateKey, trust: Trust, tmp_path: Path
) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    put(store, write(tmp_path / "other", TENSORS), "damaged")
    with store.catalog("test") as catalog:
        catalog.execute("UPDATE tensors SET dtype = 'F16' WHERE name = 'norm'")
    before = verify(store)
    as_of_version_1(store)
    assert read_back(store, "m") == small()
    with pytest.raises(StoreFailed, match="publish it again"):
        Stored(store, "damaged")
    assert verify(store) == before
    sign(store, "m", key)
    assert is_believed(store, "m", trust)
    put(store, tmp_path / "other", "damaged")
    assert verify(store).good and read_back(store, "damaged") == TENSORS
    as_of_version_1(store)
    put(store, write(tmp_path / "third", {"a": pages(9)}), "third")
    assert verify(store).good and {model.name for model in models(store)} == {"m", "damaged", "third"}


def test_a_catalog_of_a_later_version_is_left_alone(signed: Store) -> None:
    connection = sqlite3.connect(signed.root / "catalog.sqlite")
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(StoreFailed, match="is of version 3, this Aweigh knows 2"):
        models(signed)
