"""`aweigh up`, `status`, `down`, `doctor` as an operator types them: real processes, real sockets, `kill -9`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest


class Shell:
    """Commands of one operator with a runtime directory of his own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = {**os.environ, "AWEIGH_RUNTIME": str(directory), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
        self.environment.pop("AWEIGH_ENGINE", None)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "aweigh.serverless.cli", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=self.environment, check=False)

    def status(self) -> dict[str, object]:
        answer = self("status", "--json")
        assert answer.returncode == 0, answer.stderr
        found: dict[str, object] = json.loads(answer.stdout)
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    shell("down", "--force")


def test_up_status_down(shell: Shell) -> None:
    assert shell("status").returncode == 3
    up = shell("up")
    assert up.returncode == 0, up.stderr
    assert "aweigh run script.py" in up.stdout
    again = shell("up")
    assert again.returncode == 1
    assert "already up" in again.stderr
    table = shell("status").stdout
    assert "worker-0" in table
    assert "ready" in table
    assert "engine: unix:" in shell("doctor").stdout
    processes = psutil.Process(json.loads((shell.directory / "front-door.json").read_text())["process"]).children()
    down = shell("down")
    assert down.returncode == 0, down.stderr
    assert not any(process.is_running() for process in processes)
    assert list(shell.directory.iterdir()) == [shell.directory / "front-door.log"]
    assert shell("down").stdout == "nothing is running here\n"


def test_two_workers_from_a_file_and_one_that_is_killed_comes_back(shell: Shell) -> None:
    file = shell.directory / "cluster.toml"
    file.write_text('[front_door]\nlisten = "127.0.0.1:0"\n[workers]\ncount = 2\nthreads = 1\nkv_bytes = 16777216\n')
    assert shell("up", str(file), "--check").returncode == 0
    up = shell("up", str(file), "--quiet")
    assert up.returncode == 0, up.stderr
    assert up.stdout.startswith("127.0.0.1:")
    shell.environment["AWEIGH_ENGINE"] = up.stdout.strip()

    def wait_for(restarts: int) -> dict[str, dict[str, object]]:
        while True:
            workers = {entry["name"]: entry for entry in shell.status()["workers"]}  # type: ignore[attr-defined]
            done = all(entry["state"] == "ready" for entry in workers.values())
            if done and sum(entry.get("restarts", 0) for entry in workers.values()) == restarts:
                return workers

    before = wait_for(0)
    os.kill(int(str(before["worker-1"]["process"])), signal.SIGKILL)
    after = wait_for(1)
    assert after["worker-0"]["process"] == before["worker-0"]["process"]
    assert after["worker-1"]["process"] != before["worker-1"]["process"]


def test_workers_die_with_a_front_door_that_is_killed(shell: Shell) -> None:
    shell("up")
    process = psutil.Process(json.loads((shell.directory / "front-door.json").read_text())["process"])
    workers = process.children()
    assert workers
    process.kill()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive
    assert shell("status").returncode == 3


def test_a_wrong_configuration_starts_nothing(shell: Shell) -> None:
    file = shell.directory / "cluster.toml"
    file.write_text("[workers]\ncuont = 2\n")
    up = shell("up", str(file))
    assert up.returncode == 4
    assert "did you mean 'count'?" in up.stderr


def test_unknown_commands_and_help(shell: Shell) -> None:
    wrong = shell("rnu")
    assert wrong.returncode == 2
    assert "did you mean 'aweigh run'?" in wrong.stderr
    text = shell("--help").stdout
    for name in ("run", "up", "status", "drain", "logs", "down", "doctor", "compile", "publish", "store"):
        assert f"  {name}" in text
    assert shell("--version").stdout.startswith("aweigh ")
    assert shell("up", "--nonsense").returncode == 2
