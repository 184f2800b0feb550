"""`aweigh trace record` beside a script that runs: every extent with the right number of uses, of experts those that were hit."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import grpc
import pytest
import torch
from tests.integration.families import make
from tests.integration.house import House
from transformers import AutoModelForCausalLM

from aweigh.memory.trace.file import TraceReader
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc

SCRIPT = str(Path(__file__).parent / "scripts" / "short.py")
STARTS, PROMPT, NEW = (3, 40), 19, 5  # of the script
RUNS = len(STARTS) * NEW


class Recording:
    """`aweigh trace record` at work."""

    def __init__(self, house: House, out: Path, *options: str) -> None:
        command = [sys.executable, "-m", "aweigh.serverless.cli", "trace", "record", "--address", house.address]
        self.process = subprocess.Popen(
            [*command, *options, str(out)], stderr=subprocess.PIPE, text=True, env=house.environment
        )
        assert self.process.stderr is not None
        self.said = self.process.stderr.readline()

    def interrupt(self) -> str:
        """What it says when it is told to end."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, self.said + said
        return said


def recorded(house: House, path: Path, out: Path) -> dict[str, Counter[str]]:
    """Uses per extent, per model, of a run of the script."""
    recording = Recording(house, out)
    assert recording.said == "recording runner, Ctrl-C ends it\n"
    done = house.offloaded(SCRIPT, str(path))
    assert done.returncode == 0, done.stderr[-4000:]
    recording.interrupt()
    uses: dict[str, Counter[str]] = {}
    for record in TraceReader(out).records():
        assert (record.source, record.address) == ("runner", None)
        uses.setdefault(record.model, Counter())[record.extent] += record.uses
    return uses


def test_every_extent_with_its_uses(house: House, checkpoints: Path, tmp_path: Path) -> None:
    path = make("llama", checkpoints)
    (uses,) = recorded(house, path, tmp_path / "llama.parquet").values()
    assert set(uses.values()) == {RUNS}, "one per prompt and per token after the first"
    size = (path / "model.safetensors").stat().st_size
    lengths = [int(extent.partition("+")[2], 16) for extent in uses]
    parameters = AutoModelForCausalLM.from_pretrained(path).num_parameters() * 4
    assert parameters <= sum(lengths) < 1.1 * size
    shown = subprocess.run(
        [sys.executable, "-m", "aweigh.serverless.cli", "trace", "show", str(tmp_path / "llama.parquet")],
        capture_output=True, text=True, check=True, env=house.environment,
    ).stdout  # fmt: skip
    assert shown.startswith("source runner, ") and f"{len(uses)} extents" in shown


def test_only_the_experts_that_were_hit(house: House, checkpoints: Path, tmp_path: Path) -> None:
    path = make("mixtral", checkpoints)
    (uses,) = recorded(house, path, tmp_path / "mixtral.parquet").values()
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    hits: Counter[tuple[int, int]] = Counter()
    for start in STARTS:
        model.generate(
            torch.arange(start, start + PROMPT).unsqueeze(0),
            max_new_tokens=NEW,
            do_sample=False,
        )
    assert hits is not None and uses
