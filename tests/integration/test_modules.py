"""The `module` rung, whole: modules that scripts wrote, through the compiler, the front door and a worker, print what they print without us.

A section of a script is a group of cases; numbers are compared to four digits after the point, everything else as text. That calls really
left, and which may not have, is read from the report.
"""

import dataclasses
import json
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.integration.house import House

SCRIPTS = Path(__file__).parent / "scripts"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-?\d+")
SECTIONS = {
    "module_networks.py": ("images", "checkpoints", "tastes", "breaks", "denoising"),
    "module_layers.py": ("recurrent", "packed", "attention", "encoders", "transformer"),
    "module_values.py": ("nan", "kinds", "memory", "empty"),
    "module_graphs.py": ("unsupported", "flow", "sizes", "outputs"),
    "module_changes.py": ("mutation", "changes", "hooks", "errors"),
}
# Of the calls of a script, at least so many must leave, and these are the reasons of those that stay.
LEAVE = {
    "module_networks.py": (54, {"the model is in training mode"}),
    "module_layers.py": (
        35,
        {"nothing of it can be captured (Attempted to call function marked as skipped) at module_layers"},
    ),
    "module_values.py": (
        35,
        {
            "an input is a",
            "an input is empty",
            "aten.view_as_complex is not in",
            "aten.view_as_real is not in",
            "nothing of it can be captured (Attempted to call function marked as skipped) at typing_extensions",  # an observer's
        },
    ),
    "module_graphs.py": (50, {"aten._linalg_svd is not in", "aten._fft_r2c is not in", "aten.linalg_inv_ex is not in"}),
    "module_changes.py": (
        60,
        {
            "the model is in training mode",
            "writes to an input or a buffer at module_changes.py:",
            "writes to, or shares its memory with, an input or another output at module_changes.py:",
            "is outside a table of the model",
            "have one dtype at module_changes.py:",
            "a whole number is divided by zero",
        },
    ),
}


@dataclasses.dataclass(frozen=True)
class Played:
    """What a script printed in each section, plain and offloaded; what was said beside; the report's models; Programs compiled."""

    plain: dict[str, list[str]]
    ours: dict[str, list[str]]
    said: str
    models: list[dict[str, Any]]
    compiled: int


Play = Callable[..., Played]


@pytest.fixture(scope="module")
def play(house: House, tmp_path_factory: pytest.TempPathFactory) -> Play:
    base = tmp_path_factory.mktemp("modules")

    @cache
    def play(script: str, *sections: str, **variables: str) -> Played:
        report, compiled = base / f"{script}{''.join(sections)}.json", base / f"{script}{''.join(sections)}.cache"
        environment = {**house.environment, "AWEIGH_ROUND_TRIP": "0", "AWEIGH_CACHE": str(compiled), **variables}
        here = dataclasses.replace(house, environment=environment)
        arguments = (str(SCRIPTS / script), *sections)
        plain, ours = here.plain(*arguments), here.offloaded(*arguments, options=("--report", str(report)))
        for done in (plain, ours):
            assert done.returncode == 0, done.stderr[-4000:]
        models = json.loads(report.read_text())["models"]
        return Played(_sections(plain), _sections(ours), ours.stderr, models, len(list(compiled.glob("*.compiled"))))

    return play


def _sections(done: "subprocess.CompletedProcess[str]") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("=== "):
            found[line.removeprefix("=== ")] = []
        else:
            found.setdefault(next(reversed(found), ""), []).append(line)
    return found


def _alike(one: str, other: str) -> bool:
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=False)
    return _NUMBER.sub("#", one) == _NUMBER.sub("#", other) and all(
        abs(float(a) - float(b)) <= 1e-4 + 1e-4 * abs(float(a)) for a, b in pairs
    )


def _left(played: Played) -> int:
    return sum(model["calls"]["module"] for model in played.models)


@pytest.mark.slow
@pytest.mark.parametrize(("script", "section"), [(script, one) for script, many in SECTIONS.items() for one in many])
def test_a_section_prints_the_same(script: str, section: str, play: Play) -> None:
    played = play(script)
    plain, ours = played.plain[section], played.ours.get(section, [])
    assert len(plain) == len(ours), played.said[-3000:]
    assert [pair for pair in zip(plain, ours, strict=True) if not _alike(*pair)] == []


@pytest.mark.slow
@pytest.mark.parametrize("script", list(LEAVE))
def test_what_can_leave_does_and_the_rest_says_why(script: str, play: Play) -> None:
    played = play(script)
    least, reasons = LEAVE[script]
    assert _left(played) >= least
    told = {reason for model in played.models for reason in model["local_reasons"]}
    assert [one for one in told if not any(reason in one for reason in reasons)] == []
    assert [reason for reason in reasons if not any(reason in one for one in told)] == []
    for line in played.said.splitlines():
        assert line.startswith("aweigh: "), played.said[-3000:]


@pytest.mark.slow
def test_a_loop_of_denoising_sends_its_inputs_alone_after_the_first_step(play: Play) -> None:
    played = play("module_networks.py", "denoising")
    assert all(_alike(*pair) for pair in zip(played.plain["denoising"], played.ours["denoising"], strict=True))
    (model,) = played.models
    assert model["calls"] == {"generate": 0, "step": 0, "module": 20, "local": 0}
    assert model["bytes_sent"] == 20 * (2 * 3 * 16 * 16 * 4 + 2 * 8)
    assert played.compiled == 1


@pytest.mark.slow
def test_sizes_of_batches_and_sequences_are_compiled_twice_at_most(play: Play) -> None:
    """Once for the first size, which may be all that there is, and once for any further one."""
    played = play("module_networks.py", "images")
    assert played.models[0]["calls"]["module"] == 5
    assert played.compiled == 2
    played = play("module_layers.py", "transformer")
    assert {model["name"]: model["calls"]["local"] for model in played.models} == {
        "Transformer": 0,
        "TransformerDecoder": 0,
    }
    assert played.compiled == 4  # two and one for the square mask of `Transformer`, one for the decoder


@pytest.mark.slow
def test_twelve_gigabytes_in_thirty_bytes_are_neither_sent_nor_written_out(play: Play) -> None:
    played = play("module_large.py")
    assert played.ours == played.plain
    assert played.ours[""][-1] == "True"
    assert "First runs here: a call has 12800000000 bytes of inputs, more than 1073741824" in played.said
    assert (
        "Table runs here: a weight of 12800000000 bytes repeats what is less in memory at module_large.py"
        in played.said
    )
    assert sum(model["bytes_sent"] for model in played.models) < 1000
    assert _left(played) == 4


@pytest.mark.slow
def test_a_large_checkpoint_is_not_mapped_by_the_script(house: House, tmp_path: Path) -> None:
    """A process grows as much by a model of 200 MiB as by one of a few kB, and by little more than a plain one that has the small one."""
    make = (
        "import sys, torch\n"
        "from transformers import BertConfig, BertModel\n"
        "sizes = dict(hidden_size=256, num_hidden_layers=1, num_attention_heads=4, intermediate_size=256)\n"
        "for path, tokens in ((sys.argv[1], 200_000), (sys.argv[2], 100)):\n"
        "    BertModel(BertConfig(vocab_size=tokens, **sizes)).save_pretrained(path)\n"
    )
    large, small = str(tmp_path / "large"), str(tmp_path / "small")
    assert house.plain("-c", make, large, small).returncode == 0
    assert (tmp_path / "large" / "model.safetensors").stat().st_size > 190 << 20
    script = str(SCRIPTS / "module_pretend.py")
    runs = [house.plain(script, small), house.offloaded(script, small), house.offloaded(script, large)]
    for done in runs:
        assert done.returncode == 0, done.stderr[-4000:]
    plain, ours, loaded = (re.findall(r"^(\d+) (True|False)$", done.stderr, re.MULTILINE)[0] for done in runs)
    assert all(_alike(*pair) for pair in zip(runs[0].stdout.splitlines(), runs[1].stdout.splitlines(), strict=True))
    assert "1/1 calls offloaded (1 module)" in runs[2].stderr
    assert loaded[1] == "False"
    assert int(loaded[0]) - int(ours[0]) < 30
    assert int(ours[0]) - int(plain[0]) < 100
