"""`aweigh run --explain` against a real engine: what it says of each call is what happened."""

import dataclasses
import re
from pathlib import Path

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "explained.py")
NAME = "aweigh: LlamaForCausalLM: "
NUMBER = r"(\d+\.\d)"


@pytest.mark.slow
def test_every_kind_of_call_is_explained(house: House, checkpoints: Path) -> None:
    path = str(make("llama", checkpoints))
    answer = house.offloaded(SCRIPT, path, options=("--explain",))
    assert answer.returncode == 0, answer.stderr
    lines = [line.removeprefix(NAME) for line in answer.stderr.splitlines() if line.startswith(NAME)]
    assert [line.partition(":")[0] for line in lines] == [
        "generate x 2, each",
        "step x 4, each (custom Ban)",
        "step x 3, each (beam search)",
        "step (the script calls the model itself)",
        "local (attentions are asked for)",
    ]
    for line in lines[:-1]:
        times = re.search(rf"stub {NUMBER} ms, wire {NUMBER} ms, queue {NUMBER} ms, engine {NUMBER} ms$", line)
        assert times, line
        assert float(times[4]) > 0, line
        crossed = re.search(r"(\d+) ops there, 0 here; ([\d.]+) k?B out, ([\d.]+) k?B in", line)
        assert crossed, line
        assert all(float(number) > 0 for number in crossed.groups()), line
    assert re.fullmatch(rf"local \(attentions are asked for\): all here; {NUMBER} ms", lines[-1])
    assert "aweigh: LlamaForCausalLM: generate" not in house.offloaded(SCRIPT, path, options=()).stderr


def test_stats_say_what_every_model_compiled_to(house: House, checkpoints: Path) -> None:
    path = str(make("llama", checkpoints))
    answer = house.offloaded(SCRIPT, path, options=("--stats",))
    assert answer.returncode == 0, answer.stderr
    table = answer.stderr.partition(f"aweigh: LlamaForCausalLM {path} compiled to\n")[2]
    assert re.search(r"^  operations imported    \d{3}$", table, re.MULTILINE), answer.stderr
    assert re.search(r"^  loop                   \d+ iterations of \d+ ops, \d+ launches each$", table, re.MULTILINE)
    assert re.search(
        r"^  activations            body: .*\* T bytes at once, .*\* T without reuse$", table, re.MULTILINE
    )


@pytest.mark.slow
def test_stats_of_a_module_that_a_script_wrote(house: House, tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text(
        "import torch\n"
        "torch.manual_seed(0)\n"
        "network = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.GELU(), torch.nn.Linear(16, 8)).eval()\n"
        "with torch.no_grad():\n"
        "    print(network(torch.ones(4, 8)).sum().item())\n"
    )
    environment = {**house.environment, "AWEIGH_ROUND_TRIP": "0"}
    here = dataclasses.replace(house, environment=environment)
    answer = here.offloaded(str(script), options=("--stats",))
    assert answer.returncode == 0, answer.stderr
    table = answer.stderr.partition("aweigh: Sequential compiled to\n")[2]
    assert "  operations imported    3\n" in table, answer.stderr
    assert "  ops executed per step  3, 100 % of them raised, 3 launches\n" in table
    assert "  activations            main: 512 bytes at once, 640 without reuse\n" in table
