"""Hybrid and recurrent models where states must be forked, taken further and given back: the script's own loops, on the engine."""

import json
from pathlib import Path

from tests.integration.families import make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "family_steps.py")
FAMILIES = ("qwen3_next", "mamba", "falcon_h1")


def test_loops_of_a_script_over_recurrent_state(house: House, checkpoints: Path) -> None:
    paths = [str(make(family, checkpoints)) for family in FAMILIES]
    plain, ours = house.plain(SCRIPT, *paths), house.offloaded(SCRIPT, *paths)
    assert plain.returncode == 0, plain.stderr
    assert ours.returncode == 0, ours.stderr[-4000:]
    assert json.loads(ours.stdout) == json.loads(plain.stdout)
