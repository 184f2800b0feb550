"""Models that are larger than the engine's arena, from files and from pages, as users start them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.integration.families import SMALL
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"
ARENA, KV = 64 << 20, 8 << 20


@pytest.fixture(scope="module")
def paged_house(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("paged")
    environment = {
        **house.environment,
        "AWEIGH_RUNTIME": str(directory / "run"),
        "AWEIGH_HOME": str(directory / "home"),
        "AWEIGH_WORKERS__ARENA_BYTES": str(ARENA),
        "AWEIGH_WORKERS__KV_BYTES": str(KV),
    }
    command = [sys.executable, "-m", "aweigh.serverless", "--private"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        yield House(address, environment, directory)
        process.terminate()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A model of 75 MB, and one with experts."""
    from transformers import AutoConfig, AutoModelForCausalLM

    made: list[Path] = []
    sizes = {**SMALL, "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 6}
    experts = {**SMALL, "hidden_size": 256, "num_local_experts": 6, "intermediate_size": 768, "num_hidden_layers": 6}
    for kind, values in (("llama", sizes), ("mixtral", experts)):
        torch.manual_seed(len(made))
        directory = tmp_path_factory.mktemp(kind)
        config = AutoConfig.for_model(kind, **values, initializer_range=0.1)
        AutoModelForCausalLM.from_config(config, dtype=torch.float32).save_pretrained(directory)
        made.append(directory)
    return made


def answers(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def same(found: Any, expected: Any) -> bool:
    exact = [{key: value for key, value in answer.items() if key != "logits"} for answer in found.values()]
    wanted = [{key: value for key, value in answer.items() if key != "logits"} for answer in expected.values()]
    near = all(
        torch.allclose(torch.tensor(found[name]["logits"]), torch.tensor(expected[name]["logits"]), atol=1e-4)
        for name in expected
    )
    return exact == wanted and near


@pytest.mark.slow
def test_models_that_do_not_fit_answer_the_same_from_files_and_from_pages(
    paged_house: House, models: list[Path]
) -> None:
    script, names = str(SCRIPTS / "family.py"), [str(path) for path in models]
    assert sum((path / "model.safetensors").stat().st_size for path in models) > 2 * ARENA
    expected = answers(paged_house.plain(script, *names))
    assert same(answers(paged_house.offloaded(script, *names)), expected)
    for name in names:
        command = [sys.executable, "-m", "aweigh.serverless.cli", "publish", name, "--order", "names"]
        subprocess.run(command, env=paged_house.environment, check=True, capture_output=True, timeout=120)
    assert same(answers(paged_house.offloaded(script, *names)), expected)
    stats = paged_house.status().workers[0].stats
    assert stats.running == 0 and stats.waiting == 0
    assert stats.arena.frames == ARENA >> 21 and stats.arena.fetched_bytes > 2 * ARENA
    command = [sys.executable, "-m", "aweigh.serverless.cli", "memory", "--engine", paged_house.address]
    said = subprocess.run(command, capture_output=True, text=True, env=paged_house.environment, check=True, timeout=60)
    assert "worker-0" in said.stdout and "LayerOrder" in said.stdout
