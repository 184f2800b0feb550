"""Models that keep more than keys and values, where that must be forked, taken further and given back: the script's own loops, on the engine."""

import json
from pathlib import Path

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "family_steps.py")
FAMILIES = ("qwen3_next", "mamba", "falcon_h1")


def test_loops_of_a_script_over_recurrent_state(house: House, checkpoints: Path) -> None:
    compare(house, [str(make(family, checkpoints)) for family in FAMILIES])


def test_loops_of_a_script_over_chosen_keys(house: House, checkpoints: Path) -> None:
    compare(house, [str(make("glm_moe_dsa", checkpoints))])


def test_a_model_that_keeps_its_state_in_itself_runs_its_own_loops(house: House, checkpoints: Path) -> None:
    compare(house, [str(make("recurrent_gemma", checkpoints))], options=())


def compare(house: House, paths: list[str], options: tuple[str, ...] = ("--strict",)) -> None:
    plain, ours = house.plain(SCRIPT, *paths), house.offloaded(SCRIPT, *paths, options=options)
    assert plain.returncode == 0, plain.stderr
    assert ours.returncode == 0, ours.stderr[-4000:]
    expected, actual = json.loads(plain.stdout), json.loads(ours.stdout)
    for path in paths:
        assert expected[path].pop("hidden") == pytest.approx(actual[path].pop("hidden"), abs=1e-4)
    assert actual == expected
