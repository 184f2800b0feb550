"""`aweigh memory`: who has how much of the workers' arenas, live in a terminal."""

import sys
import time
from typing import Annotated

import typer
from google.protobuf.json_format import MessageToDict
from rich import box, print_json
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from aweigh.proto.v1 import engine_pb2, front_door_pb2
from aweigh.serverless import client
from aweigh.serverless.typed_command import invoke

FRAME_BYTES = 1 << 21
_BAR = 8
Fetched = dict[str, tuple[float, int]]


def main(arguments: list[str]) -> int:
    return invoke(memory, "memory", arguments)


def memory(
    engine: Annotated[
        str | None, typer.Option(envvar="AWEIGH_ENGINE", help="address; none: what `aweigh up` started")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="show it once; so it is where stdout is no terminal")] = False,
    every: Annotated[float, typer.Option(min=0.1, max=3600, help="seconds between two looks")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON, once")] = False,
) -> None:
    """Show who has how much of the workers' memory: weights, keys and values, and how often weights were there when they were needed."""
    address = client.address_of(engine)
    answer = client.status(address)
    if as_json:
        workers = {worker.name: MessageToDict(worker.stats.arena) for worker in answer.workers}
        print_json(data=workers)
        return
    before: Fetched = {}
    if once or not sys.stdout.isatty():
        Console().print(shown(answer, before, time.monotonic()))
        return
    with Live(shown(answer, before, time.monotonic()), auto_refresh=False) as live:
        while True:
            time.sleep(every)
            live.update(shown(client.status(address), before, time.monotonic()), refresh=True)


def shown(answer: front_door_pb2.StatusResponse, before: Fetched, now: float) -> Group | str:
    """Two tables, and one more where pages of a store were read. `before`: by worker, when it was looked at last and what it had fetched by then; it is kept up."""
    arenas = [worker for worker in answer.workers if worker.stats.HasField("arena")]
    if not arenas:
        return "no worker has an arena: set workers.arena_bytes, or workers.policy"
    workers = Table(
        "worker",
        "arena",
        "",
        "weights",
        "KV",
        "free",
        "hits",
        "read",
        "policy",
        "faults",
        box=box.SIMPLE_HEAD,
        padding=0,
    )
    models = Table("model", "worker", "there", "", "of", "requests", box=box.SIMPLE_HEAD, padding=0)
    for worker in arenas:
        arena = worker.stats.arena
        free = arena.frames - arena.weight_frames - arena.kv_frames
        asked = arena.hits + arena.misses
        workers.add_row(
            worker.name,
            _size(arena.frames),
            ProgressBar(arena.frames or 1, arena.frames - free, width=_BAR),
            _size(arena.weight_frames),
            _size(arena.kv_frames),
            _size(free),
            f"{arena.hits / asked:.0%}" if asked else "-",
            _rate(worker.name, arena, before, now),
            arena.policy,
            _faults(arena),
        )
        for model in worker.stats.models:
            bar = ProgressBar(model.paged_frames or 1, model.resident_frames, width=_BAR)
            row = (_size(model.resident_frames), bar, _size(model.paged_frames), str(model.requests))
            name = (
                f"{model.model} [red](in quarantine: its weights cannot be had)[/]"
                if model.quarantined
                else model.model
            )
            models.add_row(name, worker.name, *row)
    tables = (workers, models, _tiers(arenas))
    return Group(*[table for table in tables if table.row_count])


def _tiers(workers: "list[front_door_pb2.StatusResponse.Worker]") -> Table:
    tiers = Table("pages from", "worker", "read", "speed", "failures", "", box=box.SIMPLE_HEAD, padding=0)
    for worker in workers:
        for tier in worker.stats.arena.tiers:
            read, speed = f"{tier.bytes / 1e6:.0f} MB", f"{tier.bytes_per_second / 1e6:.0f} MB/s"
            tiers.add_row(tier.name, worker.name, read, speed, str(tier.failures), "rests" if tier.rests else "")
    return tiers


def _rate(worker: str, arena: "engine_pb2.StatsResponse.Arena", before: Fetched, now: float) -> str:
    since, fetched = before.get(worker, (now, arena.fetched_bytes))
    before[worker] = now, arena.fetched_bytes
    if now <= since:
        return f"{arena.fetched_bytes / 1e6:.0f} MB"
    return f"{(arena.fetched_bytes - fetched) / (now - since) / 1e6:.0f} MB/s"


def _faults(arena: "engine_pb2.StatsResponse.Arena") -> str:
    found = [f"{arena.damaged} damaged"] if arena.damaged else []
    found += [f"{arena.failed} failed"] if arena.failed else []
    return ", ".join(found) or f"none in {arena.scrubbed_bytes / 1e6:.0f} MB looked at"


def _size(frames: int) -> str:
    return f"{frames * FRAME_BYTES / 1e6:.0f} MB"
