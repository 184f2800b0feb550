"""What a measurement leaves behind: one JSON file with its command, versions, machine, medians and ratios.

Numbers of different machines, or of one machine on different days, are not compared: a figure that is
claimed is a *ratio* between series whose runs were interleaved, so that both met the same mood of the machine.
A series keeps every value, so that a reader may doubt the median.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
FEWEST_RUNS = 5
PACKAGES = ("aweigh", "torch", "transformers", "torch-mlir", "grpcio", "triton")


@dataclass(frozen=True, kw_only=True)
class Series:
    """The values of one side of a measurement, one a run, in the order of the runs."""

    unit: str
    values: Sequence[float]

    def __post_init__(self) -> None:
        if len(self.values) < FEWEST_RUNS:
            raise ValueError(f"a series needs at least {FEWEST_RUNS} runs, but this one has {len(self.values)}.")

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A figure that is claimed, the bound that it must keep, and on which side of it."""

    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        """Whether the figure keeps its bounds."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)

    def as_json(self) -> dict[str, float | bool]:
        """The figure with its bounds; whether it is met is said only where there is a bound."""
        bounds = {"at_least": self.at_least, "at_most": self.at_most}
        given = {name: bound for name, bound in bounds.items() if bound is not None}
        return {"value": short(self.value), **given, **({"met": self.met} if given else {})}


@dataclass(frozen=True, kw_only=True)
class Record:
    """One measurement: `series` are raw, `goals` are what is claimed, `facts` is whatever else a reader needs."""

    name: str
    series: Mapping[str, Series]
    goals: Mapping[str, Goal]
    facts: Mapping[str, object] = field(default_factory=dict)
    command: Sequence[str] = field(default_factory=lambda: tuple(sys.orig_argv[1:]))

    def as_json(self) -> str:
        """The record as JSON text, keys in a fixed order, figures rounded to four significant digits."""
        body = {
            "name": self.name,
            "command": " ".join(["python", *self.command]),
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "commit": commit(),
            "machine": machine(),
            "versions": versions(),
            "series": {
                name: {"unit": s.unit, "median": short(s.median), "values": [short(v) for v in s.values]}
                for name, s in self.series.items()
            },
            "goals": {name: goal.as_json() for name, goal in self.goals.items()},
            "facts": dict(self.facts),
        }
        return json.dumps(body, indent=2) + "\n"

    def write(self, folder: Path = RESULTS) -> Path:
        """Write `NAME.json` into `folder`, whole or not at all, and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        new = path.with_suffix(".json.new")
        new.write_text(self.as_json())
        os.replace(new, path)
        return path


def short(value: float) -> float:
    """`value` with four significant digits."""
    return float(f"{value:.4g}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by the nearest-rank rule."""
    if not values:
        raise ValueError("a percentile needs at least one value.")
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def commit() -> str:
    """The commit that was measured, with `+` if the tree differs from it."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=False).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def machine() -> dict[str, object]:
    """Processor, cores, memory and load of this machine; where Linux does not say, the platform's word."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    fields = {key.strip(): value.strip() for key, value in pairs}
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": fields.get("model name", platform.processor()),
        "bf16_instructions": "avx512_bf16" in fields.get("flags", ""),
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 2),
        "niceness": os.nice(0),
    }


def versions() -> dict[str, str]:
    """Versions of the interpreter and of the packages that matter, as far as they are installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
