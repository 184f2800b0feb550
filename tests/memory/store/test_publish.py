"""Publishing: every dtype comes back bit for bit, equal pages are stored once, names change hands in one moment, and faults leave nothing."""

import errno
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import Raw, pages, put, raw, read_back, read_files, small, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store import publish as publishing
from aweigh.memory.store import segment, source
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect
from aweigh.memory.store.disk import read_fully
from aweigh.memory.store.export import export
from aweigh.memory.store.listing import models
from aweigh.memory.store.publish import publish
from aweigh.memory.store.record import commit
from aweigh.memory.store.verify import verify
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, ModelNotFound, StoreFailed

DTYPES = (
    "BOOL", "U8", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "I64", "U64", "F64", "C64",
    "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F6_E2M3", "F6_E3M2", "F4",
)  # fmt: skip


def test_every_dtype_comes_back_bit_for_bit(store: Store, tmp_path: Path) -> None:
    tensors = {f"{dtype}.matrix": raw(dtype, 24, 8, seed=at) for at, dtype in enumerate(DTYPES)}
    tensors |= {f"{dtype}.none": raw(dtype, 3, 0, 5) for dtype in DTYPES}
    tensors |= {f"{dtype}.scalar": raw(dtype) for dtype in DTYPES if not dtype.startswith(("F6", "F4"))}
    tensors["layers.0.large"] = raw("F16", 3, 700_001)
    directory = write(tmp_path / "model", tensors)
    assert read_files(directory) == tensors, "the reference implementation reads what we wrote"
    put(store, directory, "all")
    assert read_back(store, "all") == tensors
    export(store, "all", tmp_path / "out")
    assert read_files(tmp_path / "out") == tensors
    assert verify(store).good


def test_a_model_without_any_bytes(store: Store, tmp_path: Path) -> None:
    tensors = {"a": raw("F32", 0), "b": raw("I8", 4, 0)}
    done = put(store, write(tmp_path / "model", tensors), "nothing")
    assert (done.bytes, done.new_bytes) == (0, 0)
    assert read_back(store, "nothing") == tensors


def test_fine_tunes_share_what_is_equal(store: Store, tmp_path: Path) -> None:
    base = small()
    tuned = {**base, "layers.1.up.weight": raw("BF16", 700, 1024, seed=99)}
    first = put(store, write(tmp_path / "base", base), "base")
    second = put(store, write(tmp_path / "tuned", tuned), "tuned")
    assert first.shared_bytes == 0
    assert second.bytes <= second.read_bytes < 1.3 * second.bytes, "changed tensors are read once more"
    assert 0 < second.new_bytes <= 2 * PAGE_BYTES
    assert second.new_bytes + second.shared_bytes == first.new_bytes
    assert (read_back(store, "base"), read_back(store, "tuned")) == (base, tuned)
    listed = {model.name: model for model in models(store)}
    assert listed["base"].own_bytes == listed["tuned"].own_bytes == second.new_bytes
    assert listed["base"].shared_bytes == second.shared_bytes
    assert verify(store).good


def test_equal_pages_of_one_model_are_stored_once(store: Store, tmp_path: Path) -> None:
    tensors = {"a": pages(1, 2, 1), "b": pages(2, 2), "c": Raw("U8", (PAGE_BYTES,), bytes(PAGE_BYTES))}
    done = put(store, write(tmp_path / "model", tensors), "twice")
    assert done.new_bytes == 3 * PAGE_BYTES
    assert read_back(store, "twice") == tensors


def test_files_that_are_stored_are_not_read_again(store: Store, tmp_path: Path) -> None:
    directory = write(tmp_path / "model", small())
    first = put(store, directory, "one")
    again, other = put(store, directory, "one"), put(store, directory, "two")
    assert (again.read_bytes, other.read_bytes) == (0, 0)
    assert other.shared_bytes == first.new_bytes
    assert read_back(store, "two") == small()
    (directory / "config.json").write_text('{"changed": true}')
    assert put(store, directory, "one").new_bytes == 0
    export(store, "one", tmp_path / "out")
    assert (tmp_path / "out" / "config.json").read_text() == '{"changed": true}'
    assert verify(store).good


def test_a_name_changes_hands_and_only_if_it_may(store: Store, tmp_path: Path) -> None:
    old = write(tmp_path / "old", small(1))
    new = write(tmp_path / "new", small(2))
    put(store, old, "name")
    with pytest.raises(InvalidRequest, match="--as"):
        publish(new, "name", store, replaces=False, program=False)
    assert read_back(store, "name") == small(1)
    put(store, new, "name")
    assert read_back(store, "name") == small(2)
    write(new, small(3))
    publish(new, "name", store, replaces=False, program=False)
    assert read_back(store, "name") == small(3)
    assert [model.name for model in models(store)] == ["name"]
    assert verify(store).good


@pytest.mark.parametrize("name", ["", "-x", "a b", "../x", "a//b", "a/", "a\n", "x" * 300, "/a", ".hidden"])
def test_names_that_are_none(store: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest, match="is no name"):
        put(store, write(tmp_path / "model", small()), name)


def test_what_a_model_of_the_same_structure_was_ordered_by_is_followed(store: Store, tmp_path: Path) -> None:
    tensors = {name: raw("BF16", 100, 1024, seed=at) for at, name in enumerate("cabd")}
    put(store, write(tmp_path / "one", tensors), "one")
    with store.catalog("test") as catalog:
        catalog.execute("UPDATE models SET used_as = 'program'")
    done = put(store, write(tmp_path / "two", {**tensors, "a": raw("BF16", 100, 1024, seed=9)}), "two")
    assert done.used_as == "program"


def test_two_processes_publish_the_same(store: Store, tmp_path: Path) -> None:
    directory = write(tmp_path / "model", small())
    code = (
        "import sys; from pathlib import Path; from aweigh.memory.store.catalog import Store;"
        "from aweigh.memory.store.publish import publish;"
        "print(publish(Path(sys.argv[1]), 'same', Store(Path(sys.argv[2])), program=False, batch_pages=1).new_bytes)"
    )
    command = [sys.executable, "-c", code, str(directory), str(store.root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    new = [int(process.communicate(timeout=60)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert min(new) == 0 and max(new) > 0
    assert read_back(store, "same") == small()
    assert not list(store.publishing.iterdir())
    assert len(list(store.segments.iterdir())) == 1


def test_the_same_page_from_two_models_at_once_leaves_space_that_gc_frees(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second publish is at its commit when the first one commits."""
    here = write(tmp_path / "here", {"a": pages(1, 2), "b": pages(3)})
    there = write(tmp_path / "there", {"a": pages(1, 2), "b": pages(4)})

    def late(*arguments: object) -> int:
        monkeypatch.setattr(publishing, "commit", commit)
        put(store, there, "there")
        return commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "commit", late)
    assert put(store, here, "here").new_bytes == PAGE_BYTES
    assert verify(store).good
    assert collect(store).bytes == 2 * PAGE_BYTES
    assert read_back(store, "here")["a"] == read_back(store, "there")["a"] == pages(1, 2)
    assert verify(store).good


def test_a_page_that_goes_before_the_commit_is_written_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, write(tmp_path / "old", {"a": pages(1, 2)}), "old")
    new = write(tmp_path / "new", {"a": pages(1, 2), "b": pages(3)})

    def late(*arguments: object) -> int:
        monkeypatch.setattr(publishing, "commit", commit)
        with store.catalog("test") as catalog:
            catalog.execute("DELETE FROM models")
        assert collect(store).pages == 2
        return commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "commit", late)
    assert put(store, new, "new").new_bytes == 3 * PAGE_BYTES
    assert read_back(store, "new") == {"a": pages(1, 2), "b": pages(3)}
    assert verify(store).good


def test_a_source_that_is_written_to_meanwhile_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = write(tmp_path / "model", small())
    read_page = source.Source.read_page

    def touched(self: source.Source, *arguments: object) -> int:
        os.utime(directory / "model.safetensors", ns=(1, 1))
        return read_page(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(source.Source, "read_page", touched)
    with pytest.raises(CheckpointInvalid, match="written to"):
        put(store, directory, "moving")
    assert models(store) == []


@pytest.mark.parametrize(
    ("where", "what", "error", "said"),
    [
        (segment, "write_fully", OSError(errno.ENOSPC, "full"), "disk of .* is full"),
        (segment, "write_fully", OSError(errno.EDQUOT, "full"), "disk of .* is full"),
        (segment, "write_fully", OSError(errno.EROFS, "closed"), "cannot be written"),
        (segment, "write_fully", OSError(errno.EIO, "broken"), "Input/output error"),
        (source, "read_fully", OSError(errno.EIO, "broken"), "cannot be read at byte"),
    ],
)
def test_a_disk_that_fails_is_one_sentence_and_nothing_is_visible(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    what: str,
    error: OSError,
    said: str,
) -> None:
    put(store, write(tmp_path / "before", small(5)), "before")
    directory = write(tmp_path / "model", small())
    calls = 0
    working = getattr(where, what)

    def failing(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise error
        return working(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(where, what, failing)
        with pytest.raises((StoreFailed, CheckpointInvalid), match=said) as caught:
            put(store, directory, "failed")
        assert "\n" not in str(caught.value)
    assert [model.name for model in models(store)] == ["before"]
    assert verify(store).good
    put(store, directory, "failed")
    assert read_back(store, "failed") == small()
    assert read_back(store, "before") == small(5)
    assert not list(store.publishing.iterdir())


def test_a_source_that_ends_early_is_refused(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "read_fully", lambda file, into, at: read_fully(file, into[: len(into) // 2], at))
    with pytest.raises(CheckpointInvalid, match="ended at byte"):
        put(store, write(tmp_path / "model", small()), "short")
    assert models(store) == []


def test_a_disk_that_fills_up_for_real(store: Store, tmp_path: Path) -> None:
    """A limit of the size of files stands for a full disk: the system itself refuses the write."""
    directory = write(tmp_path / "model", {"a": pages(1, 2, 3)})
    store.prepare()
    command = [sys.executable, "-m", "aweigh.serverless.cli", "publish", str(directory), "--order", "names"]
    ran = subprocess.run(
        command,
        env={**os.environ, "AWEIGH_HOME": str(store.root.parent)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 * PAGE_BYTES, 2 * PAGE_BYTES)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("aweigh: publishing model failed: the disk of")
    assert ran.stderr.count("\n") == 1
    assert models(store) == []


def test_a_store_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreFailed, match="making the store failed"):
        put(Store(tmp_path / "file" / "store"), write(tmp_path / "model", small()), "x")


def test_a_file_that_is_no_catalog(store: Store, tmp_path: Path) -> None:
    store.prepare()
    (store.root / "catalog.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreFailed, match=r"catalog of .* is damaged"):
        put(store, write(tmp_path / "model", small()), "x")


def test_there_is_no_store(store: Store) -> None:
    with pytest.raises(ModelNotFound, match="aweigh publish"):
        verify(store)
    assert models(store) == []


def test_memory_is_bounded_whatever_the_size(store: Store, tmp_path: Path) -> None:
    """Pages that are begun and not written are counted where they are filled."""
    directory = write(tmp_path / "model", {"a": pages(*range(40))})
    lock, buffers = threading.Lock(), set()
    read_page = source.Source.read_page

    def counted(self: source.Source, plan: object, number: int, page: memoryview) -> int:
        with lock:
            buffers.add(id(page.obj))
        return read_page(self, plan, number, page)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source.Source, "read_page", counted)
        put(store, directory, "large")
    assert len(buffers) <= 10
