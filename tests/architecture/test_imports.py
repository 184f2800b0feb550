"""What imports what: the contracts hold, a planted breach is caught, and the public face loads nothing heavy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house.tree import ROOMS, ROOT

HEAVY = ("torch", "transformers", "grpc", "google.protobuf", "numpy", "rich", "pydantic", "typer")
LINTER = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after ``statement``, beyond those of an empty program."""
    program = f"import sys; before = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd="/")
    return set(ran.stdout.split())


def heavy(modules: set[str]) -> set[str]:
    return {name for name in modules for top in HEAVY if name == top or name.startswith(f"{top}.")}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and of the rules over them, for planting faults."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "src", tmp_path / "src", symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    return subprocess.run(LINTER, cwd=root, env=environment, check=False, capture_output=True, text=True)


def test_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("proto", "import aweigh.engine"),
        ("kernels", "from aweigh.proto import errors"),
        ("memory", "from aweigh.kernels import mlir"),
        ("engine", "import aweigh.serverless"),
        ("serverless", "import aweigh.engine"),
        ("compiler", "import aweigh.kernels"),
        ("compiler", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import aweigh.memory"),
    ],
)
def test_planted_upward_import_is_caught(house: Path, room: str, planted: str) -> None:
    (house / room / "planted.py").write_text(planted + "\n", encoding="utf-8")
    result = lint(house)
    assert result.returncode != 0
    assert f"aweigh.{room}.planted" in result.stdout


@pytest.mark.parametrize("indent", ["", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "])
def test_planted_cycle_is_caught(house: Path, indent: str) -> None:
    (house / "engine/planted.py").write_text("import aweigh.engine.other\n", encoding="utf-8")
    (house / "engine/other.py").write_text(f"{indent}import aweigh.engine.planted\n", encoding="utf-8")
    result = lint(house)
    assert result.returncode != 0
    assert "no cycles inside a room BROKEN" in result.stdout


def test_the_compiler_may_use_the_door_to_mlir(house: Path) -> None:
    (house / "compiler/planted.py").write_text("from aweigh.kernels import mlir\n", encoding="utf-8")
    result = lint(house)
    assert result.returncode == 0, result.stdout


def test_import_aweigh_loads_nothing_heavy() -> None:
    loaded = loaded_by("import aweigh; aweigh.__version__; dir(aweigh)")
    assert not heavy(loaded)
    assert {name for name in loaded if name.startswith("aweigh")} == {"aweigh"}


def test_engine_lost_costs_neither_torch_nor_the_wire() -> None:
    assert not heavy(loaded_by("import aweigh; aweigh.EngineLost"))


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    import aweigh

    with pytest.raises(AttributeError, match="nothing"):
        _ = aweigh.nothing
    assert {"local", "EngineLost", "__version__"} <= set(dir(aweigh))
