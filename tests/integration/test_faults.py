"""Faults between script, front door and worker: clients that die, engines that die, names that collide."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture
def own_house(house: House, tmp_path: Path) -> Iterator[House]:
    """An engine that a test may kill."""
    environment = {**house.environment, "AWEIGH_RUNTIME": str(tmp_path / "run")}
    command = [sys.executable, "-m", "aweigh.serverless", "--private"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        yield House(address, environment, tmp_path)
        process.terminate()


def start(house: House, script: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "aweigh.serverless.cli", "run", "--engine", house.address, "--strict"]
    return subprocess.Popen(
        [*command, str(SCRIPTS / script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=house.environment,
    )


def read_until(process: "subprocess.Popen[str]", word: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == word:
            return
    assert process.stderr is not None
    raise AssertionError(process.stderr.read())


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether `condition` gets true before the time is over. Asks the engine each time, which takes its own while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
    return condition()


def free_blocks(house: House) -> bool:
    stats = house.status().workers[0].stats
    idle = (stats.sessions, stats.running, stats.waiting) == (0, 0, 0)
    return idle and stats.blocks_free == stats.blocks_total


def test_a_killed_worker_in_mid_stream_is_a_clear_error_within_two_seconds(own_house: House, checkpoints: Path) -> None:
    process = start(own_house, "stream.py", str(make("llama", checkpoints)), "20000")
    read_until(process, "token")
    read_until(process, "token")
    os.kill(own_house.status().workers[0].process, signal.SIGKILL)
    killed = time.monotonic()
    read_until(process, "failed")
    assert time.monotonic() - killed < 2
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "EngineLost" in errors


def test_a_killed_front_door_is_a_clear_error(own_house: House, checkpoints: Path) -> None:
    process = start(own_house, "steps.py", str(make("llama", checkpoints)))
    read_until(process, "computed")
    import psutil

    worker = psutil.Process(own_house.status().workers[0].process)
    door = worker.parent()
    assert door is not None
    door.kill()
    psutil.wait_procs([worker], timeout=10)
    assert not worker.is_running()
    _, errors = process.communicate("\n", timeout=60)
    assert process.returncode == 1
    assert "EngineLost" in errors


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("script", "word"), [("stream.py", "token"), ("steps.py", "computed")])
def test_what_a_script_held_is_free_a_second_after_its_end(
    house: House, checkpoints: Path, how: signal.Signals, script: str, word: str
) -> None:
    process = start(house, script, str(make("llama", checkpoints)), "20000")
    read_until(process, word)
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert within(1.0, lambda: free_blocks(house)), house.status().workers[0].stats


@pytest.mark.slow
def test_two_scripts_with_one_name_do_not_meet(house: House, checkpoints: Path, tmp_path: Path) -> None:
    """Same script name, same directory name, different weights: each gets its own answer."""
    import shutil

    plain, processes = [], []
    for index, family in enumerate(("llama", "olmo2")):
        place = tmp_path / str(index)
        shutil.copytree(make(family, checkpoints), place / "model")
        shutil.copy(SCRIPTS / "steps.py", place / "script.py")
        answer = subprocess.run(
            [sys.executable, "script.py", "model"],
            input="\n",
            capture_output=True,
            text=True,
            env=house.environment,
            cwd=place,
            check=True,
        )
        plain.append(answer.stdout)
        command = [
            sys.executable,
            "-m",
            "aweigh.serverless.cli",
            "run",
            "--engine",
            house.address,
            "script.py",
            "model",
        ]
        processes.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=house.environment, cwd=place
            )
        )
    assert [process.communicate("\n", timeout=120)[0] for process in processes] == plain


def test_an_unreachable_engine_is_said_before_the_script_runs(house: House, checkpoints: Path) -> None:
    nowhere = House("unix:/nonexistent/engine", house.environment, house.directory)
    answer = nowhere.offloaded(str(SCRIPTS / "stream.py"), str(make("llama", checkpoints)), "3")
    assert answer.returncode == 3
    assert answer.stdout == ""
    for word in ("/nonexistent/engine", "aweigh up", "AWEIGH=0", "aweigh doctor"):
        assert word in answer.stderr
