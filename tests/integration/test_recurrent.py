"""Models that keep more than keys and values, where that must be forked, taken further and given back: the script's own loops, on the engine."""

import json
from pathlib import Path

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"
FAMILIES = ("qwen3_next", "mamba", "falcon_h1")


@pytest.mark.slow
def test_loops_of_a_script_over_recurrent_state(house: House, checkpoints: Path) -> None:
    compare(house, [str(make(family, checkpoints)) for family in FAMILIES])


@pytest.mark.parametrize(
    ("family", "remote"),
    [("rwkv", "(3 generate, 1 step"), ("xlstm", "(4 generate, 1 step")],
)
@pytest.mark.slow
def test_models_with_a_state_of_their_own_kind(family: str, remote: str, house: House, checkpoints: Path) -> None:
    """`generate` runs on the engine. A pass that hands on such a state, pads that get into it, and rows that it mixes (RWKV's)
    are for the model's own code."""
    ours = compare(house, [str(make(family, checkpoints))], options=(), script="own_state.py")
    assert remote in ours


@pytest.mark.slow
def test_loops_of_a_script_over_chosen_keys(house: House, checkpoints: Path) -> None:
    compare(house, [str(make("glm_moe_dsa", checkpoints))])


@pytest.mark.slow
def test_a_model_that_keeps_its_state_in_itself_runs_its_own_loops(house: House, checkpoints: Path) -> None:
    compare(house, [str(make("recurrent_gemma", checkpoints))], options=())


def compare(
    house: House, paths: list[str], options: tuple[str, ...] = ("--strict",), script: str = "family_steps.py"
) -> str:
    """Runs a script plain and offloaded; the answers are equal. Returns what ours said on its way."""
    script = str(SCRIPTS / script)
    plain, ours = house.plain(script, *paths), house.offloaded(script, *paths, options=options)
    assert plain.returncode == 0, plain.stderr
    assert ours.returncode == 0, ours.stderr[-4000:]
    expected, actual = json.loads(plain.stdout), json.loads(ours.stdout)
    for path in paths:
        assert expected[path].pop("hidden") == pytest.approx(actual[path].pop("hidden"), abs=1e-4)
    assert actual == expected
    said: str = ours.stderr
    return said
