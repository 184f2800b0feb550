"""How long weights take from the disk to memory that kernels can read: an engine's arena, safetensors, and what the disk gives.

    python -m bench.cold_load [--rounds 7] [--model model-2b] [--runai PYTHON]

The limit, an arena, `load_file` and runai have processes of their own with everything imported, and take turns by lot in each round; cold turns come first, then warm
ones with other processes, so that memory and page cache are never short. Cold: the files' pages are dropped from the page
cache first. The arena's frames were touched before, as those of a running worker were; `load_file` gets fresh memory, as a script's does. The
limit is read by four threads, 4 MiB at a time, past the page cache, into memory that was touched before: no code of ours. A side's clock stops when
every tensor is there and one byte of each 4 KiB of it was read; "there" is when all tensors can be read. `--runai` is a Python that
has runai-model-streamer.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.make_model import made
from bench.player import SCRIPTS
from bench.record import Goal, Record, Series

CHUNK = 4 << 20
COLD = {"limit": "limit", "files": "arena", "pages": "arena", "load_file": "load_file"}
WARM = {"files": "arena", "pages": "arena", "load_file": "load_file"}


def evicted(path: Path) -> None:
    """Drops a file's pages from the page cache."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def cached(path: Path) -> None:
    """Brings a file into the page cache."""
    with path.open("rb") as file:
        while file.read(CHUNK):
            pass


def limit(file: Path) -> Callable[[], float]:
    """Reads the file's bytes and does nothing with them."""
    size = file.stat().st_size // CHUNK * CHUNK
    buffer = mmap.mmap(-1, size + CHUNK, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)  # shared memory has small pages
    buffer.madvise(mmap.MADV_HUGEPAGE)
    for offset in range(0, size, 4096):
        buffer[offset] = 0
    view = memoryview(buffer)
    threads = ThreadPoolExecutor(4)

    def once() -> float:
        evicted(file)
        descriptor = os.open(file, os.O_RDONLY | os.O_DIRECT)
        begin = time.perf_counter()
        list(threads.map(lambda at: os.preadv(descriptor, [view[at : at + CHUNK]], at), range(0, size, CHUNK)))
        seconds = time.perf_counter() - begin
        os.close(descriptor)
        return seconds * file.stat().st_size / size

    return once


def arena(folder: Path, store: Path, *, warm: bool) -> Callable[[str], tuple[float, float]]:
    """Needs all regions of a model at once, as a step of a model that fits does: from its files, or from the pages of a store."""
    import torch

    from aweigh.memory.checkpoint.directory import Checkpoint
    from aweigh.memory.core import PAGE_BYTES
    from aweigh.memory.paging.arena import PagedArena
    from aweigh.memory.paging.pager import Pager
    from aweigh.memory.paging.stored import StoredCheckpoint
    from aweigh.memory.store.catalog import Store
    from aweigh.memory.store.stored import Stored

    file = folder / "model.safetensors"
    checkpoint = Checkpoint(folder)
    pager = Pager(file.stat().st_size * 6 // 5 // PAGE_BYTES)
    if not warm:
        pager.touch()
    segments = sorted((store / "segments").iterdir())

    def once(side: str) -> tuple[float, float]:
        for path in segments if side == "pages" else [file]:
            (cached if warm else evicted)(path)
        held = PagedArena(pager)
        begin = time.perf_counter()
        source = StoredCheckpoint(Stored(Store(store), "model")) if side == "pages" else checkpoint
        tensors = [held.map(source.file(name), source.extent(name)) for name in checkpoint.names]
        numbers = dict.fromkeys(held.region_of(source.extent(name)) for name in checkpoint.names)
        ticket = pager.need([number for number in numbers if number is not None], "model")
        assert pager.wait(ticket, 60.0)
        there = time.perf_counter() - begin
        total = sum(int(tensor[::4096].to(torch.int64).sum()) for tensor in tensors)
        seconds = time.perf_counter() - begin
        assert total
        pager.release(ticket)
        for name in checkpoint.names:
            held.unmap(source.extent(name))
        return there, seconds

    return once


def load_file(folder: Path, *, warm: bool) -> Callable[[str], tuple[float, float]]:
    """What a script does."""
    import torch
    from safetensors.torch import load_file as load

    file = folder / "model.safetensors"

    def once(side: str) -> tuple[float, float]:
        assert side == "load_file"
        (cached if warm else evicted)(file)
        begin = time.perf_counter()
        tensors = load(file)
        there = time.perf_counter() - begin
        total = sum(int(t.view(torch.uint8).flatten()[::4096].to(torch.int64).sum()) for t in tensors.values())
        seconds = time.perf_counter() - begin
        assert total
        return there, seconds

    return once


def child(kind: str, folder: Path, store: Path, *, warm: bool) -> None:
    """Loads once for each line that comes, which names a side, and prints the seconds."""
    once: Callable[[str], tuple[float, float]]
    if kind == "limit":
        read = limit(folder / "model.safetensors")

        def once(side: str) -> tuple[float, float]:
            return (read(),) * 2
    elif kind == "load_file":
        once = load_file(folder, warm=warm)
    else:
        once = arena(folder, store, warm=warm)
    print(json.dumps({"ready": 0}), flush=True)
    for line in sys.stdin:
        there, seconds = once(line.strip())
        print(json.dumps({"there": there, "seconds": seconds}), flush=True)


class _Side:
    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.hear()

    def hear(self) -> dict[str, float]:
        assert self.process.stdout is not None
        found: dict[str, float] = json.loads(self.process.stdout.readline())
        return found

    def once(self, name: str) -> dict[str, float]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        return self.hear()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def measure(model: str, rounds: int, runai: str | None) -> Record:
    """Take turns `rounds` times, after one that does not count."""
    folder = made(model)
    gigabytes = (folder / "model.safetensors").stat().st_size / 1e9
    with tempfile.TemporaryDirectory(prefix="aweigh-") as temporary:
        from aweigh.memory.store.catalog import Store
        from aweigh.memory.store.publish import publish

        store = Path(temporary) / "store"
        publish(folder, "model", Store(store), program=False)
        command = [sys.executable, "-m", "bench.cold_load", "--folder", str(folder), "--store", str(store)]
        streamer = [runai, str(SCRIPTS / "stream_weights.py"), str(folder)] if runai else []
        values: dict[str, list[float]] = {}
        order = random.Random(0)  # who gives much memory back slows down who comes next
        for prefix, kinds in (("", COLD), ("warm ", WARM)):
            own = [*command, *(["--warm"] if prefix else []), "--child"]
            processes = {kind: _Side(*own, kind) for kind in sorted(set(kinds.values()))}
            sides = {name: processes[kind] for name, kind in kinds.items()}
            if streamer and not prefix:
                sides["runai"] = processes["runai"] = _Side(*streamer)
            for number in range(rounds + 1):
                for name in order.sample(list(sides), len(sides)):
                    found = sides[name].once(name)
                    if number:
                        values.setdefault(f"{prefix}{name}", []).append(found["seconds"])
                        values.setdefault(f"{prefix}{name}, there", []).append(found["there"])
            for side in processes.values():
                side.close()
    del values["limit, there"]
    series = {name: Series(unit="s", values=found) for name, found in values.items()}
    disk, pages = series["limit"].median, series["pages"].median
    goals = {
        "files, share of what the disk gives": Goal(value=disk / series["files"].median, at_least=0.9),
        "pages, share of what the disk gives": Goal(value=disk / pages, at_least=0.9),
        "load_file / pages": Goal(value=series["load_file"].median / pages, at_least=2.6),
        "warm files are there, s": Goal(value=series["warm files, there"].median, at_most=0.05),
        "warm pages are there, s": Goal(value=series["warm pages, there"].median, at_most=0.05),
        "warm load_file / warm files, every page read": Goal(
            value=series["warm load_file"].median / series["warm files"].median
        ),
    }
    if runai:
        goals["runai / pages"] = Goal(value=series["runai"].median / pages, at_least=1.15)
    facts = {"model": model, "gigabytes": round(gigabytes, 3), "disk_gb_per_s": round(gigabytes / disk, 2)}
    return Record(name="cold_load", series=series, goals=goals, facts=facts)


def main() -> None:
    """Measure and write `results/cold_load.json`."""
    parser = argparse.ArgumentParser(description="Weights from the disk to memory that kernels can read.")
    parser.add_argument("--model", default="model-2b")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--runai", help="a Python with runai-model-streamer, to take turns with")
    parser.add_argument("--child", choices=sorted(set(COLD.values())), help=argparse.SUPPRESS)
    parser.add_argument("--warm", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.folder, options.store, warm=options.warm)
        return
    record = measure(options.model, options.rounds, options.runai)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
