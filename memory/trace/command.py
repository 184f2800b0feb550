"""`aweigh trace record OUT.parquet` and `aweigh trace show FILE`."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.trace import summary
from aweigh.memory.trace.collector import Collector, engines
from aweigh.memory.trace.file import TraceFacts, TraceReader, TraceWriter
from aweigh.memory.trace.parquet import pyarrow
from aweigh.proto.errors import AweighError, EngineLost, EngineUnreachable, InvalidRequest

_FAILURE, _USAGE, _UNREACHABLE = 1, 2, 3


def main(arguments: list[str]) -> int:
    """Runs one of the two commands. Returns its exit code."""
    application = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, help="Record who uses which weights when."
    )
    application.command("record")(record)
    application.command("show")(show)
    try:
        application(arguments, prog_name="aweigh trace")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else _FAILURE
    except (AweighError, OSError) as error:
        print(f"aweigh: {error}", file=sys.stderr)
        if isinstance(error, EngineUnreachable):
            return _UNREACHABLE
        return _USAGE if isinstance(error, InvalidRequest) else _FAILURE
    return 0


def record(
    out: Annotated[Path, typer.Argument(help="the Parquet file to write")],
    engine: Annotated[
        str | None,
        typer.Option("--engine", "--address", envvar="AWEIGH_ENGINE", help="address; none: what `aweigh up` started"),
    ] = None,
    source: Annotated[str, typer.Option(help="of the records; `aweigh doctor` says which work here")] = "runner",
    seconds: Annotated[float | None, typer.Option(help="how long; none: until Ctrl-C")] = None,
    interval: Annotated[float, typer.Option(help="seconds between batches of records")] = 1.0,
) -> None:
    """Write who uses which weights of a running engine to a file."""
    pyarrow()
    collector = Collector(engines(engine), source, interval)
    timer = threading.Timer(seconds, collector.stop) if seconds is not None else None
    before = signal.signal(signal.SIGINT, lambda number, frame: collector.stop())
    try:
        batches = collector.batches()
        next(batches, None)
        print(f"recording {source}" + ("" if timer else ", Ctrl-C ends it"), file=sys.stderr, flush=True)
        if timer:
            timer.daemon = True
            timer.start()
        facts = TraceFacts(source, collector.page_bytes, time.time(), interval)
        with TraceWriter(out, facts) as trace:
            gone = _collect(batches, trace, collector)
    finally:
        signal.signal(signal.SIGINT, before)
    step, processor = (
        spent / max(time.time() - facts.began, 1e-9) for spent in (collector.step_seconds, collector.processor_seconds)
    )
    print(f"{trace.written} records in {out}; recording took {step:.2%} of the steps' time", end="", file=sys.stderr)
    print(f" and {processor:.2%} of a processor beside it", file=sys.stderr)
    if gone is not None:
        raise gone


def _collect(batches: Iterator[list[AccessRecord]], trace: TraceWriter, collector: Collector) -> EngineLost | None:
    """What came until an engine went away is kept. Returns that error, if there was one."""
    try:
        for batch in batches:
            trace.add(batch)
            trace.lost, trace.unwatched = collector.lost, collector.unwatched
    except EngineLost as error:
        return error
    return None


def show(file: Annotated[Path, typer.Argument(help="what `aweigh trace record` wrote")]) -> None:
    """Print what a trace says."""
    for line in summary.lines(TraceReader(file)):
        print(line)
