"""What the cache forgets, and that nobody who reads or writes meanwhile notices."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aweigh.compiler import cache
from aweigh.proto.v1 import compiler_pb2 as pb

DAY = 86_400.0


def entry(size: int) -> pb.Compiled:
    return pb.Compiled(fingerprint=bytes(size))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path))
    for variable in ("AWEIGH_CACHE_BYTES", "AWEIGH_CACHE_DAYS"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def used(folder: Path, name: str, days_ago: float) -> None:
    moment = time.time() - days_ago * DAY
    os.utime(folder / name, (moment, moment))


def names(folder: Path) -> set[str]:
    return {path.name.removesuffix(".compiled") for path in folder.iterdir()}


def test_the_least_recently_used_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, name in ((3, "a"), (2, "b"), (1, "c")):
        cache.store(name, entry(1000))
        used(folder, f"{name}.compiled", age)
    assert cache.load("a") == entry(1000)
    monkeypatch.setenv("AWEIGH_CACHE_BYTES", "3500")
    cache.store("d", entry(1000))
    assert names(folder) == {"a", "c", "d"}, "a was read just now, so b is the oldest"


def test_what_was_not_used_for_long_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.store("old", entry(10))
    cache.store("young", entry(10))
    used(folder, "old.compiled", 91)
    used(folder, "young.compiled", 89)
    cache.store("new", entry(10))
    assert names(folder) == {"young", "new"}
    monkeypatch.setenv("AWEIGH_CACHE_DAYS", "7")
    cache.store("newer", entry(10))
    assert names(folder) == {"new", "newer"}


def test_what_was_just_stored_stays_however_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWEIGH_CACHE_BYTES", "1000")
    cache.store("small", entry(10))
    cache.store("large", entry(5000))
    assert names(folder) == {"large"}
    assert cache.load("large") == entry(5000)


@pytest.mark.parametrize("value", ["0", "nonsense", "-5", "nan"])
def test_limits_that_say_nothing_remove_nothing_young(
    value: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWEIGH_CACHE_BYTES", value)
    monkeypatch.setenv("AWEIGH_CACHE_DAYS", value)
    for name in ("a", "b"):
        cache.store(name, entry(100_000))
        used(folder, f"{name}.compiled", 80)
    cache.store("c", entry(10))
    assert names(folder) == {"a", "b", "c"}


def test_scrap_of_the_dead_goes_and_strangers_stay(folder: Path) -> None:
    for name in (".writing-dead", ".k.lock", ".writing-alive", "notes.txt"):
        (folder / name).write_text("x")
    for name in (".writing-dead", ".k.lock", "notes.txt"):
        used(folder, name, 2)
    cache.store("a", entry(10))
    assert names(folder) == {"a", ".writing-alive", "notes.txt"}


def test_a_file_that_somebody_uses_meanwhile_is_spared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWEIGH_CACHE_BYTES", "1")
    cache.store("a", entry(10))
    used(folder, "a.compiled", 1)
    stat, looks = os.stat, []

    def while_it_is_read(path: str) -> os.stat_result:
        looks.append(path)
        os.utime(folder / "a.compiled")
        return stat(path)

    monkeypatch.setattr(os, "stat", while_it_is_read)
    cache.evict(time.time())
    monkeypatch.undo()
    assert looks and (folder / "a.compiled").exists()


READER = """
import sys
from aweigh.compiler import cache
from aweigh.proto.v1 import compiler_pb2 as pb
number = int(sys.argv[1])
hits = 0
for turn in range(200):
    name = f"k{(turn * 7 + number) % 12}"
    found = cache.load(name)
    assert found is None or found == pb.Compiled(fingerprint=name.encode() * 500), "torn"
    if found is None:
        cache.store(name, pb.Compiled(fingerprint=name.encode() * 500))
    hits += found is not None
print(hits)
"""


def test_many_who_read_write_and_evict_at_once_see_whole_files(folder: Path) -> None:
    environment = {**os.environ, "AWEIGH_CACHE_BYTES": "6000"}
    command = [sys.executable, "-c", READER]
    together = [
        subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True, env=environment)
        for number in range(3)
    ]
    hits = [int(process.communicate(timeout=60)[0]) for process in together]
    assert all(process.returncode == 0 for process in together)
    assert sum(hits) > 0
    assert sum(path.stat().st_size for path in folder.glob("*.compiled")) <= 6000 + 2 * 1600
    assert not list(folder.glob(".writing-*"))
