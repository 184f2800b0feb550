"""Models that are no causal language models: ordinary scripts print the same with and without us, and the calls really go to the engine.

Compiler, front door and worker are the real ones. Numbers are compared to four digits after the point; everything else as text.
"""

import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from tests.offload.conftest import HERE, environment, path, sections

SCRIPTS = sorted((HERE / "scripts" / "encoders").glob("*.py"))
_NEEDS = {"shape09_sentences.py": "sentence_transformers"}
_LACKING = {script: package for script, package in _NEEDS.items() if importlib.util.find_spec(package) is None}
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-?\d+")


@dataclass(frozen=True)
class Played:
    """What the scripts printed, by name, with and without us; what was said beside; and the report."""

    plain: dict[str, str]
    offloaded: dict[str, str]
    said: str
    report: Any


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    base = tmp_path_factory.mktemp("encoders")
    models, report = base / "models", base / "report.json"
    _run(HERE / "encoder_checkpoints.py", models)
    scripts = [script for script in SCRIPTS if script.name not in _LACKING]
    arguments = (HERE / "driver.py", models, "none", *scripts)
    plain = _run(*arguments)
    runtime = {"AWEIGH_RUNTIME": str(base / "runtime"), "AWEIGH_CACHE": str(base / "cache"), "AWEIGH_ROUND_TRIP": "0"}
    done = _run("-m", "aweigh.compiler.offload", "--report", report, *arguments, **runtime)
    return Played(sections(plain.stdout), sections(done.stdout), done.stderr, json.loads(report.read_text()))


def _run(*arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *map(str, arguments)]
    env = environment(PYTHONPATH=path(HERE), **variables)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=580, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def unlike(one: str, other: str) -> list[tuple[str, str]]:
    """The lines that differ, but for noise in their numbers."""
    lines, others = one.splitlines(), other.splitlines()
    if len(lines) != len(others):
        return [(f"{len(lines)} lines", f"{len(others)} lines: {others[-1:]}")]
    return [pair for pair in zip(lines, others, strict=True) if not _alike(*pair)]


def _alike(one: str, other: str) -> bool:
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= 1e-4 + 1e-4 * abs(float(a)) for a, b in pairs)


@pytest.mark.slow
@pytest.mark.parametrize("script", [script.name for script in SCRIPTS])
def test_a_script_prints_the_same(script: str, played: Played) -> None:
    if script in _LACKING:
        pytest.skip(f"{_LACKING[script]} is not installed")
    assert "Traceback" not in played.plain[script].replace("Traceback (most recent call last):\nIndexError", "")
    assert unlike(played.plain[script], played.offloaded[script]) == [], played.said[-3000:]


@pytest.mark.slow
def test_what_can_go_to_the_engine_does(played: Played) -> None:
    """Every model answers there at least once, but for those that a line of their own says stay here."""
    kept = {name: reasons for name, calls, reasons in _models(played.report) if sum(calls.values()) == calls["local"]}
    allowed = re.compile(
        r"index 5000 is outside|the model is in training mode"
        r"|BartForSequenceClassification .* size that depends on data"
    )
    unexplained = {name: reasons for name, reasons in kept.items() if not all(map(allowed.search, reasons))}
    assert not unexplained
    assert sum(calls["module"] for _, calls, _ in _models(played.report)) >= 50


@pytest.mark.slow
def test_models_with_an_encoder_generate_on_the_engine(played: Played) -> None:
    """A call that runs here, its beams say, does not keep the calls after it here."""
    counts: Counter[str] = Counter()
    for name, calls, _ in _models(played.report):
        counts[name.rpartition("/")[2]] += calls["generate"]
    assert counts["t5_writer"] == counts["bart_writer"] == 10
    assert counts["whisper_writer"] >= 6


def _models(report: Any) -> list[tuple[str, dict[str, int], list[str]]]:
    return [(model["name"], model["calls"], list(model["local_reasons"])) for model in report["models"]]
