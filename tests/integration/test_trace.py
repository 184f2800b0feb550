"""`aweigh trace record` beside a script that runs: every extent with the right number of uses, of experts those that were hit."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.integration.families import SMALL
from tests.integration.house import House
from transformers import AutoConfig, AutoModelForCausalLM

from aweigh.memory.statistics.sources import KINDS
from aweigh.memory.trace.file import TraceReader

LAYERS, EXPERTS, CHOSEN = SMALL["num_hidden_layers"], 64, 2
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


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with so many experts that some are never chosen."""
    path = tmp_path_factory.mktemp("checkpoint")
    torch.manual_seed(0)
    config = AutoConfig.for_model("mixtral", **{**SMALL, "num_local_experts": EXPERTS, "num_experts_per_tok": CHOSEN})
    AutoModelForCausalLM.from_config(config, dtype=torch.float32).save_pretrained(path)
    return path


class Oracle:
    """What transformers reads when it runs the script: `hits[layer][expert]` passes that chose it, and how many tensors that are no
    experts'."""

    def __init__(self, path: Path) -> None:
        model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
        self.hits: list[Counter[int]] = [Counter() for _ in model.model.layers]
        self.tensors = sum(".experts." not in name for name, _ in model.named_parameters()) + 1  # rotary frequencies
        for layer, found in zip(model.model.layers, self.hits, strict=True):

            def count(module: object, inputs: object, answer: Any, found: Counter[int] = found) -> None:
                logits = answer[0] if isinstance(answer, tuple) else answer
                found.update(set(logits.topk(CHOSEN).indices.flatten().tolist()))

            layer.mlp.gate.register_forward_hook(count)
        for start in STARTS:
            prompt = torch.arange(start, start + PROMPT).unsqueeze(0)
            model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=NEW, do_sample=False)


@pytest.mark.slow
def test_every_extent_with_its_uses_and_of_experts_those_that_were_hit(
    house: House, checkpoint: Path, tmp_path: Path
) -> None:
    out = tmp_path / "trace.parquet"
    recording = Recording(house, out)
    assert recording.said == "recording runner, Ctrl-C ends it\n"
    done = house.offloaded(SCRIPT, str(checkpoint))
    assert done.returncode == 0, done.stderr[-4000:]
    recording.interrupt()
    trace = TraceReader(out)
    assert (trace.facts.source, trace.facts.page_bytes, trace.facts.lost) == ("runner", 1 << 21, 0)
    uses: Counter[str] = Counter()
    for record in trace.records():
        assert (record.source, record.address) == ("runner", None) and record.model
        uses[record.extent] += record.uses
    oracle = Oracle(checkpoint)
    stacked = [
        {expert: uses[f"{source}@{expert * length:x}+{length:x}"] for expert in range(EXPERTS)}
        for source, length in _stacked(uses)
    ]
    assert all(0 < len(found) < EXPERTS for found in oracle.hits), "the seed leaves experts out in every layer"
    wanted = [{expert: found[expert] for expert in range(EXPERTS)} for found in oracle.hits for _ in range(2)]
    assert sorted(map(str, stacked)) == sorted(map(str, wanted)), "of both of its tensors"
    experts = {f"{source}@" for source, _ in _stacked(uses)}
    others = [count for extent, count in uses.items() if not extent.startswith(tuple(experts))]
    assert others == [RUNS] * oracle.tensors, "one per prompt and per token after the first"

    shown = _trace(house, "show", str(out))
    assert shown.returncode == 0
    assert shown.stdout.startswith("source runner, ") and f"{len(uses)} extents" in shown.stdout


def _stacked(uses: Counter[str]) -> list[tuple[str, int]]:
    """Sources of which several extents were used, and the length of these: what was made of an expert's tensors."""
    sources = Counter(extent.partition("@")[0] for extent in uses if extent.startswith("made:"))
    found = {extent.partition("@")[0]: int(extent.partition("+")[2], 16) for extent in uses}
    return [(source, found[source]) for source, count in sources.items() if count > 1]


def _trace(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aweigh.serverless.cli", "trace", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=house.environment, check=False)


def test_a_source_that_does_not_work_is_told_with_its_reason(house: House, tmp_path: Path) -> None:
    for name, kind in KINDS.items():
        if reason := kind.why_not():
            done = _trace(house, "record", "--engine", house.address, "--source", name, str(tmp_path / "a.parquet"))
            assert done.returncode == 2
            assert (
                done.stderr == f"aweigh: source {name!r} does not work here: {reason}; `aweigh doctor` says which do\n"
            )
            break
    assert list(tmp_path.iterdir()) == []


def test_some_seconds_of_every_source_that_works(house: House, tmp_path: Path) -> None:
    for name, kind in KINDS.items():
        if kind.why_not() is None:
            out = tmp_path / f"{name}.parquet"
            options = ("--source", name, "--seconds", "0.02", "--interval", "0.01")
            done = _trace(house, "record", "--engine", house.address, *options, str(out))
            assert done.returncode == 0, done.stderr
            assert TraceReader(out).facts.source == name


def test_nobody_to_ask(house: House, tmp_path: Path) -> None:
    done = _trace(house, "record", "--engine", "unix:/nonexistent", str(tmp_path / "a.parquet"))
    assert done.returncode == 3 and "aweigh up" in done.stderr
    assert _trace(house, "record", "--interval", "0", "--engine", house.address).returncode == 2
