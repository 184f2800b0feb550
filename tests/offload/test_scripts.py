"""Ordinary scripts print the same with and without us: one script per shape that users write."""

import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from tests.offload.conftest import HERE, SCRIPTS, Run, environment, sections


@pytest.fixture(scope="module")
def offloaded(checkpoints: tuple[Path, Path], aweigh_run: Run) -> tuple[dict[str, str], str]:
    done = aweigh_run(HERE / "driver.py", *checkpoints, *SCRIPTS, timeout=240)
    assert done.returncode == 0, done.stderr
    return sections(done.stdout), done.stderr


@pytest.mark.parametrize("script", [path.name for path in SCRIPTS])
def test_a_script_prints_the_same(script: str, plain: dict[str, str], offloaded: tuple[dict[str, str], str]) -> None:
    assert offloaded[0][script] == plain[script], offloaded[1][-3000:]


def test_what_ran_here_is_said_once_and_the_rest_is_summed_up(offloaded: tuple[dict[str, str], str]) -> None:
    lines = [line for line in offloaded[1].splitlines() if line.startswith("aweigh: ")]
    assert len(lines) == len(set(lines))
    assert "aweigh: LlamaModel runs here: the compiler compiles nothing" in lines
    assert "aweigh: Mine runs here: Mine is the script's own class" in lines
    assert "calls offloaded" in lines[-1]


@pytest.mark.slow
@pytest.mark.parametrize("count", [8, len(SCRIPTS)])
def test_a_private_engine_starts_by_itself_and_answers_the_same(
    checkpoints: tuple[Path, Path], plain: dict[str, str], tmp_path: Path, count: int
) -> None:
    """No oracle here: compiler, front door and worker are the real ones, and nobody said where they are."""
    report = tmp_path / "report.json"
    script = map(str, (report, HERE / "driver.py", *checkpoints, *SCRIPTS[:count]))
    command = [sys.executable, "-m", "aweigh.compiler.offload", "--report", *script]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=280,
        env=environment(AWEIGH_RUNTIME=str(tmp_path / "runtime")),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = sections(done.stdout)
    assert found == {name: plain[name] for name in found} and len(found) >= count, done.stderr[-3000:]
    summary = json.loads(report.read_text())
    calls = [model["calls"] for model in summary["models"]]
    assert sum(call["generate"] for call in calls) >= count
    assert sum(call["step"] for call in calls) >= count


SAYING = """
import sys, torch
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
ids = torch.tensor([[5, 6, 7]])
print(model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=40, do_sample=False).tolist())
torch.manual_seed(3)
print(model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=20, do_sample=True).tolist())
"""


@pytest.mark.slow
def test_another_model_drafts_and_the_answers_are_the_same(checkpoints: tuple[Path, Path], tmp_path: Path) -> None:
    """The draft model is a copy of the model itself: what it says is right. One that is not there is told."""
    script = tmp_path / "script.py"
    script.write_text(SAYING)
    twin = shutil.copytree(checkpoints[0], tmp_path / "twin")
    ours = environment(AWEIGH_RUNTIME=str(tmp_path / "runtime"))
    run = partial(subprocess.run, check=False, capture_output=True, text=True, timeout=280, env=ours)
    plain = run([sys.executable, str(script), str(checkpoints[0])])
    command = [sys.executable, "-m", "aweigh.compiler.offload", "--strict", "--draft"]
    drafted = run([*command, f"{checkpoints[0]}={twin}", str(script), str(checkpoints[0])])
    assert drafted.returncode == 0, drafted.stderr
    assert drafted.stdout == plain.stdout and "2/2 calls offloaded (2 generate)" in drafted.stderr
    nowhere = run([*command, f"{checkpoints[0]}={tmp_path / 'nowhere'}", str(script), str(checkpoints[0])])
    assert nowhere.returncode and "nowhere" in nowhere.stderr


READING = """
import io, sys, torch
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
weight = model.get_parameter("model.norm.weight")
print(weight, weight.tolist()[:2], weight[0].item(), weight.sum(), weight.double().detach().numpy().sum())
torch.save(weight, io.BytesIO())
torch.save(model.state_dict(), io.BytesIO())
print(model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=2))
weight.detach().numpy()
print(model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=2))
"""


def test_reading_weights_keeps_the_calls_away_and_holding_their_memory_does_not(
    checkpoints: tuple[Path, Path], aweigh_run: Run, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    done = aweigh_run("--report", report, "-c", READING, checkpoints[0])
    assert done.returncode == 0, done.stderr
    (model,) = json.loads(report.read_text())["models"]
    assert model["calls"]["generate"] == 1
    assert list(model["local_reasons"]) == ["the script holds the memory of model.norm.weight"]
    said = [line for line in done.stderr.splitlines() if line.startswith("aweigh: Llama")]
    assert said == [
        "aweigh: LlamaForCausalLM: the script reads weights (model.norm.weight first), so the bytes of those are read here",
        "aweigh: LlamaForCausalLM runs here: the script holds the memory of model.norm.weight",
    ]


SPAWNED = """
import multiprocessing, sys, torch

def child(model):
    with torch.no_grad():
        print(model(torch.tensor([[1, 2, 3]])).logits.shape, flush=True)

if __name__ == "__main__":
    from transformers import AutoModelForCausalLM
    model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval()
    process = multiprocessing.get_context("spawn").Process(target=child, args=(model,))
    process.start()
    process.join()
"""


@pytest.mark.slow
def test_a_child_that_was_handed_a_model_asks_the_engine_too(
    checkpoints: tuple[Path, Path], aweigh_run: Run, tmp_path: Path
) -> None:
    """Nothing was loaded in that process before the model came out of the pickle."""
    (tmp_path / "spawned.py").write_text(SPAWNED)
    done = aweigh_run("--explain", tmp_path / "spawned.py", checkpoints[0])
    assert done.stdout == "torch.Size([1, 3, 259])\n", done.stderr
    assert "aweigh: LlamaForCausalLM: step" in done.stderr


FORKED = """
import os, sys, threading, torch
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
asked = torch.tensor([[1, 2, 3, 4]])
threads = [threading.Thread(target=model.generate, args=(asked,), kwargs={"max_new_tokens": 8}) for _ in range(6)]
for thread in threads:
    thread.start()
if child := os.fork():
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    print(model.generate(asked, max_new_tokens=2).shape, flush=True)
    os._exit(0)
for thread in threads:
    thread.join()
print(model.generate(asked, max_new_tokens=3).shape)
"""


def test_a_process_forks_while_its_threads_call(checkpoints: tuple[Path, Path], aweigh_run: Run) -> None:
    """Parent and child both go on. Without gRPC's whole fork support one child of three aborts here."""
    done = aweigh_run("-c", FORKED, checkpoints[0])
    assert done.stdout.split("\n") == ["torch.Size([1, 6])", "0", "torch.Size([1, 7])", ""], done.stderr
