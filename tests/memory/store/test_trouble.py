"""What the catalog's database says when it fails, as sentences; and what a person sees who waits."""

import os
import sys
from pathlib import Path

import pytest
from tests.fakes.terminal import on_terminal
from tests.memory.store.checkpoints import put, read_back, small, write

from aweigh.memory.store import catalog
from aweigh.memory.store.catalog import Store, writing
from aweigh.memory.store.showing import showing, size
from aweigh.proto.errors import StoreFailed


@pytest.mark.parametrize(
    ("before", "said"),
    [("PRAGMA max_page_count = 1", "is full: free some space"), ("PRAGMA query_only = ON", "cannot be written")],
)
def test_a_catalog_that_cannot_grow(store: Store, tmp_path: Path, before: str, said: str) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    with pytest.raises(StoreFailed, match=rf"^trying failed: .*{said}"), store.catalog("trying") as connection:
        connection.execute(before)
        with writing(connection):
            connection.execute("DELETE FROM models")
            connection.execute("INSERT INTO files VALUES (x'00', zeroblob(10000000))")
    assert read_back(store, "m") == small()


def test_a_catalog_that_somebody_holds(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_PATIENCE", 0.05)
    store.prepare()
    said = pytest.raises(StoreFailed, match="another process holds the catalog")
    with store.catalog("holding") as holder, writing(holder), said:
        put(store, write(tmp_path / "model", small()), "m")


def test_a_catalog_of_another_version(store: Store) -> None:
    store.prepare()
    with store.catalog("aging") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreFailed, match="is of version 99"), store.catalog("looking"):
        pass


def test_sizes() -> None:
    assert [size(count) for count in (0, 999, 1500, 12_000_000, 1_030_000_000)] == [
        "0 B",
        "999 B",
        "1.50 kB",
        "12 MB",
        "1.03 GB",
    ]


def test_a_person_at_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    directory = write(tmp_path / "model", small())
    command = [sys.executable, "-m", "aweigh.serverless.cli", "publish", directory, "--order", "names"]
    seen = on_terminal(command, {**os.environ, "AWEIGH_HOME": str(tmp_path / "home")})
    assert seen.code == 0, seen.stderr
    assert seen.stdout.startswith("published model: 7.84 MB")
    assert "publishing model: writing pages" in seen.stderr and "10/10 MB" in seen.stderr
    assert seen.raw.rstrip().endswith("\x1b[2K"), "the line is gone at the end"


def test_nobody_else_sees_anything(capsys: pytest.CaptureFixture[str]) -> None:
    with showing("work") as tell:
        tell("stage", 1, 2)
    assert capsys.readouterr() == ("", "")
