"""The type checker looks where we believe it looks: a planted error in each room is reported, and sources pass."""

import shutil
import subprocess
import sys
from pathlib import Path

from house.tree import ROOMS, ROOT

PLANTED = "def planted(count: int) -> str:\n    return count\n"


def mypy(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(root / ".mypy_canary"), *arguments]
    return subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)


def test_planted_type_errors_are_reported(tmp_path: Path) -> None:
    """One in each room and one among the public names, found by the very configuration that `make check` uses."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src/aweigh").mkdir(parents=True)
    (tmp_path / "src/aweigh/__init__.py").write_text(PLANTED, encoding="utf-8")
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
        (tmp_path / room / "planted.py").write_text(PLANTED, encoding="utf-8")
        (tmp_path / "src/aweigh" / room).symlink_to(f"../../{room}")
    report = mypy(tmp_path).stdout
    for where in ("src/aweigh/__init__.py", *(f"src/aweigh/{room}/planted.py" for room in ROOMS)):
        assert f'{where}:2: error: Incompatible return value type (got "int", expected "str")' in report


def test_planted_type_error_in_a_test_is_reported(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests/engine").mkdir(parents=True)
    (tmp_path / "tests/engine/test_planted.py").write_text("def test_planted(x):\n    pass\n", encoding="utf-8")
    report = mypy(tmp_path, "tests").stdout
    assert "tests/engine/test_planted.py:1: error: Function is missing a type annotation" in report
