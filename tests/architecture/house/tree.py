"""What files the house is made of: the ones that git tracks or would track, generated code apart."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("compiler", "engine", "memory", "serverless", "proto", "kernels")
PUBLIC = ("src/aweigh/__init__.py", "src/aweigh/auto.py", "src/aweigh/py.typed")


def files(suffix: str, root: Path = ROOT) -> list[Path]:
    """Absolute paths of the files under ``root`` that end in ``suffix``, sorted: tracked ones and new ones alike.

    Ignored files, links and files deleted but not yet committed are left out. ``root`` must be inside a git checkout.
    """
    listing = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", f"*{suffix}"]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = {root / name for name in names if name}
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def sources(root: Path = ROOT) -> list[Path]:
    """The Python files of the rooms and of the public names, without generated code."""
    return [path for path in files(".py", root) if _is_source(path.relative_to(root)) and not is_generated(path)]


def is_generated(path: Path) -> bool:
    """Whether ``path`` was written by protoc."""
    return path.stem.endswith(("_pb2", "_pb2_grpc"))


def _is_source(relative: Path) -> bool:
    return relative.parts[0] in ROOMS or relative.parts[:2] == ("src", "aweigh")
