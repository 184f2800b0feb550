"""`aweigh run --explain` against a real engine: what it says of each call is what happened."""

import re
from pathlib import Path

from tests.integration.families import make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "explained.py")
NAME = "aweigh: LlamaForCausalLM: "
NUMBER = r"(\d+\.\d)"


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
