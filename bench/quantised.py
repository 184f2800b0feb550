"""Models of `make_model.py` with weights of few bits, published once into a home of their own, head included."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

from bench.make_model import made, models_root


def quantised(model: str, kind: str) -> tuple[Path, Path, int]:
    """The home, the directory that scripts find there, and the bytes that a token reads: all but the embedding."""
    home = models_root() / "home"
    name = f"{model}-{kind}"
    directory = home / "store" / "models" / name
    if not directory.exists():
        command = [sys.executable, "-m", "aweigh.serverless.cli", "publish", str(made(model)), "--as", name]
        environment = {**os.environ, "AWEIGH_HOME": str(home)}
        subprocess.run([*command, "--quantize", kind, "--quantize-head"], env=environment, check=True)
    with (directory / "model.safetensors").open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        tensors = json.loads(file.read(length))
    ends = {name: entry["data_offsets"] for name, entry in tensors.items() if name != "__metadata__"}
    return home, directory, sum(end - begin for name, (begin, end) in ends.items() if "embed_tokens" not in name)
