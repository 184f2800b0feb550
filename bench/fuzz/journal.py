"""What has been judged so far, in a file, one JSON line a case: a run that was stopped goes on where it was.

The file is named after a digest of the sources, ours and the fuzzer's: a verdict on other code is none on this.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import aweigh
from bench.fuzz.verdict import Verdict


class Journal:
    """The verdicts on cases of `seed` with the sources as they are."""

    def __init__(self, folder: Path, seed: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{seed}-{sources()}.jsonl"

    def read(self) -> dict[int, Verdict]:
        """What is known, by number. A last line that was cut off is as good as none."""
        if not self._path.exists():
            return {}
        whole = [line for line in self._path.read_text().splitlines(keepends=True) if line.endswith("\n")]
        known = [_verdict(line) for line in whole]
        self._path.write_text("".join(whole))
        return {verdict.number: verdict for verdict in known}

    def write(self, verdict: Verdict) -> None:
        """Add a verdict."""
        with self._path.open("a") as file:
            file.write(json.dumps(asdict(verdict)) + "\n")

    def forget(self) -> None:
        """Begin anew."""
        self._path.unlink(missing_ok=True)


def sources() -> str:
    """A digest of all Python files of the product and of the fuzzer."""
    here, (package,) = Path(__file__).parents[1], map(Path, aweigh.__path__)
    roots = [*sorted(package.iterdir()), here]
    digest = hashlib.blake2b(digest_size=8)
    for root in roots:
        for path in sorted(root.resolve().rglob("*.py")):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _verdict(line: str) -> Verdict:
    parts = json.loads(line)
    lists = {name: tuple(value) for name, value in parts.items() if isinstance(value, list)}
    return Verdict(**{**parts, **lists})
