"""``make lock``: resolve pyproject.toml into ``locks/SET.txt``, every file with its hash.

The sets: ``cpu`` is what ``make demo`` installs, ``dev`` what ``make test`` and ``make check`` do, ``tools`` what reads the
locks. What stands in .venv is kept (a constraint) unless ``--upgrade`` is given, so that a lock repeats what was tested.
A lock is universal: one file for all platforms and Python versions, except torch, whose CPU wheel has a local version
and is hashed for the platforms that the index (or the folder in ``PIP_FIND_LINKS``) had when the lock was made.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EXTRAS = {"cpu": ["cpu", "serve"], "dev": ["cpu", "dev"], "tools": []}
OWN = {"cpu": ["hatchling"], "dev": [], "tools": ["pip-audit", "uv"]}


def main(name: str, *flags: str) -> int:
    """Write ``locks/NAME.txt``; uv's exit status. ``flags`` go to ``uv pip compile``."""
    sources = [] if name == "tools" else ["pyproject.toml", *(f"--extra={extra}" for extra in EXTRAS[name])]
    command = [
        str(ROOT / ".cache/tools/bin/uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes",
        "--python-version=3.11", "--no-annotate", f"--custom-compile-command=make lock  # {name}",
        f"--output-file=locks/{name}.txt", *sources, "-", *flags,
    ]  # fmt: skip
    if wheels := os.environ.get("PIP_FIND_LINKS"):
        command.append(f"--find-links={wheels}")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        if "--upgrade" not in flags and name != "tools":
            pins.write(_installed())
            pins.flush()
            command.append(f"--constraint={pins.name}")
        return subprocess.run(command, check=False, cwd=ROOT, input="\n".join(OWN[name]), text=True).returncode


def _installed() -> str:
    freeze = [str(ROOT / ".venv/bin/python"), "-m", "pip", "freeze", "--exclude-editable", "--exclude", "aweigh"]
    return subprocess.run(freeze, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
