"""Giving space back: never what a catalog row names, never what somebody reads, and all of the rest."""

import fcntl
import os
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, read_back, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.listing import models
from aweigh.memory.store.staging import LOCK
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from aweigh.proto.errors import ModelNotFound


def on_disk(store: Store) -> int:
    return sum(path.stat().st_blocks * 512 for path in store.segments.iterdir())


def test_a_model_of_its_own_goes_as_a_whole(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(1, 2)}), "a")
    put(store, write(tmp_path / "b", {"b": pages(3)}), "b")
    remove_model(store, "a")
    done = collect(store)
    assert (done.bytes, done.pages, done.segments) == (2 * PAGE_BYTES, 2, 1)
    assert [model.name for model in models(store)] == ["b"]
    assert read_back(store, "b") == {"b": pages(3)}
    assert collect(store).bytes == 0
    with pytest.raises(ModelNotFound):
        remove_model(store, "a")


def test_shared_pages_stay_and_the_rest_become_holes(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(1, 2, 3, 4)}), "a")
    put(store, write(tmp_path / "b", {"b": pages(2), "c": pages(4)}), "b")
    remove_model(store, "a")
    done = collect(store)
    assert (done.bytes, done.pages, done.segments) == (2 * PAGE_BYTES, 2, 0)
    assert on_disk(store) == 2 * PAGE_BYTES
    assert read_back(store, "b") == {"b": pages(2), "c": pages(4)}
    assert verify(store).good
    put(store, tmp_path / "a", "a")
    assert read_back(store, "a") == {"a": pages(1, 2, 3, 4)}
    remove_model(store, "a")
    remove_model(store, "b")
    collect(store)
    assert on_disk(store) == 0


def test_what_somebody_reads_stays_until_he_is_done(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "a", {"a": pages(1, 2)}), "a")
    with Stored(store, "a") as reader:
        remove_model(store, "a")
        done = collect(store)
        assert (done.bytes, done.pages, done.segments_held) == (0, 0, 1)
        ((run,),) = (extent.runs for extent in reader.extents)
        assert os.pread(run.descriptor, run.length, run.offset) == pages(1, 2).data
    done = collect(store)
    assert (done.bytes, done.segments_held) == (2 * PAGE_BYTES, 0)


def test_a_removed_page_that_is_still_there_is_used_again(store: Store, tmp_path: Path) -> None:
    directory = write(tmp_path / "a", {"a": pages(1, 2)})
    put(store, directory, "a")
    remove_model(store, "a")
    assert put(store, directory, "b").new_bytes == 0
    assert collect(store).bytes == 0
    assert read_back(store, "b") == {"a": pages(1, 2)}


def test_a_publish_that_runs_is_left_alone(store: Store) -> None:
    store.prepare()
    running, left = store.publishing / "aa", store.publishing / "bb"
    for directory in (running, left):
        directory.mkdir()
        (directory / "x.segment").write_bytes(b"x" * 10_000)
    lock = os.open(running / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    done = collect(store)
    assert (done.leftovers, done.publishes_running) == (1, 1)
    assert (running / "x.segment").exists() and not left.exists()
    os.close(lock)
    assert collect(store).leftovers == 1
    assert not running.exists()


def test_a_segment_that_nothing_names_goes_unless_its_writer_lives(store: Store) -> None:
    store.prepare()
    path = store.segments / ("0" * 32 + ".segment")
    path.write_bytes(b"x" * PAGE_BYTES)
    with path.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_SH)
        collect(store)
        assert path.exists()
    assert collect(store).bytes == PAGE_BYTES
    assert not path.exists()
