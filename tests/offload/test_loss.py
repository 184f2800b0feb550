"""What a script sees when its engine goes away, and what an engine sees when its script does."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.offload.conftest import FAKES, Run, environment, path, start_oracle

GENERATE = """
import sys, time
from transformers import AutoModelForCausalLM, AutoTokenizer

def hook(*error):
    print("at", time.monotonic(), flush=True)
    sys.__excepthook__(*error)

sys.excepthook = hook

class Told:
    def put(self, tokens): print("token", flush=True)
    def end(self): print("end", flush=True)

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
inputs = tokenizer("long", return_tensors="pt")
model.generate(**inputs, max_new_tokens=480, eos_token_id=None, streamer=Told())  # the script's line
"""
STEP = GENERATE.replace("streamer=Told())", "streamer=Told(), logits_processor=[lambda ids, scores: scores])")


@pytest.mark.parametrize("script", [GENERATE, pytest.param(STEP, marks=pytest.mark.slow)], ids=["generate", "step"])
def test_an_engine_killed_in_the_middle_is_a_clear_error_within_two_seconds(
    script: str, tmp_path: Path, checkpoints: tuple[Path, Path]
) -> None:
    address = f"unix:{tmp_path}/o.sock"
    (tmp_path / "script.py").write_text(script)
    with start_oracle(address) as engine:
        command = [sys.executable, "-m", "aweigh.compiler.offload", "--engine", address]
        process = subprocess.Popen(
            [*command, tmp_path / "script.py", checkpoints[0]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(PYTHONPATH=path(FAKES / "uncompiled")),
        )
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline() == "token\n"
        engine.kill()
        before = time.monotonic()
        output, errors = process.communicate(timeout=30)
    seen = float(output.splitlines()[-1].removeprefix("at "))
    assert seen - before < 2.0
    assert process.returncode == 1
    assert "EngineLost: the engine at unix:" in errors
    assert "# the script's line" in errors
    assert "_InactiveRpcError" not in errors


def test_ctrl_c_ends_a_remote_loop_as_a_local_one(tmp_path: Path, checkpoints: tuple[Path, Path], oracle: str) -> None:
    (tmp_path / "script.py").write_text(GENERATE)
    process = subprocess.Popen(
        [sys.executable, "-m", "aweigh.compiler.offload", "--engine", oracle, tmp_path / "script.py", checkpoints[0]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(PYTHONPATH=path(FAKES / "uncompiled")),
    )
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline() == "token\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert errors.rstrip().splitlines()[-1].startswith(("KeyboardInterrupt", "aweigh: "))


def test_nothing_is_offloaded_under_strict_that_cannot_be(checkpoints: tuple[Path, Path], aweigh_run: Run) -> None:
    code = """
import sys, torch
from transformers import AutoModelForCausalLM
from aweigh.proto.errors import UnsupportedModel
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
print(model.generate(torch.tensor([[1, 2]]), max_new_tokens=2).shape)
for act in (
    lambda: model(torch.tensor([[1, 2]]), output_attentions=True),
    lambda: model.lm_head.weight.sum(),
    lambda: model.train()(torch.tensor([[1, 2]])),
):
    try:
        act()
        print("ran")
    except UnsupportedModel as error:
        print("refused:", error)
"""
    done = aweigh_run("--strict", "-c", code, checkpoints[0])
    assert done.stdout.count("refused: ") == 3, done.stdout + done.stderr


@pytest.mark.slow
def test_ways_out_of_offloading(checkpoints: tuple[Path, Path], aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import sys, torch, aweigh
from transformers import AutoModelForCausalLM
ids = torch.tensor([[1, 2, 3]])
with aweigh.local():
    print(AutoModelForCausalLM.from_pretrained(sys.argv[1]).generate(ids, max_new_tokens=3).tolist())
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
print(model.generate(ids, max_new_tokens=3).tolist())
with aweigh.local():
    print(model.generate(ids, max_new_tokens=3).tolist())
print(model.generate(ids, max_new_tokens=3).tolist())
model.aweigh_local = True
print(model.generate(ids, max_new_tokens=3).tolist())
"""
    report = tmp_path / "report.json"
    done = aweigh_run("--report", report, "-c", code, checkpoints[0])
    assert len(set(done.stdout.splitlines())) == 1, done.stdout + done.stderr
    calls = json.loads(report.read_text())["models"][-1]["calls"]
    assert calls == {"generate": 2, "step": 0, "module": 0, "local": 6}
    skipped = aweigh_run("--skip", "LlamaForCausalLM", "--report", report, "-c", code, checkpoints[0])
    assert skipped.stdout == done.stdout
    assert all(model["calls"]["generate"] == 0 for model in json.loads(report.read_text())["models"])


def test_weights_are_never_opened_by_the_script(checkpoints: tuple[Path, Path], aweigh_run: Run) -> None:
    """Seen from outside of our own counting: an audit hook hears every open, the maps of the process every mapping."""
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import torch
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=3)
print([name for name in opened if "safetensors" in name and sys.argv[1] in name])
print("model.safetensors" in open("/proc/self/maps").read())
"""
    done = aweigh_run("-c", code, checkpoints[0])
    lines = done.stdout.splitlines()
    assert lines[0] == "[]", done.stdout + done.stderr
    assert lines[1] == "False"
