"""`aweigh tune`: a better `policy.toml` from a trace."""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.policy.table import POLICIES
from aweigh.memory.replay import files
from aweigh.memory.replay.workload import Model
from aweigh.memory.tuner import report
from aweigh.memory.tuner.measures import measure
from aweigh.memory.tuner.policy_file import PolicyFile, read
from aweigh.memory.tuner.search import search
from aweigh.memory.tuner.written import written
from aweigh.proto.errors import AweighError, InvalidRequest

CONFIG_INVALID = 4


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    options = _parsed(arguments)
    try:
        return _write_default(options.file) if options.write_default else _tune(options)
    except AweighError as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return CONFIG_INVALID if isinstance(error, InvalidRequest) else 1


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="aweigh tune", description="Search for a better policy.toml by replaying a trace."
    )
    parser.add_argument("file", type=Path, help="policy.toml")
    parser.add_argument(
        "--write-default", action="store_true", help="write the file with all defaults, commented, and stop"
    )
    parser.add_argument(
        "--trace", type=Path, help="of `aweigh trace record` (.parquet), .jsonl, or a table of requests (.csv, .csv.gz)"
    )
    parser.add_argument("--out", type=Path, help="where the tuned file goes (default: beside FILE, as NAME.tuned.toml)")
    parser.add_argument("--report", type=Path, help="a directory for report.html")
    parser.add_argument("--trials", type=int, default=60, help="candidates to replay (default 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the search and of drawn requests (default 0)")
    parser.add_argument("--seconds", type=float, help="replay only the first so many seconds of the trace")
    parser.add_argument(
        "--policy", action="append", choices=sorted(POLICIES), help="search among these only (repeatable)"
    )
    parser.add_argument(
        "--model-bytes", type=int, default=1 << 30, help="of a model in a table of requests (default 1 GiB)"
    )
    parser.add_argument("--layers", type=int, default=4, help="parts in which such a model is fetched (default 4)")
    options = parser.parse_args(arguments)
    if not options.write_default and options.trace is None:
        parser.error("--trace is missing: a search needs requests to replay")
    if options.trials < 1 or not 1 <= options.layers <= 4096 or options.model_bytes < options.layers * PAGE_BYTES:
        parser.error("--trials and --layers start at 1, and a layer has at least 2 MiB")
    return options


def _write_default(path: Path) -> int:
    if path.exists():
        raise InvalidRequest(f"{path} is there already: name another file, or remove it")
    path.write_text(written(PolicyFile()), encoding="utf-8")
    print(path)
    return 0


def _tune(options: argparse.Namespace) -> int:
    file = read(options.file)
    like = Model("model", (options.model_bytes // options.layers,) * options.layers, 1e-5, 0.01)
    workload = files.load(options.trace, like, options.seed)
    if options.seconds:
        workload = workload.first(options.seconds)
    if not workload.requests and not workload.accesses:
        raise InvalidRequest(f"{options.trace} has no requests and no accesses: record a longer one")
    console = Console()
    events = len(workload.requests) or len(workload.accesses)
    console.print(
        f"{events} events of {len(workload.models)} models, {workload.footprint_frames} frames of 2 MiB in use"
    )
    with console.status("") as status:
        found = search(
            workload,
            file,
            options.trials,
            options.seed,
            options.policy or (),
            lambda done, best: status.update(f"{done} of {options.trials} candidates, best {best:.2f} s"),
        )
    measures = measure(workload, file, found.file)
    report.show(measures, console)
    out = options.out or options.file.with_name(f"{options.file.stem}.tuned.toml")
    note = f"Tuned on {options.trace.name}, {options.trials} trials, seed {options.seed}: "
    note += f"stall {found.outcome.stall_seconds:.2f} s, LRU {found.lru.stall_seconds:.2f} s."
    new = out.with_name(f".{out.name}.{os.getpid()}")
    new.write_text(written(found.file, note), encoding="utf-8")
    os.replace(new, out)
    console.print(f"[bold]{found.file.policy.name}[/bold] {dict(found.file.policy.parameters)} -> {out}")
    if options.report:
        console.print(f"{report.write(measures, f'aweigh tune: {options.trace.name}', options.report)}")
    return 0
