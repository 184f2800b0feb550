"""One oracle engine and one pair of checkpoints for all tests of this room; every script is a real process."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAKES = ROOT / "tests" / "fakes"
HERE = Path(__file__).parent
SCRIPTS = sorted((HERE / "scripts").glob("*.py"))
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A model and its smaller assistant."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from checkpoints import make;"
        "make(Path(sys.argv[2]), seed=1); make(Path(sys.argv[3]), seed=2, layers=1, hidden=32)"
    )
    base = tmp_path_factory.mktemp("models")
    subprocess.run([sys.executable, "-c", code, Path(__file__).parent, base / "model", base / "small"], check=True)
    return base / "model", base / "small"


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an engine that is transformers itself."""
    address = f"unix:{tmp_path_factory.mktemp('oracle')}/o.sock"
    with start_oracle(address):
        yield address


@contextlib.contextmanager
def start_oracle(address: str) -> "Iterator[subprocess.Popen[str]]":
    """An oracle that serves; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, FAKES / "oracle.py", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        yield process
    finally:
        process.kill()
        process.wait()


def environment(**more: str) -> dict[str, str]:
    """Ours without a trace of an aweigh that runs on this machine."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWEIGH")}
    return clean | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "HF_HUB_OFFLINE": "1"} | more


def path(first: Path) -> str:
    """A PYTHONPATH with `first` in front of what this process was given: another checkout's sources, say."""
    return os.pathsep.join(filter(None, (str(first), os.environ.get("PYTHONPATH", ""))))


@pytest.fixture(scope="session")
def aweigh_run(oracle: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`aweigh run` against the oracle, whose Programs are empty. No call of a module is too small to leave."""
    graphs = str(tmp_path_factory.mktemp("graphs"))

    def run(
        *arguments: object, env: dict[str, str] | None = None, timeout: float = 120
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "aweigh.compiler.offload", "--engine", oracle, *map(str, arguments)]
        fixed = {"PYTHONPATH": path(FAKES / "uncompiled"), "FAKE_GRAPHS": graphs, "AWEIGH_ROUND_TRIP": "0"}
        variables = environment(**fixed) | (env or {})
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=timeout, env=variables)

    return run


@pytest.fixture(scope="session")
def plain(checkpoints: tuple[Path, Path]) -> dict[str, str]:
    """What every script prints under plain Python, by the script's name."""
    command = [sys.executable, *map(str, (HERE / "driver.py", *checkpoints, *SCRIPTS))]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=240, env=environment())
    assert done.returncode == 0, done.stderr
    return sections(done.stdout)


def sections(output: str) -> dict[str, str]:
    """The driver's output by script."""
    parts = output.split("=== ")[1:]
    return {Path(part.partition("\n")[0]).name: part.partition("\n")[2] for part in parts}
