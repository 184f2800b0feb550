"""kill -9 at every numbered step of migration, in a real worker process under load: the next worker answers the same, and the store is whole."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aweigh.memory.mover.failpoints import Migration
from house.tree import ROOT

LATER = ["CHUNK_LANDED:20", "ARRIVED:15", "STRIPPED:8", "DROPPED:12"]


class Lives:
    """Workers one after the other, over the same models and the same store."""

    def __init__(self, directory: Path) -> None:
        environment = {**os.environ, "AWEIGH_HOME": str(directory / "home")}
        (directory / "models").mkdir()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.life", str(directory / "models")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            text=True,
        )
        assert self._line() == "ready"

    def live(self, point: str = "") -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(point + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._line())
        return found

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    found = Lives(tmp_path_factory.mktemp("lives"))
    yield found
    found.close()


@pytest.mark.parametrize("point", ["", *(point.name for point in Migration), *LATER])
def test_a_worker_is_killed_and_the_next_one_is_right(lives: Lives, point: str) -> None:
    killed = lives.live(point)
    assert killed["signal"] == (signal.SIGKILL if point else 0), killed["said"]
    assert killed["good"], "the store verifies"


def test_after_all_that_a_worker_is_right(lives: Lives) -> None:
    assert lives.live()["signal"] == 0
