"""Generated code is committed beside its ``.proto``; this writes it (``--write``) or says what is stale.

protoc runs through the links (``-Isrc``): only so do the generated files import each other as ``aweigh.proto.v1...``.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from house.tree import ROOT


def generate(out: Path, root: Path = ROOT) -> list[str]:
    """Run protoc over all ``.proto`` files of ``root`` into ``out``; the names of what it wrote, relative to ``out``."""
    source = root / "src"
    protos = sorted(path.relative_to(source) for path in (source / "aweigh/proto/v1").glob("*.proto"))
    outputs = [f"--{kind}_out={out}" for kind in ("python", "grpc_python", "pyi")]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{source}", *outputs, *map(str, protos)]
    subprocess.run(command, check=True, cwd=root)
    return sorted(str(path.relative_to(out)) for path in out.rglob("*.py*"))


def faults(root: Path = ROOT) -> list[str]:
    """One sentence per generated file that is stale, missing, or left from a ``.proto`` that is gone."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        names = generate(fresh, root)
        stale = [name for name in names if not _same(fresh / name, root / "src" / name)]
    present = {str(p.relative_to(root / "src")) for p in (root / "src/aweigh/proto/v1").glob("*_pb2*.py*")}
    left = sorted(present - set(names))
    return [f"{name} is stale: run `make proto`." for name in stale] + [f"{name} has no .proto." for name in left]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        generate(ROOT / "src")
        sys.exit()
    sys.exit("\n".join(faults()) or None)
