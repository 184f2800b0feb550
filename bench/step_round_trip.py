"""What a `step` costs when the model costs nothing: stub, RPC straight to the worker, scheduling, and back.

    python -m bench.step_round_trip

A script drives a model of one tiny layer by hand, one token a call, with the cache held remotely; a bare asyncio
unary call of the same size takes turns with it as the floor. The same script under plain transformers says what the
arithmetic and the modelling code alone would take here.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from bench.bare_call import BareServer
from bench.engine import Engine
from bench.make_model import SHAPES, made
from bench.player import Message, Player, offloaded, plain
from bench.record import Goal, Record, Series, percentile

MODEL = "model-nothing"
MEDIAN_AT_MOST_MS, P99_AT_MOST_MS = 1.5, 4.0


def measure(rounds: int, steps: int, fresh_every: int) -> Record:
    """Take turns `rounds` times, `steps` calls each, after a first round that only warms up."""
    folder = str(made(MODEL))
    question: Message = {"steps": steps, "fresh_every": fresh_every}
    seconds: dict[str, list[list[float]]] = {"step": [], "bare call": [], "plain": []}
    threads = {"OMP_NUM_THREADS": "1"}
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(threads=1))
        bare = stack.enter_context(BareServer(size=2 * SHAPES[MODEL]["vocab_size"]))
        remote = stack.enter_context(
            Player(offloaded(), "step.py", folder, environment={**threads, **engine.environment})
        )
        local = stack.enter_context(Player(plain(), "step.py", folder, environment=threads))
        for number in range(rounds + 1):
            taken = {
                "step": remote.ask(question)["seconds"],
                "bare call": bare.seconds(steps),
                "plain": local.ask(question)["seconds"],
            }
            if number:
                for name, values in taken.items():
                    seconds[name].append(values)
    series = {}
    for name, by_round in seconds.items():
        series[f"{name}, median"] = Series(unit="ms", values=[1e3 * percentile(values, 0.50) for values in by_round])
        series[f"{name}, p99"] = Series(unit="ms", values=[1e3 * percentile(values, 0.99) for values in by_round])
    every_step = [value for values in seconds["step"] for value in values]
    return Record(
        name="step_round_trip",
        series=series,
        goals={
            "median ms": Goal(value=1e3 * percentile(every_step, 0.50), at_most=MEDIAN_AT_MOST_MS),
            "p99 ms": Goal(value=1e3 * percentile(every_step, 0.99), at_most=P99_AT_MOST_MS),
            "median / bare call": Goal(value=series["step, median"].median / series["bare call, median"].median),
        },
        facts={"model": SHAPES[MODEL], "calls": len(every_step), "new_cache_every": fresh_every},
    )


def main() -> None:
    """Measure and write `results/step_round_trip.json`."""
    parser = argparse.ArgumentParser(description="Round trip of one step.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--fresh-every", type=int, default=250)
    options = parser.parse_args()
    record = measure(options.rounds, options.steps, options.fresh_every)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
