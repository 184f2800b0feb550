"""The order of syncs: what a power cut may take is never named by what it leaves. And a journal believes whole records alone."""

import os
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, read_back, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store import publish as publishing
from aweigh.memory.store import segment
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.disk import read_fully, set_direct, write_fully
from aweigh.memory.store.journal import Journal, Safe
from aweigh.memory.store.record import commit

MODEL = {"a": pages(1, 2, 3), "b": pages(4, 5)}


def test_bytes_before_the_journal_names_before_the_catalog(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: set[tuple[int, int]] = set()  # pages of segments, by inode and offset
    safe: set[tuple[int, int]] = set()  # those that a power cut does not take
    unsynced: set[int] = set()  # directories with new names
    inodes: dict[str, int] = {}
    seen: list[str] = []
    fsync, append, move = os.fsync, Journal.append, segment.Staged.move

    def wrote(descriptor: int, data: memoryview, offset: int) -> None:
        write_fully(descriptor, data, offset)
        written.add((os.fstat(descriptor).st_ino, offset))

    def synced(descriptor: int) -> None:
        inode = os.fstat(descriptor).st_ino
        before = {page for page in written.copy() if page[0] == inode}
        fsync(descriptor)
        safe.update(before)
        unsynced.discard(inode)

    def noted(self: Journal, records: list[Safe]) -> None:
        for path in store.publishing.glob("*/*.segment"):
            inodes[path.stem] = path.stat().st_ino
        assert all((inodes[record.segment], record.slot * PAGE_BYTES) in safe for record in records)
        seen.append("journal")
        append(self, records)

    def moved(self: segment.Staged, directory: Path) -> None:
        assert written == safe
        seen.append("move")
        move(self, directory)
        unsynced.add(directory.stat().st_ino)

    def committed(*arguments: object) -> int:
        assert written == safe and not unsynced
        seen.append("commit")
        return commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(segment, "SLOTS", 2)
    monkeypatch.setattr(segment, "write_fully", wrote)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Journal, "append", noted)
    monkeypatch.setattr(segment.Staged, "move", moved)
    monkeypatch.setattr(publishing, "commit", committed)
    put(store, write(tmp_path / "model", MODEL), "m")
    assert seen == ["journal"] * 3 + ["move"] * 3 + ["commit"]
    assert read_back(store, "m") == MODEL


def test_what_cannot_go_past_the_page_cache_goes_through_it(tmp_path: Path) -> None:
    data = bytes(range(256)) * 40
    with (tmp_path / "file").open("w+b") as file:
        set_direct(file.fileno())
        write_fully(file.fileno(), memoryview(data)[1:], 3)
        into = memoryview(bytearray(len(data) + 50))
        set_direct(file.fileno())
        assert read_fully(file.fileno(), into[5:], 3) == len(data) - 1
    assert into[5 : 4 + len(data)] == data[1:]


def test_the_catalog_syncs_every_commit(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", MODEL), "m")
    with store.catalog("test") as catalog:
        assert catalog.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA
        assert catalog.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert catalog.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.parametrize("bit", range(0, 68 * 8, 17))
def test_a_journal_ends_at_a_record_that_is_not_what_was_written(tmp_path: Path, bit: int) -> None:
    path = tmp_path / "journal"
    records = [Safe(at, bytes([at]) * 32, "" if at == 1 else f"{at + 1:032x}", at) for at in range(4)]
    journal = Journal(path)
    journal.append(records[:1])
    journal.append(records[1:])
    journal.close()
    whole = Journal(path)
    assert whole.safe == records
    whole.close()
    data = bytearray(path.read_bytes())
    data[2 * 68 + bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    damaged = Journal(path)
    assert damaged.safe == records[:2]
    damaged.append(records[3:])
    damaged.close()
    again = Journal(path)
    assert again.safe == [*records[:2], records[3]]
    again.close()
