"""`aweigh doctor`: each thing that can be wrong is a line that says what to do, and the exit code says whether it matters."""

import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aweigh.memory.statistics.sources import KINDS
from aweigh.proto.errors import EngineUnreachable
from aweigh.proto.rendezvous import Rendezvous, announce, announced
from aweigh.proto.v1 import front_door_pb2
from aweigh.serverless import client, doctor, down

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user who has started nothing; nothing that a test does not say differs from a good machine."""
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        for variable in doctor.SHOWN:
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("AWEIGH_RUNTIME", directory)
        monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path_factory.mktemp("cache")))
        monkeypatch.setattr(doctor, "bindings", lambda: doctor.Finding("MLIR bindings", "load"))
        monkeypatch.setattr(doctor, "NEEDED", ("torch", "torch-mlir"))
        yield Path(directory)


def report(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit code, and the line of each thing."""
    code = doctor.main([])
    lines = capsys.readouterr().out.splitlines()
    return code, {line[8:].partition(":")[0]: line for line in lines}


def versions(monkeypatch: pytest.MonkeyPatch, **found: str | None) -> None:
    real = importlib.metadata.version

    def version(package: str) -> str:
        if package in found:
            if (said := found[package]) is None:
                raise importlib.metadata.PackageNotFoundError(package)
            return said
        return real(package)

    monkeypatch.setattr(importlib.metadata, "version", version)


def test_a_good_machine_without_an_engine_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = report(capsys)
    assert code == 0
    assert lines["engine"].startswith("note    engine: nothing is running here")
    assert "`aweigh run` starts one by itself" in lines["engine"]
    assert not any(line.startswith("missing") for line in lines.values())


def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    versions(monkeypatch, torch=None)
    code, lines = report(capsys)
    assert code == 1
    assert lines["torch"] == "missing torch: not installed  -> pip install 'torch==2.13.0'"


def test_a_package_of_another_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    versions(monkeypatch, torch="2.9.1+cu128")
    code, lines = report(capsys)
    assert code == 1
    assert lines["torch"].startswith("missing torch: 2.9.1+cu128, where ==2.13.0 ")
    assert lines["torch"].endswith("is needed  -> pip install 'torch==2.13.0'")


def test_what_is_optional_is_a_note(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    versions(monkeypatch, accelerate=None)
    code, lines = report(capsys)
    assert code == 0
    assert lines["accelerate"] == "note    accelerate: not installed  -> pip install accelerate"


@pytest.mark.parametrize(
    ("found", "wanted", "fit"),
    [
        ("2.13.0+cpu", "==2.13.0", True),
        ("2.13", "==2.13.0", True),
        ("2.13.1", "==2.13.0", False),
        ("5.23.0", "<6,>=5.23", True),
        ("6.0", "<6,>=5.23", False),
        ("5.9", ">=5.23", False),
        ("0.10", ">0.9", True),
    ],
)
def test_versions(found: str, wanted: str, fit: bool) -> None:
    assert doctor.fits(found, wanted) is fit


def test_bindings_that_do_not_load(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.undo()
    for program, reason in (
        ("raise ImportError('libstdc++.so.6: version not found')", "ImportError: libstdc++.so.6: version not found"),
        ("import os; os.kill(os.getpid(), 11)", "exit code -11"),
    ):
        monkeypatch.setattr(doctor, "_BINDINGS", program)
        found = doctor.bindings()
        assert (found.good, found.needed, found.value) == (False, True, reason)
        assert found.fix == "pip install --force-reinstall 'torch-mlir==20261001'"
    monkeypatch.setattr(doctor, "_BINDINGS", "import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "_PATIENCE", 0.05)
    assert doctor.bindings().value == "not loaded after 0 s"


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], runtime: Path) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: Usage(10**10, 10**10, 1_000_000) if Path(path) == runtime else real(path)
    )
    code, lines = report(capsys)
    assert code == 1
    assert lines["runtime directory"].startswith(f"missing runtime directory: {runtime}, 1 MB free  -> free some space")


def test_little_shared_memory_is_a_note(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: Usage(1 << 20, 0, 1 << 20) if str(path) == "/dev/shm" else real(path)
    )
    code, lines = report(capsys)
    assert code == 0
    assert lines["shared memory"].startswith("note    shared memory: 1 MB  -> ")
    assert "--shm-size" in lines["shared memory"]


def test_a_cache_that_is_no_directory(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path / "file" / "below"))
    code, lines = report(capsys)
    assert code == 0
    assert lines["cache"].startswith("note    cache: ") and "cannot be written  -> set AWEIGH_CACHE" in lines["cache"]


def test_a_cache_behind_a_closed_directory(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    look, access = os.stat, os.access

    def stat(path: str | int | Path, **options: Any) -> os.stat_result:
        if "closed/" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **options)

    (tmp_path / "closed").mkdir()
    monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path / "closed" / "below"))
    monkeypatch.setattr(os, "stat", stat)
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("closed") and access(path, mode))
    code, lines = report(capsys)
    assert code == 0
    assert "cannot be written  -> set AWEIGH_CACHE" in lines["cache"]


def test_a_runtime_directory_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AWEIGH_RUNTIME", str(tmp_path / "file" / "below"))
    monkeypatch.setattr(doctor, "engine", lambda: doctor.Finding("engine", "none"))
    code, lines = report(capsys)
    assert code == 1
    assert lines["runtime directory"].endswith("-> set AWEIGH_RUNTIME to a directory of yours")


def test_what_a_killed_front_door_left(capsys: pytest.CaptureFixture[str], runtime: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    announce(Rendezvous("unix:/gone.sock", gone.pid, "0"))
    left = runtime / "front-door-left" / "front-door.sock"
    alive = runtime / "front-door-alive" / "front-door.sock"
    for path in (left, alive):
        path.parent.mkdir()
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
    alive.unlink()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(alive))
        listener.listen()
        code, lines = report(capsys)
    assert code == 0
    assert lines["stale front door"].startswith(
        f"note    stale front door: process {gone.pid} at unix:/gone.sock is gone"
    )
    assert lines["stale sockets"].endswith(f"1, behind which nobody listens  -> rm -r {left.parent}")
    assert down.main([]) == 0
    assert announced() is None, "aweigh down removes it"


def test_an_engine_that_was_named_has_to_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWEIGH_ENGINE", "unix:/nowhere.sock")
    code, lines = report(capsys)
    assert code == 1
    assert lines["engine"].startswith("missing engine: nothing answers at unix:/nowhere.sock")
    assert lines["engine"].endswith("-> unset AWEIGH_ENGINE, or aweigh up")
    assert lines["AWEIGH_ENGINE"] == "ok      AWEIGH_ENGINE: unix:/nowhere.sock"


def test_an_engine_that_was_announced_has_to_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mute(address: str) -> front_door_pb2.StatusResponse:
        raise EngineUnreachable(f"nothing answers at {address}")

    announce(Rendezvous("unix:/mute.sock", os.getpid(), "0"))
    monkeypatch.setattr(client, "status", mute)
    code, lines = report(capsys)
    assert code == 1
    assert lines["engine"] == "missing engine: nothing answers at unix:/mute.sock  -> aweigh down --force; aweigh up"


@pytest.mark.parametrize(
    ("version", "states", "good", "words"),
    [
        ("0.1.0", ("ready", "ready"), True, "2/2 workers ready"),
        ("0.1.0", ("starting",), False, "0/1 workers ready  -> look at "),
        (
            "9.9.9",
            ("ready",),
            False,
            "version 9.9.9, 1/1 workers ready, where this is 0.1.0  -> aweigh down; aweigh up",
        ),
    ],
)
def test_an_engine_of_this_version_with_workers(
    version: str, states: tuple[str, ...], good: bool, words: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    workers = [front_door_pb2.StatusResponse.Worker(state=state) for state in states]
    answer = front_door_pb2.StatusResponse(version=version, workers=workers)
    versions(monkeypatch, aweigh="0.1.0")
    monkeypatch.setenv("AWEIGH_ENGINE", "unix:/x")
    monkeypatch.setattr(client, "status", lambda address: answer)
    code, lines = report(capsys)
    assert code == (0 if good else 1)
    assert words in lines["engine"]


def test_as_it_is_typed(runtime: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aweigh.serverless.cli", "doctor"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert "ok      MLIR bindings: load" in done.stdout
    assert done.stderr == ""


def test_sources_of_access_records(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = report(capsys)
    assert code == 0
    assert lines["access records"].startswith("ok      access records: runner")
    for name, kind in KINDS.items():
        line = f"access records by {name}"
        if (reason := kind.why_not()) is None:
            assert name in lines["access records"] and line not in lines
        else:
            assert lines[line] == f"note    {line}: {reason}  -> take one of the others"
