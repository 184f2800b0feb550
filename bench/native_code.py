"""How long a worker waits for native code before its first step: compiled, and loaded from what another process has compiled.

    python -m bench.native_code [--rounds 5] [--dtype bfloat16]

Each run is a fresh process; of two that take turns one has an empty cache. What is measured is `Kernels.prepare` for one dtype, the
bindings' import included where they are needed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.record import Goal, Record, Series

_ASK = """
import sys, time
import torch
from aweigh.kernels import load
kernels = load("cpu")
begin = time.perf_counter()
kernels.prepare([getattr(torch, sys.argv[1])])
print(time.perf_counter() - begin)
"""


def ask(dtype: str, cache: Path) -> float:
    """Seconds of one preparation in a process of its own."""
    environment = {**os.environ, "AWEIGH_CACHE": str(cache)}
    words = [sys.executable, "-c", _ASK, dtype]
    done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure(rounds: int, dtype: str) -> Record:
    """Take turns `rounds` times, after one round that does not count."""
    cold: list[float] = []
    warm: list[float] = []
    with tempfile.TemporaryDirectory() as directory:
        for number in range(rounds + 1):
            cache = Path(directory) / str(number)
            compiled, loaded = ask(dtype, cache), ask(dtype, cache)
            if number:
                cold.append(compiled)
                warm.append(loaded)
    series = {"compiled": Series(unit="s", values=cold), "from the cache": Series(unit="s", values=warm)}
    goals = {
        "seconds to compile": Goal(value=series["compiled"].median, at_most=1.0),
        "seconds from the cache": Goal(value=series["from the cache"].median, at_most=0.05),
    }
    return Record(name="native_code", series=series, goals=goals, facts={"dtype": dtype})


def main() -> None:
    """Measure and write `results/native_code.json`."""
    parser = argparse.ArgumentParser(description="How long a worker waits for native code.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dtype", default="bfloat16")
    options = parser.parse_args()
    record = measure(options.rounds, options.dtype)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
