"""Every test file is collected by some run: a test that nothing collects cannot fail.

pytest is asked twice what it would run: with its defaults (what ``make test`` and CI run) and without the marker filter
(what ``pytest -m slow``, ``gpu`` and ``soak`` add). A file whose every test is deselected by default must carry a marker.
"""

import subprocess
import sys
from pathlib import Path

from house.tree import ROOT, files


def faults(root: Path = ROOT) -> list[str]:
    """One sentence per test file that no run collects, and per file that looks like a test but is not named so."""
    tests = {str(path.relative_to(root)) for path in files(".py", root) if path.is_relative_to(root / "tests")}
    named = {name for name in tests if Path(name).name.startswith("test_")}
    uncollected = named - collected(root)
    missed = sorted(name for name in tests - named if _holds_tests(root / name))
    return [f"{name} holds no test that any run collects." for name in sorted(uncollected)] + [
        f"{name} defines test functions, but pytest collects test_*.py only." for name in missed
    ]


def collected(root: Path) -> set[str]:
    """The files, relative to ``root``, of all tests that pytest knows with any marker. Raises RuntimeError if it cannot."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-m", "", "-p", "no:cacheprovider", "tests"]
    result = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"pytest could not collect the tests:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    lines = (line.rsplit(":", 1)[0] for line in result.stdout.splitlines() if ":" in line)
    return {line.split("::", 1)[0] for line in lines}


def _holds_tests(path: Path) -> bool:
    return any(
        line.startswith(("def test_", "async def test_")) for line in path.read_text(encoding="utf-8").splitlines()
    )


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
