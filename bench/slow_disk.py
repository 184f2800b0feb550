"""What other models notice of a disk that is ten times slower: time to first token of a resident model, while another one is brought.

    python -m bench.slow_disk [--rounds 6]

One worker, an arena for both, two scripts. One asks a resident model of 0.5 B for a first token, ASKED times a round; the other one loads a model whose
file's reads take ten times as long, asks it for a token, and unloads it, again and again, or does nothing. Rounds of the two kinds take turns.
The bound is on the 99th percentile of all first tokens, one kind over the other.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from aweigh.compiler.coverage.worker import Client
from bench.cold_load import evicted, limit
from bench.first_token import asked
from bench.make_model import SHAPES, made
from bench.player import SCRIPTS
from bench.record import Goal, Record, Series

ASKED = 12
FACTOR = 10
MODEL = "model-0.5b"


class Other(threading.Thread):
    """Brings the other model again and again, until it is stopped."""

    def __init__(self, address: str, compiled: Any, folder: Path) -> None:
        super().__init__(daemon=True)
        self._address, self._compiled, self._folder = address, compiled, folder
        self._over = threading.Event()
        self.brought = 0

    def run(self) -> None:
        while not self._over.is_set():
            evicted(self._folder / "model.safetensors")
            client = Client(self._address, "other")
            name = client.load(self._compiled, self._folder)
            client.greedy(name, [[5]], 1)
            client.close(name)
            self.brought += 1

    def stop(self) -> None:
        """Waits for what it does now."""
        self._over.set()
        self.join()


def measure(rounds: int, threads: int) -> Record:
    """Take turns `rounds` times, after one that does not count."""
    from aweigh.compiler.client import compile_model

    folder = made(MODEL)
    compiled = compile_model(folder)
    vocabulary = SHAPES[MODEL]["vocab_size"]
    file = folder / "model.safetensors"
    values: dict[str, list[float]] = {"alone": [], "beside a slow disk": []}
    brought = 0
    with tempfile.TemporaryDirectory(prefix="aweigh-") as temporary:
        twin = Path(temporary) / "twin"
        twin.mkdir()
        for path in folder.iterdir():
            (twin / path.name).write_bytes(path.read_bytes())
        with (twin / "model.safetensors").open("r+b") as copy:  # other weights: the first model's would serve both
            copy.seek(-4096, os.SEEK_END)
            copy.write(bytes(4096))
        address = f"unix:{temporary}/engine.sock"
        command = [
            sys.executable,
            str(SCRIPTS / "slow_engine.py"),
            str(twin / "model.safetensors"),
            str(file.stat().st_size / limit(file)() / FACTOR),
        ]
        command += ["--listen", address, "--threads", str(threads), "--arena-bytes", str(file.stat().st_size * 3)]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "AWEIGH_HOME": temporary}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None and process.stdout.readline().startswith("ready")
            client = Client(address)
            name = client.load(compiled, folder)
            seed = 0
            for number in range(rounds + 1):
                for kind, seconds in values.items():
                    other = Other(address, compiled, twin) if kind != "alone" else None
                    if other is not None:
                        other.start()
                    for _ in range(ASKED):
                        seed += 1
                        took = asked(client, name, vocabulary, seed)
                        if number:
                            seconds.append(took)
                    if other is not None:
                        other.stop()
                        brought += other.brought
            process.terminate()
    late = {kind: statistics.quantiles(seconds, n=100)[98] for kind, seconds in values.items()}
    return Record(
        name="slow_disk",
        series={kind: Series(unit="s", values=seconds) for kind, seconds in values.items()},
        goals={
            "p99 beside a slow disk / alone": Goal(value=late["beside a slow disk"] / late["alone"], at_most=1.1),
            "median beside a slow disk / alone": Goal(
                value=statistics.median(values["beside a slow disk"]) / statistics.median(values["alone"])
            ),
        },
        facts={"model": MODEL, "slower": FACTOR, "brought": brought, "asked": ASKED * rounds},
    )


def main() -> None:
    """Measure and write `results/slow_disk.json`."""
    parser = argparse.ArgumentParser(description="What others notice of a slow disk.")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    record = measure(options.rounds, options.threads)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
