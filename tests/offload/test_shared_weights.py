"""Memory that processes share and that the first who needs it fills."""

import copy
import json
import multiprocessing
import os
import pickle  # noqa: TID251 - as scripts do
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.offload.conftest import Run, environment

from aweigh.compiler.offload.shared_weights import SharedWeights


def made() -> SharedWeights:
    shared = SharedWeights()
    shared.add("a", torch.Size((3, 2)), torch.float32)
    shared.add("b", torch.Size(()), torch.bfloat16)
    return shared


def fill(shared: SharedWeights, results: Any) -> None:
    values = shared.take("a", lambda: torch.ones(3, 2))
    results.put(values.sum().item())
    values[1] = 7


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_what_one_process_writes_the_other_sees(start: str) -> None:
    context: Any = multiprocessing.get_context(start)
    shared, results = made(), context.SimpleQueue()
    assert not shared.touched()
    process = context.Process(target=fill, args=(shared, results))
    process.start()
    assert results.get() == 6
    process.join()
    assert process.exitcode == 0 and shared.touched()
    found: Any = shared.take("a", lambda: torch.zeros(3, 2))
    assert found.tolist() == [[1, 1], [7, 7], [1, 1]] and found.is_shared()
    assert shared.take("b", lambda: torch.tensor(0.5)).item() == 0.5


def test_a_copy_shares_nothing() -> None:
    shared = made()
    assert pickle.loads(pickle.dumps(shared)) is None
    assert copy.deepcopy(shared) is None


def test_a_child_forked_while_a_weight_is_filled_keeps_nobody_waiting() -> None:
    shared, child = made(), 0
    hold, release = os.pipe()

    def read() -> torch.Tensor:
        nonlocal child
        if not (child := os.fork()):
            os.read(hold, 1)
            os._exit(0)
        return torch.ones(3, 2)

    shared.take("a", read)
    assert shared.take("b", lambda: torch.tensor(0.5)).item() == 0.5
    os.write(release, b"x")
    os.waitpid(child, 0)


SCRIPT = """
import multiprocessing, sys, torch
from transformers import AutoModelForCausalLM

def logit(model):
    with torch.no_grad():
        return round(model(torch.tensor([[1, 2, 3]])).logits[0, -1, 5].item(), 3)

def ask(model, factor):
    print("child", logit(model), flush=True)
    if factor != 1:
        with torch.no_grad():
            model.lm_head.weight.mul_(factor)

def run(model, factor):
    process = multiprocessing.get_context(sys.argv[2]).Process(target=ask, args=(model, factor))
    process.start()
    process.join()

if __name__ == "__main__":
    model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval()
    alone = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval()
    print(model.share_memory() is model, model.lm_head.weight.is_shared(), alone.lm_head.weight.is_shared())
    run(model, 1)
    print(logit(model), len(model.state_dict()))
    run(model, 3)
    print(logit(model), logit(alone))
"""


@pytest.mark.parametrize("start", ["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def test_a_shared_model_calls_the_engine_until_somebody_writes(
    checkpoints: tuple[Path, Path], aweigh_run: Run, tmp_path: Path, start: str
) -> None:
    script, report = tmp_path / "script.py", tmp_path / "report.json"
    script.write_text(SCRIPT)
    plain = subprocess.run(
        [sys.executable, script, checkpoints[0], start], capture_output=True, text=True, check=True, env=environment()
    )
    done = aweigh_run("--report", report, script, checkpoints[0], start)
    assert done.stdout == plain.stdout, done.stderr
    shared, alone = json.loads(report.read_text())["models"]
    assert (shared["calls"]["step"], shared["calls"]["local"]) == (1, 1)
    assert list(shared["local_reasons"]) == ["a process that shares its memory has its weights"]
    assert alone["calls"]["step"] == 1
