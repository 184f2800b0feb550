"""Ordinary scripts print the same with and without us: one script per shape that users write."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.offload.conftest import Run, environment

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE / "scripts").glob("*.py"))


def _sections(output: str) -> dict[str, str]:
    parts = output.split("=== ")[1:]
    return {Path(part.partition("\n")[0]).name: part.partition("\n")[2] for part in parts}


@pytest.fixture(scope="module")
def plain(checkpoints: tuple[Path, Path]) -> dict[str, str]:
    command = [sys.executable, *map(str, (HERE / "driver.py", *checkpoints)), *map(str, SCRIPTS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=240, env=environment())
    assert done.returncode == 0, done.stderr
    return _sections(done.stdout)


@pytest.fixture(scope="module")
def offloaded(checkpoints: tuple[Path, Path], aweigh_run: Run) -> tuple[dict[str, str], str]:
    done = aweigh_run(HERE / "driver.py", *checkpoints, *SCRIPTS, timeout=240)
    assert done.returncode == 0, done.stderr
    return _sections(done.stdout), done.stderr


@pytest.mark.parametrize("script", [path.name for path in SCRIPTS])
def test_a_script_prints_the_same(script: str, plain: dict[str, str], offloaded: tuple[dict[str, str], str]) -> None:
    assert offloaded[0][script] == plain[script], offloaded[1][-3000:]


def test_what_ran_here_is_said_once_and_the_rest_is_summed_up(offloaded: tuple[dict[str, str], str]) -> None:
    lines = [line for line in offloaded[1].splitlines() if line.startswith("aweigh: ")]
    assert len(lines) == len(set(lines))
    assert "aweigh: LlamaModel runs here: LlamaModel is no causal language model" in lines
    assert "aweigh: Mine runs here: Mine is the script's own class" in lines
    assert "calls offloaded" in lines[-1]
