"""One engine for all tests of this folder, and a way to run scripts plain and offloaded."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("house")
    environment = {
        **os.environ,
        "AWEIGH_RUNTIME": str(directory / "run"),
        "AWEIGH_CACHE": str(directory / "cache"),
        "OMP_NUM_THREADS": "1",
    }
    environment.pop("AWEIGH_ENGINE", None)
    command = [sys.executable, "-m", "aweigh.serverless", "--private"]
    log = (directory / "log").open("wb")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True) as process:
        assert process.stdout is not None
        word, _, address = process.stdout.readline().strip().partition(" ")
        assert word == "ready", (directory / "log").read_text()
        yield House(address, environment, directory)
        process.terminate()


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checkpoints")
