"""Disks that are slow, stuck, full, read-only, broken or gone, under a worker that serves: its other models are answered as ever."""

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file
from tests.engine.worker.test_worker import submit
from tests.faults.life import PROMPT, WAIT, Life, World

from aweigh.memory.mover import mover
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.listing import models
from aweigh.memory.store.publish import publish
from aweigh.memory.store.verify import verify
from aweigh.proto.errors import CheckpointInvalid, Overloaded, StoreFailed
from house.tree import ROOT

Read = Callable[[int, list[memoryview], int], int]


class Disk:
    """What becomes of reads of a model's file. `read` is called in their place."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.real: Read = os.preadv
        self.read: Read = self.real
        self.reads = 0
        inode = path.stat().st_ino

        def preadv(descriptor: int, buffers: list[memoryview], offset: int) -> int:
            if os.fstat(descriptor).st_ino != inode:
                return self.real(descriptor, buffers, offset)
            self.reads += 1
            return self.read(descriptor, buffers, offset)

        monkeypatch.setattr(os, "preadv", preadv)


@pytest.fixture
def disk(life: Life, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Of `plain`; `small` is resident."""
    for name in life.world.models:
        life.load(name)
    assert life.right("small")
    return Disk(life.world.models["plain"].directory / "model.safetensors", monkeypatch)


def fails(descriptor: int, buffers: list[memoryview], offset: int) -> int:
    raise OSError(errno.EIO, "Input/output error")


def ends(descriptor: int, buffers: list[memoryview], offset: int) -> int:
    return 0


@pytest.mark.parametrize("what", [fails, ends])
@pytest.mark.parametrize("after", [0, 7])
def test_a_read_that_fails_in_the_middle_of_a_load(life: Life, disk: Disk, what: Read, after: int) -> None:
    def read(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        return (what if disk.reads > after else disk.real)(descriptor, buffers, offset)

    disk.read = read
    now = time.monotonic()
    life.pager._clock = lambda: now
    for _ in range(2):
        heard = life.ask("plain", "small")
        assert isinstance(heard["plain"].error, CheckpointInvalid)
        assert heard["small"].tokens == life.world.expected["small"]
    reads = disk.reads
    for _ in range(20):
        heard = life.ask("plain", "small")
        assert "nobody tries for" in str(heard["plain"].error), "at once, and without reading"
        assert heard["small"].tokens == life.world.expected["small"]
    assert disk.reads == reads and life.pager.report().quarantined
    disk.read = disk.real
    now += 10.0
    assert life.right("plain", "small", "pages")
    life.pager.check_integrity()


def test_short_reads_are_gone_on_with(life: Life, disk: Disk) -> None:
    disk.read = lambda descriptor, buffers, offset: disk.real(descriptor, [buffers[0][: 1 << 20]], offset)
    assert life.right("plain", "small")


def test_a_disk_that_is_ten_times_slower_holds_up_its_own_model(life: Life, disk: Disk) -> None:
    """A read takes a tenth of a second, or until a request of another model was answered."""
    turn = threading.Semaphore(0)

    def slow(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        turn.acquire(timeout=0.1)
        return disk.real(descriptor, buffers, offset)

    disk.read = slow
    waiting = submit(life.worker, life.loaded["plain"], "l", PROMPT, 6)
    answered = 0
    while not waiting.over.is_set():
        assert life.right("small")
        answered += 1
        turn.release()
    assert waiting.wait().tokens == life.world.expected["plain"]
    assert answered >= 2, answered
    life.pager.check_integrity()


def test_a_read_that_is_stuck_opens_the_circuit_of_its_model(
    life: Life, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that runs twenty times as fast: 4 s without an answer are over in 0.2 s."""
    begun = time.monotonic()
    assert mover.HOPELESS_SECONDS + mover.STUCK_SECONDS <= 5.0, "4 s, and a look each second"
    monkeypatch.setattr(mover, "HOPELESS_SECONDS", mover.HOPELESS_SECONDS / 20)
    monkeypatch.setattr(mover, "STUCK_SECONDS", mover.STUCK_SECONDS / 20)
    gate = threading.Event()

    def stuck(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        assert gate.wait(WAIT)
        return disk.real(descriptor, buffers, offset)

    disk.read = stuck
    waiting = submit(life.worker, life.loaded["plain"], "l", PROMPT, 6)
    assert life.right("small")
    error = waiting.wait().error
    assert isinstance(error, Overloaded) and "does not answer" in str(error)
    assert time.monotonic() - begun < 30
    for _ in range(10):
        heard = life.ask("plain", "small", "pages")
        assert isinstance(heard["plain"].error, Overloaded)
        assert all(heard[name].tokens == life.world.expected[name] for name in ("small", "pages"))
    gate.set()
    while life.pager.report().quarantined:
        assert life.right("small")
    assert life.right("plain", "small")
    life.pager.check_integrity()


def other_model(life: Life, directory: Path) -> Path:
    """A checkpoint of 35 MB that shares no page with another one."""
    tensors = load_file(life.world.models["plain"].directory / "model.safetensors")
    directory.mkdir()
    save_file({name: tensor + 1 for name, tensor in tensors.items()}, directory / "model.safetensors")
    return directory


@pytest.mark.parametrize("what", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_publish_that_fails_beside_a_worker(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: int
) -> None:
    """The disk is full, read-only or broken after some writes; the worker reads the same store meanwhile."""
    for name in ("pages", "small"):
        life.load(name)
    source = other_model(life, tmp_path / "source")
    real, writes = os.pwritev, 0

    def pwritev(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        nonlocal writes
        writes += 1
        if writes > 3:
            raise OSError(what, os.strerror(what))
        return real(descriptor, buffers, offset)

    monkeypatch.setattr(os, "pwritev", pwritev)
    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish, source, "another", Store(), program=False)
        while not publishing.done():
            assert life.right("pages", "small")
        assert isinstance(publishing.exception(), StoreFailed)
    assert writes > 3 and {model.name for model in models(Store())} == {"pages"}, "nothing half-written is visible"
    assert life.right("pages", "small") and verify(Store()).good


def test_two_processes_publish_the_same_model_beside_a_worker(life: Life, tmp_path: Path) -> None:
    for name in ("pages", "small"):
        life.load(name)
    source = other_model(life, tmp_path / "source")
    command = [
        sys.executable,
        "-m",
        "aweigh.serverless.cli",
        "publish",
        str(source),
        "--as",
        "twice",
        "--order",
        "names",
    ]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
    while any(process.poll() is None for process in both):
        assert life.right("pages", "small")
    for process in both:
        _, said = process.communicate()
        assert process.returncode == 0, said
    assert {model.name for model in models(Store())} == {"pages", "twice"} and verify(Store()).good
    remove_model(Store(), "twice")
    collect(Store())
    assert life.right("pages", "small")


@pytest.mark.parametrize("what", ["segments", "store"])
def test_a_store_that_is_deleted_under_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World, what: str
) -> None:
    """`rm -rf`: what is loaded has its files open and goes on; what is not is read from its own files, or not found."""
    home = tmp_path / "home"
    shutil.copytree(os.environ["AWEIGH_HOME"], home)
    monkeypatch.setenv("AWEIGH_HOME", str(home))
    life = Life(world)
    life.pager._carrier.map_cached = False
    for name in ("pages", "small"):
        life.load(name)
    assert life.right("pages", "small")
    shutil.rmtree(home / "store" / "segments" if what == "segments" else home / "store")
    life.load("plain")
    for _ in range(3):
        assert life.right("plain", "small") and life.right("pages", "small"), "files that are open stay readable"
    life.unload("pages")
    life.load("pages")
    assert life.right("pages", "small"), "its safetensors are still there"
    life.pager.check_integrity()
    life.close()


def test_a_store_whose_bytes_are_cut_off_under_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """Segments are emptied in place: what is resident goes on, what has to be read is a typed error."""
    home = tmp_path / "home"
    shutil.copytree(os.environ["AWEIGH_HOME"], home)
    monkeypatch.setenv("AWEIGH_HOME", str(home))
    life = Life(world)
    life.pager._carrier.map_cached = False
    for name in world.models:
        life.load(name)
    assert life.right("pages", "small")
    for segment in (home / "store" / "segments").iterdir():
        os.truncate(segment, 0)
    assert life.right("pages", "small"), "resident"
    assert life.right("plain", "small"), "which pushes it out"
    for _ in range(5):
        heard = life.ask("pages", "small")
        assert isinstance(heard["pages"].error, CheckpointInvalid)
        assert heard["small"].tokens == world.expected["small"]
    life.pager.check_integrity()
    life.close()
