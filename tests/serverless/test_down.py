"""`aweigh down` waits as long as running calls may take, and then says what to do."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from aweigh.proto.rendezvous import Rendezvous, announce, find
from aweigh.serverless import down

STUBBORN = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: print("heard", flush=True))
print("up", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture
def stubborn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[str]"]:
    """What looks like a front door and does not go."""
    monkeypatch.setenv("AWEIGH_RUNTIME", str(tmp_path))
    command = [sys.executable, "-S", "-c", STUBBORN, "aweigh.serverless"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_it_waits_as_configured(
    stubborn: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(Rendezvous("unix:/x", stubborn.pid, "1", 600.0))
    waited: list[float] = []

    def wait(processes: list[object], timeout: float) -> tuple[list[object], list[object]]:
        waited.append(timeout)
        return [], processes

    monkeypatch.setattr(psutil, "wait_procs", wait)
    assert down.main([]) == 1
    assert waited == [600.0 + down.MARGIN]
    assert "still busy after 630 s: use `aweigh down --force`" in capsys.readouterr().err
    assert stubborn.stdout is not None and stubborn.stdout.readline() == "heard\n"
    assert find() is not None, "what runs stays announced"


def test_force_does_not_ask(stubborn: "subprocess.Popen[str]", capsys: pytest.CaptureFixture[str]) -> None:
    announce(Rendezvous("unix:/x", stubborn.pid, "1", 600.0))
    assert down.main(["--force"]) == 0
    assert capsys.readouterr().out == "down\n"
    assert stubborn.poll() is not None
    assert find() is None
