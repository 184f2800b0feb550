"""`aweigh memory`, from what a front door answers."""

import io

from rich.console import Console

from aweigh.proto.v1 import engine_pb2, front_door_pb2
from aweigh.serverless.memory import Fetched, shown

Stats = engine_pb2.StatsResponse


def answer(fetched: int) -> front_door_pb2.StatusResponse:
    found = front_door_pb2.StatusResponse()
    arena = Stats.Arena(
        frames=100, weight_frames=60, kv_frames=10, hits=30, misses=10, fetched_bytes=fetched, policy="LayerOrder"
    )
    models = [Stats.ModelStats(model="llama", requests=3, paged_frames=50, resident_frames=25)]
    found.workers.add(name="worker0", stats=Stats(arena=arena, models=models))
    found.workers.add(name="worker1", stats=Stats())
    return found


def text(fetched: int, before: Fetched, now: float) -> list[list[str]]:
    console = Console(width=80, file=io.StringIO())
    console.print(shown(answer(fetched), before, now))
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    return [[word for word in line.split() if not set(word) & set("━╸╺-")] for line in lines]


def test_who_has_what_and_how_fast_it_comes() -> None:
    before: Fetched = {}
    first = text(5_000_000, before, 10.0)
    row = next(line for line in first if line and line[0] == "worker0")
    assert " ".join(row) == "worker0 210 MB 126 MB 21 MB 63 MB 75% 5 MB LayerOrder none in 0 MB"
    model = next(line for line in first if line and line[0] == "llama")
    assert " ".join(model) == "llama worker0 52 MB 105 MB 3"
    assert not any(line and line[0] == "worker1" for line in first), "its weights are mapped files"
    row = next(line for line in text(25_000_000, before, 12.0) if line and line[0] == "worker0")
    assert "10 MB/s" in " ".join(row)


def test_without_an_arena_it_says_how_to_have_one() -> None:
    assert "workers.arena_bytes" in str(shown(front_door_pb2.StatusResponse(), {}, 0.0))
