"""A hundred drawn calls, plain and offloaded, against a real engine: `python -m bench.fuzz` with fewer cases and models."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.offload.conftest import ROOT, environment

FAMILIES = ("llama", "gpt2", "gemma3_text", "mixtral", "mamba2", "t5", "bert")


@pytest.mark.slow
def test_a_hundred_cases_are_equal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.fuzz", "--cases", "100", "--family", *FAMILIES, "--no-record"]
    done = subprocess.run(
        [*command, "--models", str(tmp_path / "models")],
        check=False, capture_output=True, text=True, timeout=500, cwd=ROOT,
        env=environment(AWEIGH_RUNTIME=str(tmp_path / "run"), AWEIGH_CACHE=str(tmp_path / "cache")),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "100 of 100 cases equal" in done.stdout
    rungs = dict(re.findall(r"(\d+) ([a-z+]+)", done.stdout.partition("rungs: ")[2].partition("\n")[0])[::-1])
    counts = {name: int(count) for count, name in rungs.items()}
    assert counts["generate"] >= 15, done.stdout
    assert counts["step"] >= 30, done.stdout
