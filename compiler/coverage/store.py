"""Results of coverage on disk, one entry per type, so that a rerun does only what changed."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch
import transformers

from aweigh.compiler.coverage.verdict import Verdict

_ROOMS = ("compiler", "engine", "kernels", "memory", "proto")


def sources_key(root: Path) -> str:
    """Returns a digest of the sources and versions that a verdict depends on; `root` holds the rooms."""
    digest = hashlib.blake2b(f"{torch.__version__} {transformers.__version__}".encode(), digest_size=8)
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if "offload" not in path.parts and path.name not in ("report.py", "command.py", "store.py", "meter.py"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def read(path: Path) -> dict[str, Verdict]:
    """Returns what is stored; nothing if there is no file."""
    if not path.is_file():
        return {}
    return {name: Verdict(**entry) for name, entry in json.loads(path.read_text()).items()}


def write(path: Path, verdicts: Mapping[str, Verdict]) -> None:
    """Replaces the file, in order of names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    entries = {name: verdicts[name].to_json() for name in sorted(verdicts)}
    temporary.write_text(json.dumps(entries, indent=1) + "\n")
    os.replace(temporary, path)
