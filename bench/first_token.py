"""Time to the first token of a model that a running worker does not have: cold from the disk, and warm from the page cache.

    python -m bench.first_token [--rounds 7] [--model model-0.5b]

The clock runs from the request to load the model to its first token, at the worker's wire. Before a cold round the files' pages are dropped from
the page cache; the model was unloaded in any case. The worker has an arena whose frames were used before, and its compiled code is in the
cache, as for any model of a structure that was seen. The limit is what the disk gives (`bench.cold_load`), the prefill that of the same worker with
everything resident, another prompt of the same length. Sides take turns.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from aweigh.compiler.coverage.worker import Client
from bench.cold_load import cached, evicted, limit
from bench.make_model import SHAPES, made
from bench.record import Goal, Record, Series

PROMPT = 128
COLD, WARM = 1.15, 0.1


class Worker:
    """One engine with an arena, ended with `close`. `home`: where its store is."""

    def __init__(self, folder: Path, arena_bytes: int, threads: int, home: Path) -> None:
        self.address = f"unix:{folder / 'engine.sock'}"
        command = [sys.executable, "-m", "aweigh.engine", "--listen", self.address, "--threads", str(threads)]
        self._process = subprocess.Popen(
            [*command, "--arena-bytes", str(arena_bytes)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": str(threads), "AWEIGH_HOME": str(home)},
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("ready")

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def asked(client: Client, name: str, vocabulary: int, seed: int) -> float:
    """Seconds to the first token of a prompt that nobody asked before."""
    prompt = [random.Random(seed).randrange(3, vocabulary) for _ in range(PROMPT)]
    begin = time.perf_counter()
    (tokens,) = client.greedy(name, [prompt], 1)
    assert len(tokens) == 1
    return time.perf_counter() - begin


def turn(worker: Worker, compiled: Any, folder: Path, vocabulary: int, seed: int) -> tuple[float, float]:
    """Seconds to the first token of a model that is loaded for it, and of another prompt then."""
    client = Client(worker.address)
    begin = time.perf_counter()
    name = client.load(compiled, folder)
    loaded = time.perf_counter() - begin
    first = loaded + asked(client, name, vocabulary, seed)
    again = asked(client, name, vocabulary, seed + 1)
    client.close(name)
    return first, again


def measure(model: str, rounds: int, threads: int) -> Record:
    """Take turns `rounds` times, after one that does not count."""
    from aweigh.compiler.client import compile_model
    from aweigh.memory.store.catalog import Store
    from aweigh.memory.store.publish import publish

    folder = made(model)
    file = folder / "model.safetensors"
    compiled = compile_model(folder)
    vocabulary = SHAPES[model]["vocab_size"]
    values: dict[str, list[float]] = {}
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aweigh-")))
        store = Store(root / "pages" / "store")
        publish(folder, "model", store)
        workers = {}
        for kind in ("files", "pages"):
            (root / kind).mkdir(exist_ok=True)
            workers[kind] = Worker(root / kind, file.stat().st_size * 5 // 4, threads, root / kind)
            stack.callback(workers[kind].close)
        paths = {"files": [file], "pages": sorted(store.segments.iterdir())}
        disk = limit(file)
        for number in range(rounds + 1):
            found = {"disk": disk()}
            for kind, worker in workers.items():
                for state, prepare in (("cold", evicted), ("warm", cached)):
                    for path in (file, *paths[kind]):
                        prepare(path)
                    first, again = turn(worker, compiled, folder, vocabulary, 1000 * number + 10 * len(found))
                    found[f"{state} {kind}"] = first
                    found[f"{state} {kind}, prefill"] = again
            if number:
                for name, seconds in found.items():
                    values.setdefault(name, []).append(seconds)
    series = {name: Series(unit="s", values=seconds) for name, seconds in values.items()}
    disk_s = series["disk"].median
    goals = {}
    for kind in ("files", "pages"):
        prefill = min(series[f"{state} {kind}, prefill"].median for state in ("cold", "warm"))
        cold, warm = series[f"cold {kind}"].median, series[f"warm {kind}"].median
        goals[f"cold {kind}, without one prefill, of what the disk needs"] = Goal(
            value=(cold - prefill) / disk_s, at_most=COLD
        )
        goals[f"warm {kind}, without one prefill, s"] = Goal(value=warm - prefill, at_most=WARM)
    return Record(
        name=f"first_token_{model.removeprefix('model-').replace('.', '_')}",
        series=series,
        goals=goals,
        facts={"model": model, "gigabytes": round(file.stat().st_size / 1e9, 3), "prompt_tokens": PROMPT},
    )


def main() -> None:
    """Measure and write `results/first_token_*.json`."""
    parser = argparse.ArgumentParser(description="Time to the first token of a model that is not there yet.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    record = measure(options.model, options.rounds, options.threads)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
