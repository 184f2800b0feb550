"""The example scripts are ordinary ones, and each runs as it stands under plain Python."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = ("complete.py", "complete_many.py", "sample.py", "token_loop.py")


def printed(script: str, *arguments: str) -> str:
    """What `python script arguments` prints, with one compute thread."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_no_example_knows_of_us(path: Path) -> None:
    assert "aweigh" not in path.read_text().lower()


def test_every_script_is_listed() -> None:
    makers = {"corpus.py", "model_card.py", "train_model.py"}
    assert {path.name for path in EXAMPLES.glob("*.py")} == makers | set(SCRIPTS)


def test_complete_prints_the_prompt_and_a_function_that_parses() -> None:
    text = printed("complete.py")
    assert text.startswith("def send(self, data):\n")
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) >= 2, "a function says more than one thing"


def test_complete_takes_a_prompt_from_the_command_line() -> None:
    text = printed("complete.py", "def remove(self, key):")
    assert text.startswith("def remove(self, key):\n")
    ast.parse(text)


@pytest.mark.slow
def test_sample_draws_by_the_seed() -> None:
    zero, one = printed("sample.py"), printed("sample.py", "1")
    assert zero != one
    assert zero.count("# continuation") == 3


def test_token_loop_prints_each_token_and_the_whole() -> None:
    steps, _, body = printed("token_loop.py").partition("def __eq__(self, other):")
    taken = [ast.literal_eval(line.split(maxsplit=1)[1]) for line in steps.splitlines()]
    assert len(taken) > 3
    assert "".join(taken) == body.removesuffix("\n")


@pytest.mark.slow
def test_complete_many_answers_each_prompt() -> None:
    assert printed("complete_many.py").count("def ") >= 3
