"""Progress is for a person at a terminal, and for nobody else."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.terminal import on_terminal

from aweigh.compiler import progress

SHOW = """
import sys
from aweigh.compiler import progress
progress._DELAY = float(sys.argv[1])
streams = sys.stdout, sys.stderr
with progress.showing("work", wanted=sys.argv[2] == "yes") as tell:
    tell("first")
    if hasattr(tell, "__self__") and progress._DELAY < 1:
        tell.__self__._timer.join()
    assert streams == (sys.stdout, sys.stderr)
    tell("third", 2, 7)
    tell("loading", 1_500_000_000, 2_000_000_000, of_bytes=True)
print("answer", "rich" in sys.modules)
"""
METER = """
from aweigh.compiler.coverage.meter import Meter
with Meter(189, 100) as meter:
    meter.advance("llama: equal [1.0] (2.0 s)")
    meter.advance("mamba: no")
"""


def test_a_terminal_sees_stages_counts_and_bytes() -> None:
    seen = on_terminal([sys.executable, "-c", SHOW, 0, "yes"], os.environ)
    assert (seen.code, seen.stdout) == (0, "answer True\n"), seen.stderr
    assert "work: loading" in seen.stderr and "1500/2000 MB" in seen.stderr
    assert seen.raw.rstrip().endswith("\x1b[2K"), "the line is gone at the end"


@pytest.mark.parametrize(("delay", "wanted"), [(60, "yes"), (0, "no")])
def test_quick_or_unwanted_work_shows_nothing(delay: float, wanted: str) -> None:
    seen = on_terminal([sys.executable, "-c", SHOW, delay, wanted], os.environ)
    assert (seen.code, seen.stdout, seen.raw) == (0, "answer False\n", "")


def test_a_file_sees_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW, "0", "yes"], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("answer False\n", "")


@pytest.mark.parametrize("stream", [None, object()])
def test_a_script_may_have_taken_stderr_away(stream: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.showing("work") as tell:
        assert tell is progress.silent


def test_compile_shows_its_stages(tmp_path: Path) -> None:
    config = {"model_type": "llama", "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config | {"num_attention_heads": 2, "vocab_size": 64}))
    seen = on_terminal([sys.executable, "-m", "aweigh.serverless.cli", "compile", path], os.environ)
    assert seen.code == 0 and seen.stdout.startswith("fingerprint "), seen.stderr
    assert "compiling config.json: importing transformers" in seen.stderr
    assert re.search(r"compiling config.json: capture .* 0/\d+", seen.stderr)


def test_coverage_counts_types_on_a_terminal_and_writes_lines_to_a_file() -> None:
    seen = on_terminal([sys.executable, "-c", METER], os.environ)
    assert "llama: equal [1.0] (2.0 s)" in seen.stderr and "102/189" in seen.stderr
    done = subprocess.run([sys.executable, "-c", METER], capture_output=True, text=True, check=True)
    assert done.stderr == "llama: equal [1.0] (2.0 s)\nmamba: no\n"
