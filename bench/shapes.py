"""`docs/scripts.md`: every script of tests/offload/scripts run plain and under `aweigh run`, one process each, on one engine.

`python -m bench.shapes --write` makes the page; with `--only NAME` it runs the scripts whose name holds NAME and leaves the others' rows as they
are (*not run* for a new script). Numbers with a point are compared to four digits after it, everything else as text. Calls are what the summary lines of all processes say.
"""

import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "offload"
SCRIPTS = TESTS / "scripts"
PAGE = ROOT / "docs" / "scripts.md"
RUNGS = ("generate", "step", "module", "local")
TIMEOUT = 600
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-?\d+")
_CALLS = re.compile(r"^aweigh: \d+ models?, \d+/\d+ calls offloaded \((.*?)\)", re.MULTILINE)
_REASON = re.compile(r"^aweigh: \S+ runs here: (.*)$", re.MULTILINE)
_LINES = 4  # of reasons per script
HEAD = """\
# Scripts

Ordinary scripts, each run by plain Python and by `aweigh run` on this machine, with tiny models and the real compiler and engine. Made by

    python -m bench.shapes --write

*same*: both printed the same and ended with the same exit code. The other columns count the script's calls by the rung that answered
them; what ran in the script's own process is said with its reasons, as the script's user reads them (the first {lines}).

**{same} of {all} scripts print the same**, {other} another, {missing} were not run yet.

| shape | script | same | generate | step | module | local | why local |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One script. `calls` by rung; `reasons` in the order in which they were said."""

    path: Path
    same: bool
    calls: Counter[str]
    reasons: list[str]

    def __str__(self) -> str:
        told = "; ".join(self.reasons[:_LINES]) + (
            f"; {len(self.reasons) - _LINES} more" * (len(self.reasons) > _LINES)
        )
        counts = " | ".join(str(self.calls[rung]) for rung in RUNGS)
        cells = f"{title(self.path)} `{name(self.path)}` | {'yes' if self.same else 'no'} | {counts}"
        return f"| {number(self.path)} | {cells} | {told.replace('|', '/')} |"


def scripts() -> list[Path]:
    """Every script, in the order of their shapes."""
    return sorted(SCRIPTS.rglob("shape*.py"), key=lambda path: path.name)


def name(path: Path) -> str:
    """As the page calls it."""
    return str(path.relative_to(SCRIPTS))


def number(path: Path) -> int:
    """Of the shape."""
    return int(path.name[5:7])


def title(path: Path) -> str:
    """The script's docstring, in one line."""
    return " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())


def unknown(path: Path) -> str:
    """The row of a script that was not run."""
    return f"| {number(path)} | {title(path)} `{name(path)}` | not run |  |  |  |  |  |"


def page(rows: list[Row], before: str) -> str:
    """The whole file. `before`: its old text, whose rows stay for scripts that are not among `rows`."""
    known = {key: line for line in before.splitlines() if line.startswith("| ") and (key := _script(line))}
    known |= {name(row.path): str(row) for row in rows}
    lines = [known.get(name(path), unknown(path)) for path in scripts()]
    counts = Counter(line.split(" | ")[2] for line in lines)
    head = HEAD.format(lines=_LINES, same=counts["yes"], other=counts["no"], missing=counts["not run"], all=len(lines))
    return head + "".join(f"{line}\n" for line in lines)


def _script(line: str) -> str:
    """Which script a row of the page is of; empty for other lines."""
    found = re.search(r"`([^`]*shape\d\d\w*\.py)` \|", line)
    return found[1] if found else ""


def alike(one: str, other: str) -> bool:
    """Whether two outputs are the same but for noise in their numbers."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= 1e-4 + 1e-4 * abs(float(a)) for a, b in pairs)


def played(path: Path, models: Path, environment: dict[str, str]) -> Row:
    """Runs a script on both sides."""
    encoders = path.parent.name == "encoders"
    given = [str(models / "encoders"), "none"] if encoders else [str(models / "model"), str(models / "small")]
    launcher = ["-m", "torch.distributed.run", "--nproc_per_node=2", "--standalone"]
    launched = path.parent.name == "launched"
    command = [*launcher, str(path), *given] if launched else [str(TESTS / "driver.py"), *given, str(path)]  # it seeds
    plain, ours = (
        subprocess.run(
            [sys.executable, *options, *command],
            check=False, capture_output=True, text=True, env=environment, timeout=TIMEOUT, cwd=models,
        )
        for options in ((), ("-m", "aweigh.compiler.offload"))
    )  # fmt: skip
    calls: Counter[str] = Counter()
    for line in _CALLS.findall(ours.stderr):
        for count, rung in re.findall(r"(\d+) (\w+)", line):
            calls[rung] += int(count)
    reasons = list(dict.fromkeys(_REASON.findall(ours.stderr)))
    same = plain.returncode == ours.returncode and alike(plain.stdout, ours.stdout)
    if not same:
        print(f"{name(path)}: {ours.returncode}\n{ours.stdout[-1000:]}\n{ours.stderr[-2000:]}", file=sys.stderr)
    return Row(path, same, calls, reasons)


def prepare(models: Path, environment: dict[str, str]) -> None:
    """The checkpoints that the scripts load."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from checkpoints import make;"
        "make(Path(sys.argv[2]), seed=1); make(Path(sys.argv[3]), seed=2, layers=1, hidden=32)"
    )
    first = ["-c", code, str(TESTS), str(models / "model"), str(models / "small")]
    for arguments in (first, [str(TESTS / "encoder_checkpoints.py"), str(models / "encoders")]):
        subprocess.run([sys.executable, *arguments], check=True, env=environment, stderr=subprocess.DEVNULL)


def main() -> int:
    """Exit code 1 where a script printed something else."""
    parser = argparse.ArgumentParser(prog="python -m bench.shapes", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/scripts.md")
    parser.add_argument("--only", action="append", default=[], help="scripts whose name holds this; may be repeated")
    chosen = parser.parse_args()
    chosen_scripts = [path for path in scripts() if not chosen.only or any(part in path.name for part in chosen.only)]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWEIGH")}
    with tempfile.TemporaryDirectory(prefix="aweigh-") as directory:
        base = Path(directory)
        environment = clean | {
            "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "AWEIGH_CACHE": f"{base}/cache", "AWEIGH_RUNTIME": f"{base}/run",
        }  # fmt: skip
        prepare(base, environment)
        command = [sys.executable, "-m", "aweigh.serverless", "--private"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        ) as door:
            assert door.stdout is not None
            environment["AWEIGH_ENGINE"] = door.stdout.readline().split()[-1]
            rows = []
            for path in chosen_scripts:
                rows.append(played(path, base, environment))
                print(rows[-1], flush=True)
            door.terminate()
    if chosen.write:
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(rows, before), encoding="utf-8")
    return int(not all(row.same for row in rows))


if __name__ == "__main__":
    sys.exit(main())
