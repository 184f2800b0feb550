"""Calls that are rarely made have the answers of plain transformers, and what transformers draws while it loads is drawn.

Families: positions by the mask (opt), by columns, windows that count columns (gemma3_text), recurrences whose first values are drawn.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "odd_calls.py")
FAMILIES = ("llama", "opt", "gemma3_text", "qwen3_next")


@pytest.fixture(scope="module")
def answers(house: House, checkpoints: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    paths = [str(make(family, checkpoints)) for family in FAMILIES]
    plain, ours = house.plain(SCRIPT, *paths), house.offloaded(SCRIPT, *paths, options=("--quiet",))
    assert plain.returncode == 0, plain.stderr
    assert ours.returncode == 0, ours.stderr[-4000:]
    return json.loads(plain.stdout), json.loads(ours.stdout)


@pytest.mark.parametrize("family", FAMILIES)
def test_same_answers(family: str, answers: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, actual = (side[family] for side in answers)
    assert expected.pop("float ids") == "RuntimeError"
    assert actual.pop("float ids") == "InvalidRequest"  # a sentence that says what to do, instead of torch's
    assert list(actual) == list(expected)
    for name, value in expected.items():
        wanted = pytest.approx(value, abs=1e-4) if isinstance(value, list) else value
        assert actual[name] == wanted, name


@pytest.mark.slow
def test_only_what_must_runs_here(house: House, checkpoints: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    path = str(make("gemma3_text", checkpoints))
    assert house.offloaded(SCRIPT, path, options=("--report", str(report), "--quiet")).returncode == 0
    (model,) = json.loads(report.read_text())["models"]
    assert set(model["local_reasons"]) == {
        "padding between the tokens of a row",
        "a DynamicCache that holds keys and values of its own or that the engine does not know",
        "attentions are asked for",
        "no two-dimensional input_ids",
        "an attention mask of another length than cache and input",
        "logits of a masked position",
    }
    assert model["calls"]["step"] >= 4
