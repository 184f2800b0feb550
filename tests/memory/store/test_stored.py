"""What an engine reads: runs, names by files, and bytes that stay while they are open."""

import os
import shutil
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, read_back, small, write

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.stored import Stored
from aweigh.proto.errors import ModelNotFound


def test_slots_that_adjoin_are_one_run(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(2)}), "a")
    put(store, write(tmp_path / "b", {"b": pages(1, 2, 3, 4), "c": pages(5)}), "b")
    with Stored(store, "b") as stored:
        first, second = stored.extents
        assert [(run.offset // PAGE_BYTES, len(run.hashes)) for run in first.runs] == [(0, 1), (0, 1), (1, 2)]
        assert [run.offset // PAGE_BYTES for run in second.runs] == [3]
        assert first.runs[0].descriptor == first.runs[2].descriptor != first.runs[1].descriptor
        assert first.length == 4 * PAGE_BYTES and first.pages == 4 and stored.pages == 5
        assert stored.tensors["c"].extent == 1
        assert stored.total_bytes == 5 * PAGE_BYTES


def test_extents_of_fine_tunes_have_one_digest(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(1), "b": pages(2)}), "a")
    put(store, write(tmp_path / "b", {"a": pages(1), "b": pages(3)}), "b")
    with Stored(store, "a") as one, Stored(store, "b") as two:
        assert one.extents[0].digest == two.extents[0].digest
        assert one.extents[1].digest != two.extents[1].digest


def test_a_model_is_found_by_its_files_while_they_are_what_they_were(store: Store, tmp_path: Path) -> None:
    directory = write(tmp_path / "model", small())
    identities = [file.identity for file in Checkpoint(directory).files]
    assert Stored.find(store, identities) is None
    put(store, directory, "m")
    assert Stored.find(store, identities) == "m"
    assert Stored.find(store, []) is None
    shutil.copytree(directory, tmp_path / "copy")
    assert Stored.find(store, [file.identity for file in Checkpoint(tmp_path / "copy").files]) is None
    os.utime(directory / "model.safetensors", ns=(5, 5))
    assert Stored.find(store, [file.identity for file in Checkpoint(directory).files]) is None


def test_what_is_open_stays_when_the_store_is_deleted(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(1, 2)}), "a")
    with Stored(store, "a") as stored:
        shutil.rmtree(store.root)
        ((run,),) = (extent.runs for extent in stored.extents)
        assert os.pread(run.descriptor, run.length, run.offset) == pages(1, 2).data
    with pytest.raises(ModelNotFound):
        Stored(store, "a")


def test_opening_while_models_come_and_go(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading the catalog and taking locks, the model is removed, its bytes are given back, and it is published anew."""
    directory = write(tmp_path / "a", {"a": pages(1, 2)})
    put(store, directory, "a")
    lock = Stored._lock

    def late(self: Stored, *arguments: object) -> None:
        monkeypatch.setattr(Stored, "_lock", lock)
        remove_model(store, "a")
        assert collect(store).segments == 1
        put(store, directory, "a")
        lock(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Stored, "_lock", late)
    assert read_back(store, "a") == {"a": pages(1, 2)}


def test_an_unknown_name_leaves_no_descriptor(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(1)}), "a")
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(ModelNotFound, match="aweigh store ls"):
        Stored(store, "b")
    with Stored(store, "a"):
        pass
    assert len(os.listdir("/proc/self/fd")) == before
