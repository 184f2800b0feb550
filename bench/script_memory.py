"""What a model costs the script's own process under `aweigh run`: peak memory, and bytes read from weight files.

    python -m bench.script_memory        (as root: see weight_watch)

Peak memory is VmHWM as the kernel shows it to others, of a script that loaded the model and generated with it, above
that of the same script that imports the same libraries and loads no model, under plain python. Who opens the weights is
fanotify's word: a process that did not open them read 0 bytes of them. The compiler's process, a child of the script, opens them at
first sight for their headers, and is counted apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.engine import Engine
from bench.make_model import made
from bench.player import Player, offloaded, plain
from bench.record import Goal, Record, Series
from bench.weight_watch import WeightWatch, holders, weight_files

ABOVE_AT_MOST_MB = 150.0


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one run looked like from outside.

    `peak_mb` is the script's process; `helpers_mb` the sum of its children's peaks (10^6 bytes). `opened`: the script's process opened
    a weight file or held one; `helpers_opened`: so many of its children did.
    """

    peak_mb: float
    helpers_mb: float
    opened: bool
    helpers_opened: int


def peak_mb(pid: int) -> float:
    """The largest resident set that a process has had, in 10^6 bytes; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")), 0.0)


def look_at(
    start: Sequence[str], arguments: Sequence[str], model: Path, engine: Engine | None, environment: Mapping[str, str]
) -> Look:
    """Run `load.py` once, let it answer, and look at it before it ends."""
    files = weight_files(model)
    owners = engine.pids() if engine else set()
    with (
        WeightWatch(files) as watch,
        Player(start, "load.py", *arguments, environment=environment) as player,
    ):
        player.ask({})
        if engine:
            owners |= engine.pids()
        helpers = {child.pid for child in psutil.Process(player.pid).children(recursive=True)} - owners
        openers = {opening.pid for opening in watch.openings() | holders({player.pid, *helpers}, files)}
        return Look(
            peak_mb=peak_mb(player.pid),
            helpers_mb=sum(map(peak_mb, helpers)),
            opened=player.pid in openers,
            helpers_opened=len(openers & helpers),
        )


def measure(model: str, rounds: int) -> Record:
    """Take turns `rounds` times, after a first run of each kind."""
    folder = made(model)
    whole, without = (str(folder),), (str(folder), "--without-model")
    threads = {"OMP_NUM_THREADS": "1"}
    with Engine(threads=1) as engine:
        remote = {**threads, **engine.environment}
        plainly = look_at(plain(), whole, folder, engine, threads)
        assert plainly.opened, "the watch is blind: plain transformers did not open the weights"
        # The very first run, which compiles and loads, is told apart, and counts where openings are counted: there the compiler's
        # process reads the headers of the files, unless the Program is in the cache on disk.
        first = look_at(offloaded(), whole, folder, engine, remote)
        later: list[Look] = []
        bare: list[Look] = []
        for _ in range(rounds):
            later.append(look_at(offloaded(), whole, folder, engine, remote))
            bare.append(look_at(plain(), without, folder, engine, threads))
    series = {
        "aweigh run": Series(unit="MB", values=[look.peak_mb for look in later]),
        "plain, no model": Series(unit="MB", values=[look.peak_mb for look in bare]),
    }
    above = series["aweigh run"].median - series["plain, no model"].median
    openers = sum(look.opened for look in (first, *later))
    return Record(
        name="script_memory",
        series=series,
        goals={
            "MB above the script without a model": Goal(value=above, at_most=ABOVE_AT_MOST_MB),
            "processes of scripts that opened the weights": Goal(value=openers, at_most=0),
        },
        facts={
            "model": model,
            "bytes_of_weight_files_read_by_scripts": "some" if openers else 0,
            "weights_mb": round(sum(path.stat().st_size for path in weight_files(folder)) / 1e6, 1),
            "plain_with_the_model_mb": round(plainly.peak_mb, 1),
            "first_run_mb": round(first.peak_mb, 1),
            "first_run_helpers_mb": round(first.helpers_mb, 1),
            "first_run_helpers_that_read_headers": first.helpers_opened,
            "later_helpers_that_opened_weights": sum(look.helpers_opened for look in later),
            "helpers_mb": [round(look.helpers_mb, 1) for look in later],
        },
    )


def main() -> None:
    """Measure and write `results/script_memory.json`."""
    parser = argparse.ArgumentParser(description="Memory of the script's process, and who reads the weights.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    record = measure(options.model, options.rounds)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
