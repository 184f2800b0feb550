"""What recording who uses which weights costs a step, source by source.

    python -m bench.trace_overhead

One engine answers the same request again and again: without a trace, and with one of each source that works here, in turns whose order
changes. Wall time and processor time per token say what a user feels, and on a machine with other users mostly what these do: a second
series without a trace shows how far two equal things lie apart. So a trace also counts itself: the time that it takes of the thread that
computes, and of a processor beside it, as a share of the time that the answer took. That is what is bounded. What a kernel takes to
write a sample is in the ratios only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psutil

from aweigh.memory.statistics.sources import KINDS
from aweigh.memory.trace.collector import Collector, engines
from bench.decode import request
from bench.engine import Engine
from bench.make_model import SHAPES, made
from bench.player import Player, offloaded
from bench.record import Goal, Record, Series

MOST = 1.0  # % of the time of steps and of a processor beside them, together
INTERVAL = 1.0
NONE, AGAIN = "no trace", "no trace, again"


@dataclass(slots=True)
class Cost:
    """Of one trace, once it is over."""

    records: int = 0
    step_seconds: float = 0.0
    processor_seconds: float = 0.0


@contextmanager
def traced(addresses: list[str], source: str) -> Iterator[Cost]:
    """Records while the block runs."""
    cost = Cost()
    if source in (NONE, AGAIN):
        yield cost
        return
    collector = Collector(addresses, source, INTERVAL)
    batches = collector.batches()
    next(batches)

    def read() -> None:
        for batch in batches:
            cost.records += len(batch)

    reader = threading.Thread(target=read)
    reader.start()
    yield cost
    collector.stop()
    reader.join()
    cost.step_seconds, cost.processor_seconds = collector.step_seconds, collector.processor_seconds


def measure(model: str, threads: int, rounds: int, new_tokens: int) -> Record:
    """Take turns `rounds` times, after a first round that only warms up."""
    names = [NONE, AGAIN, *(name for name, kind in KINDS.items() if kind.why_not() is None)]
    seconds: dict[str, list[float]] = {name: [] for name in names}
    processor: dict[str, list[float]] = {name: [] for name in names}
    step: dict[str, list[float]] = {name: [] for name in names[2:]}
    beside: dict[str, list[float]] = {name: [] for name in names[2:]}
    found: dict[str, int] = {}
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(threads))
        environment = {"OMP_NUM_THREADS": str(threads), **engine.environment}
        player = stack.enter_context(Player(offloaded(), "answer.py", str(made(model)), environment=environment))
        addresses = engines(engine.environment["AWEIGH_ENGINE"])
        question = request(0, new_tokens, SHAPES[model]["vocab_size"])
        for number in range(rounds + 1):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                with traced(addresses, name) as cost:
                    before = cpu_seconds(engine.pids())
                    times = player.ask(question)["times"]
                    taken = cpu_seconds(engine.pids()) - before
                found[name] = cost.records
                if number and name in step:
                    step[name].append(cost.step_seconds / (times[-1] - times[0]))
                    beside[name].append(cost.processor_seconds / (times[-1] - times[0]))
                if number:
                    seconds[name].append((times[-1] - times[0]) / (len(times) - 1))
                    processor[name].append(taken / len(times))
    series = {}
    for name in names:
        series[f"{name}, wall"] = Series(unit="ms/token", values=[1e3 * value for value in seconds[name]])
        series[f"{name}, processor"] = Series(unit="ms/token", values=[1e3 * value for value in processor[name]])
    goals = {}
    for name in names[1:]:
        for kind, values in (("wall", seconds), ("processor", processor)):
            ratio = statistics.median(one / other for one, other in zip(values[name], values[NONE], strict=True))
            goals[f"{name} / {NONE}, {kind}"] = Goal(value=ratio)
    for name, shares in step.items():
        series[f"{name}, of the step thread"] = Series(unit="% of time", values=[1e2 * value for value in shares])
        series[f"{name}, beside it"] = Series(unit="% of a processor", values=[1e2 * value for value in beside[name]])
        both = statistics.median(1e2 * (one + other) for one, other in zip(shares, beside[name], strict=True))
        goals[f"{name}, % of both"] = Goal(value=both, at_most=MOST if name == "runner" else None)
    facts = {"model": model, "threads": threads, "new_tokens": new_tokens, "interval_s": INTERVAL, "records": found}
    absent = {name: reason for name, kind in KINDS.items() if (reason := kind.why_not())}
    return Record(name="trace_overhead", series=series, goals=goals, facts={**facts, "not_here": absent})


def cpu_seconds(processes: set[int]) -> float:
    """User and system time of all of them."""
    times = [psutil.Process(process).cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


def main() -> None:
    """Measure and write `results/trace_overhead.json`."""
    parser = argparse.ArgumentParser(description="Cost of recording accesses.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--new-tokens", type=int, default=32)
    options = parser.parse_args()
    record = measure(options.model, options.threads, options.rounds, options.new_tokens)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
