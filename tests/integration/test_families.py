"""The oracle test: what transformers answers in float32 is what the engine answers, family by family.

Greedy tokens, left-padded batches and seeded samples are equal, the generator draws the same number afterwards, and logits agree
within 1e-4. A first divergence would be excused only where transformers' own two best logits are closer than 1e-5.
"""

import json
from pathlib import Path

import pytest
import torch
from tests.integration.families import FAMILIES, make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "family.py")
PADS_HERE = ("recurrent_gemma", "rwkv", "xlstm")
"""Whose padding gets into a state in transformers: such a batch is computed here."""


QUICK = (
    "llama",
    "gemma3_text",
    "gpt2",
    "opt",
    "mixtral",
    "gpt_oss",
    "qwen3_next",
    "glm_moe_dsa",
    "minimax",
    "mamba",
    "rwkv",
)
"""One of each kind of attention, position, expert and state; the others are slow."""
Answers = tuple[dict[str, dict[str, object]], dict[str, dict[str, object]]]


@pytest.fixture(scope="module")
def quick(house: House, checkpoints: Path) -> Answers:
    return answers_of(house, checkpoints, [family for family in FAMILIES if family in QUICK])


@pytest.fixture(scope="module")
def others(house: House, checkpoints: Path) -> Answers:
    return answers_of(house, checkpoints, [family for family in FAMILIES if family not in QUICK])


def answers_of(house: House, checkpoints: Path, families: list[str]) -> Answers:
    """Of plain transformers, and of an engine."""
    paths = {family: str(make(family, checkpoints)) for family in families}
    plain = house.plain(SCRIPT, *paths.values())
    ours = house.offloaded(SCRIPT, *(path for family, path in paths.items() if family not in PADS_HERE))
    partly = house.offloaded(SCRIPT, *(paths[family] for family in PADS_HERE if family in paths), options=())
    for done in (plain, ours, partly):
        assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(plain.stdout), json.loads(ours.stdout) | json.loads(partly.stdout)


@pytest.mark.parametrize(
    "family", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FAMILIES]
)
def test_same_answers(family: str, checkpoints: Path, request: pytest.FixtureRequest) -> None:
    answers = request.getfixturevalue("quick" if family in QUICK else "others")
    expected, actual = (side[str(checkpoints / family)] for side in answers)
    assert actual["greedy"] == expected["greedy"]
    assert actual["padded"] == expected["padded"]
    assert actual["sampled"] == expected["sampled"]
    assert actual["draw"] == expected["draw"]
    torch.testing.assert_close(torch.tensor(actual["logits"]), torch.tensor(expected["logits"]), atol=1e-4, rtol=0)
