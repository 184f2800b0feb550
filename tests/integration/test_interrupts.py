"""Ctrl-C in a script: what it waited for is cancelled, the model goes on as if nothing had been, and the end comes."""

import re
from pathlib import Path

from tests.integration.families import make
from tests.integration.house import House
from tests.integration.test_faults import free_blocks, read_until, start, within

POINTS = 48
ENOUGH = 36


def test_a_script_that_catches_interrupts_goes_on_with_the_same_model(house: House, checkpoints: Path) -> None:
    process = start(house, "interrupted.py", str(make("llama", checkpoints)), str(POINTS))
    read_until(process, "caught")
    assert within(1.0, lambda: house.status().workers[0].stats.running == 0), house.status().workers[0].stats
    output, errors = process.communicate("\n", timeout=120)
    assert process.returncode == 0, errors
    streams, steps = (int(re.findall(rf"^{word} (\d+)$", output, re.MULTILINE)[0]) for word in ("streams", "steps"))
    assert streams >= ENOUGH
    assert steps >= ENOUGH
    assert within(1.0, lambda: free_blocks(house)), house.status().workers[0].stats
