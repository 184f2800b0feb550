"""Verification: one changed bit anywhere is found and named, a catalog that lies is found, and publishing again heals."""

import os
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, raw, read_back, small, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect
from aweigh.memory.store.export import export
from aweigh.memory.store.page import is_page
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from aweigh.proto.errors import ModelNotFound, StoreFailed

FLIPS = 1000
OTHER = "says other things of m than were published"


def flip(path: Path, bit: int) -> None:
    """Changes one bit in place."""
    with path.open("r+b") as file:
        file.seek(bit // 8)
        (byte,) = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


@contextmanager
def flipped(path: Path, bit: int) -> Iterator[None]:
    flip(path, bit)
    try:
        yield
    finally:
        flip(path, bit)


def segment_of(store: Store) -> Path:
    (path,) = store.segments.iterdir()
    return path


def test_each_of_a_thousand_flipped_bits_is_found(store: Store, tmp_path: Path) -> None:
    """By the hash of the page, as a reader takes it, each alone; every fiftieth by the whole of `verify`, too."""
    put(store, write(tmp_path / "model", {"a": raw("U8", 2 * PAGE_BYTES - 5000), "n": raw("F32", 7)}), "m")
    path = segment_of(store)
    numbers = random.Random(4)
    found = 0
    with Stored(store, "m") as stored:
        (descriptor,) = {run.descriptor for extent in stored.extents for run in extent.runs}
        hashes = [name for extent in stored.extents for run in extent.runs for name in run.hashes]
        for count in range(FLIPS):
            bit = numbers.randrange(8 * path.stat().st_size)
            slot = bit // 8 // PAGE_BYTES
            with flipped(path, bit):
                page = memoryview(os.pread(descriptor, PAGE_BYTES, slot * PAGE_BYTES))
                wrong = not is_page(page, hashes[slot])
                if count % 50 == 0:
                    wrong = wrong and [damage.slot for damage in verify(store).damages] == [slot]
            found += wrong
    assert found == FLIPS
    assert verify(store).good


def test_a_thousand_flipped_bits_at_once_are_all_found(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", {"a": pages(*range(12))}), "m")
    path = segment_of(store)
    numbers = random.Random(5)
    bits = [numbers.randrange(8 * path.stat().st_size) for _ in range(FLIPS)]
    for bit in bits:
        flip(path, bit)
    assert {damage.slot for damage in verify(store).damages} == {bit // 8 // PAGE_BYTES for bit in bits}


def test_damage_is_said_by_model_and_tensor_and_healed_by_the_next_publish(store: Store, tmp_path: Path) -> None:
    tuned = {**small(), "embed.weight": raw("BF16", 1024, 1024, seed=7)}
    one, two = write(tmp_path / "one", small()), write(tmp_path / "two", tuned)
    put(store, one, "one")
    put(store, two, "two")
    with Stored(store, "one") as stored:
        tensor = stored.tensors["layers.1.down.weight"]
        assert tensor.extent is not None
        runs = stored.extents[tensor.extent].runs
        places = [(run, run.offset + at * PAGE_BYTES) for run in runs for at in range(len(run.hashes))]
        last = tensor.offset + tensor.length - 1
        run, begin = places[last // PAGE_BYTES]
        path = Path(os.readlink(f"/proc/self/fd/{run.descriptor}"))
    flip(path, 8 * (begin + last % PAGE_BYTES) + 3)
    done = verify(store)
    assert not done.good and not done.faults
    assert {(damage.model, damage.tensor) for damage in done.damages} >= {
        ("one", "layers.1.down.weight"),
        ("two", "layers.1.down.weight"),
    }
    assert len({damage.page for damage in done.damages}) == 1
    assert verify(store, "one").damages
    with pytest.raises(StoreFailed, match="aweigh store verify one"):
        export(store, "one", tmp_path / "out")
    assert not (tmp_path / "out").exists()

    healed = put(store, one, "one")
    assert healed.read_bytes > 0
    assert verify(store).good
    assert read_back(store, "one") == small()
    assert read_back(store, "two") == tuned
    assert collect(store).bytes == PAGE_BYTES, "the damaged copy"
    assert verify(store).good


def test_a_page_that_reads_right_again_loses_its_mark(store: Store, tmp_path: Path) -> None:
    directory = write(tmp_path / "model", small())
    put(store, directory, "m")
    with flipped(segment_of(store), 12345):
        assert not verify(store).good
    assert verify(store).good
    assert put(store, directory, "m").read_bytes == 0


def test_segments_that_are_short_or_gone(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    path = segment_of(store)
    count = verify(store).pages
    os.truncate(path, path.stat().st_size - 1)
    (damage,) = {(damage.slot, damage.what) for damage in verify(store).damages}
    assert damage == (count - 1, "lies behind the end of its segment")
    path.unlink()
    assert len({damage.page for damage in verify(store).damages}) == count
    with pytest.raises(StoreFailed, match="is gone"):
        Stored(store, "m")
    put(store, tmp_path / "model", "m")
    assert read_back(store, "m") == small()
    collect(store)
    assert verify(store).good


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("UPDATE pages SET uses = uses + 1 WHERE id = 1", "counts 2 uses and has 1"),
        ("DELETE FROM extent_pages WHERE place = 1", "the last in place|has 0 pages"),
        ("UPDATE tensors SET offset = offset + 64 WHERE name = 'layers.0.norm.weight'", OTHER),
        ("UPDATE tensors SET offset = offset + 100000000", "lies outside its extent"),
        ("UPDATE tensors SET shape = '[3]' WHERE name = 'embed.weight'", OTHER),
        ("UPDATE tensors SET shape = 'x' WHERE name = 'embed.weight'", OTHER),
        ("UPDATE tensors SET dtype = 'F16' WHERE name = 'embed.weight'", OTHER),
        ("UPDATE tensors SET name = 'embed.weighs' WHERE name = 'embed.weight'", OTHER),
        ("UPDATE models SET fingerprint = x'00'", OTHER),
        ("UPDATE extents SET length = length - 1 WHERE id = 1", OTHER),
        ("UPDATE extents SET digest = x'00' WHERE id = 1", OTHER),
        ("UPDATE assets SET path = 'other.json'", OTHER),
        ("UPDATE models SET bytes = 1", "counts 1 bytes"),
        ("DELETE FROM model_extents", "lies outside its extent"),
        ("UPDATE files SET data = x'00'", "has other bytes"),
        ("INSERT INTO files VALUES (x'00', x'00')", "is of no model"),
        ("INSERT INTO extents (digest, length) VALUES (x'00', 0)", "is of no model"),
    ],
)
def test_a_catalog_that_lies_is_found_and_published_anew(store: Store, tmp_path: Path, lie: str, said: str) -> None:
    directory = write(tmp_path / "model", small())
    put(store, directory, "m")
    with store.catalog("test") as catalog:
        catalog.execute(lie)
    done = verify(store)
    assert not done.good
    assert any(re.search(said, fault) for fault in done.faults), done.faults
    if said == OTHER:
        with pytest.raises(StoreFailed, match="publish it again"):
            Stored(store, "m")
        put(store, directory, "m")
        assert verify(store).good
        assert read_back(store, "m") == small()


def test_bits_of_the_catalog_flipped_at_random_give_an_error_or_the_truth(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", {"a": pages(1), "norm": raw("F32", 9), "none": raw("I8", 0)}), "m")
    truth = read_back(store, "m")
    path = store.root / "catalog.sqlite"
    numbers = random.Random(6)
    found = 0
    for _ in range(150):
        with flipped(path, numbers.randrange(8 * path.stat().st_size)):
            try:
                assert read_back(store, "m") == truth
            except (StoreFailed, ModelNotFound):
                found += 1
    assert 5 < found < 150
    assert read_back(store, "m") == truth


def test_rows_that_name_nothing(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    with store.catalog("test") as catalog:
        catalog.execute("PRAGMA foreign_keys = OFF")
        catalog.execute("DELETE FROM segments")
    assert any("names a row of segments" in fault for fault in verify(store).faults)


def test_an_unknown_model(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    with pytest.raises(ModelNotFound, match="aweigh store ls"):
        verify(store, "other")
