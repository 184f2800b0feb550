"""The second part of `docs/coverage.md`: modules of many kinds, one call of each, run plain and under `aweigh run` on one engine.

`python -m bench.modules --write` makes it; the kinds and their calls are those of `bench/scripts/kinds.py`.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from aweigh.compiler.coverage.report import MODULES
from bench.engine import Engine

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "bench" / "scripts" / "kinds.py"
PAGE = ROOT / "docs" / "coverage.md"
NEAR = 1e-4
_HEAD = """\
{title}

Modules of other kinds, tiny and with random float32 weights: classes of transformers loaded from a checkpoint, and modules that a script
wrote. One call of each in a script that runs plain and under `aweigh run` (where a call that costs less than a round trip leaves all the
same, `AWEIGH_ROUND_TRIP=0`). Made by

    python -m bench.modules --write

*remote*: all of the call ran on the engine. *difference*: the greatest of all outputs, relative to the greatest value of an output (at
least 1). *before*: operators that were captured; *after*: ops that run, *launches* of them are no views; *raised*: share of ops that a pass
gave a name. *activations*: bytes of values between inputs and outputs at once, as a share of what they would be if no two values shared
any, with 16 for every size that is open. `aweigh run --stats` says the same of any script.

**{same} of {all} kinds give the same**, {remote} of them remote.

| kind | module | remote | difference | before | after | launches | raised | activations | why not |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind. `difference`: None where another number of outputs, or of another shape, came. `programs`: as the report has them."""

    kind: str
    module: str
    remote: bool
    difference: float | None
    programs: Sequence[Mapping[str, Any]]
    reasons: Sequence[str]

    @property
    def same(self) -> bool:
        return self.difference is not None and self.difference <= NEAR

    def __str__(self) -> str:
        before, after, launches, raised = (
            sum(program[key] for program in self.programs) for key in ("imported", "executed", "launches", "raised")
        )
        memory = [entry["share"] for program in self.programs for entry in program["memory"]]
        cells = [
            self.kind,
            f"`{self.module}`",
            "yes" if self.remote else "no",
            "another shape" if self.difference is None else f"{self.difference:.1e}",
            *(["", "", "", "", ""] if not self.programs else [str(before), str(after), str(launches)]),
            *([f"{raised / max(after, 1):.0%}", f"{max(memory):.0%}"] if self.programs else []),
            "; ".join(self.reasons).replace("|", "/").replace("<", "&lt;"),
        ]
        return f"| {' | '.join(cells)} |"


def page(rows: Sequence[Row], before: str) -> str:
    """The page with its second part anew."""
    same = [row for row in rows if row.same]
    counts = {"same": len(same), "all": len(rows), "remote": sum(row.remote for row in same)}
    head = _HEAD.format(title=MODULES, **counts)
    return before.partition(f"\n{MODULES}\n")[0].rstrip("\n") + "\n\n" + head + "".join(f"{row}\n" for row in rows)


def difference(plain: Mapping[str, Any], ours: Mapping[str, Any]) -> float | None:
    """The greatest of outputs by name, infinite where only one side is no number; None where outputs or shapes are others."""
    if plain.keys() != ours.keys() or any(plain[name].shape != ours[name].shape for name in plain):
        return None
    if any((numpy.isfinite(plain[name]) != numpy.isfinite(ours[name])).any() for name in plain):
        return math.inf
    finite = ((numpy.nan_to_num(plain[name]), numpy.nan_to_num(ours[name])) for name in plain)
    return max((float(abs(one - other).max() / max(1.0, abs(one).max())) for one, other in finite), default=0.0)


def _rows(kinds: Mapping[str, str], plain: Path, ours: Path, report: Path) -> list[Row]:
    """`kinds`: the module's class by kind."""
    models = json.loads(report.read_text())["models"]
    found = []
    with numpy.load(plain) as theirs, numpy.load(ours) as made:
        for kind, module in kinds.items():
            outputs = [{name: one[name] for name in one if name.rpartition(" ")[0] == kind} for one in (theirs, made)]
            parts = [model for model in models if _is_of(model["name"], kind, module)]
            calls = [model["calls"] for model in parts]
            remote = any(call["module"] for call in calls) and not any(call["local"] for call in calls)
            programs = [program for model in parts for program in model["programs"]]
            reasons = [reason for model in parts for reason in model["local_reasons"]]
            found.append(Row(kind, module, remote, difference(*outputs), programs, reasons))
    return found


def _is_of(name: str, kind: str, module: str) -> bool:
    """Whether a model of the report is that of a kind: "Class" or "Class DIRECTORY"."""
    class_name, _, directory = name.partition(" ")
    return class_name == module and (not directory or Path(directory).name == kind)


def play(kinds: Sequence[str]) -> list[Row]:
    """Runs the script on both sides. Raises CalledProcessError where one fails."""
    with tempfile.TemporaryDirectory(prefix="aweigh-") as directory:
        base = Path(directory)
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AWEIGH")}
        environment = clean | {
            "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "AWEIGH_CACHE": f"{base}/cache", "AWEIGH_RUNTIME": f"{base}/run",
            "AWEIGH_ROUND_TRIP": "0", "TRANSFORMERS_VERBOSITY": "error",
        }  # fmt: skip
        os.environ.update(environment)

        def run(*arguments: str) -> None:
            subprocess.run([sys.executable, *arguments], check=True, env=environment, cwd=base)

        run(str(SCRIPT), "--make", str(base / "models"))
        code = "import json, kinds; print(json.dumps({k: kinds.LIBRARY[k][0] if k in kinds.LIBRARY else kinds.OWN[k].__name__ for k in kinds.KINDS}))"
        told = subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            env=environment,
            cwd=SCRIPT.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        named = {kind: module for kind, module in json.loads(told.stdout).items() if not kinds or kind in kinds}
        run(str(SCRIPT), str(base / "models"), str(base / "plain.npz"), *named)
        with Engine(1) as engine:
            environment |= engine.environment
            ours = ["-m", "aweigh.compiler.offload", "--report", str(base / "report.json"), str(SCRIPT)]
            run(*ours, str(base / "models"), str(base / "ours.npz"), *named)
        return _rows(named, base / "plain.npz", base / "ours.npz", base / "report.json")


def main() -> int:
    """Exit code 1 where a kind gave something else."""
    parser = argparse.ArgumentParser(prog="python -m bench.modules", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the second part of docs/coverage.md")
    parser.add_argument("--only", action="append", default=[], help="a kind; may be repeated; nothing is written then")
    chosen = parser.parse_args()
    rows = play(chosen.only)
    print("\n".join(map(str, rows)))
    if chosen.write and not chosen.only:
        PAGE.write_text(page(rows, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return int(not all(row.same for row in rows))


if __name__ == "__main__":
    sys.exit(main())
