"""What a call of a module costs when the module costs nothing: a megabyte there, a megabyte back.

    python -m bench.module_round_trip

The module adds a parameter to its input; the cost model, which would keep it here, is switched off. A bare asyncio unary call with a
megabyte each way takes turns with it: what the way costs for whom gRPC carries the bytes. The same script under plain python
says what the arithmetic alone takes here.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from bench.bare_call import BareServer
from bench.engine import Engine
from bench.make_network import weights
from bench.player import Player, offloaded, plain
from bench.record import Goal, Record, Series, percentile

BYTES = 1 << 20
MEDIAN_AT_MOST_MS = 2.0


def measure(rounds: int, calls: int) -> Record:
    """Take turns `rounds` times, `calls` calls each, after a first round that only warms up."""
    seconds: dict[str, list[list[float]]] = {"call": [], "bare call": [], "plain": []}
    question = {"seed": 0, "batch": 1, "calls": calls, "threads": 1}
    arguments = ("forward.py", "nothing", str(weights("nothing")))
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(threads=1))
        bare = stack.enter_context(BareServer(size=BYTES))
        environment = {"AWEIGH_ROUND_TRIP": "0", **engine.environment}
        remote = stack.enter_context(Player(offloaded(), *arguments, environment=environment))
        local = stack.enter_context(Player(plain(), *arguments))
        for number in range(rounds + 1):
            taken = {
                "call": [end - begin for begin, end in remote.ask(question)["calls"]],
                "bare call": bare.seconds(calls, BYTES),
                "plain": [end - begin for begin, end in local.ask(question)["calls"]],
            }
            if number:
                for name, values in taken.items():
                    seconds[name].append(values)
    series = {
        f"{name}, {word}": Series(unit="ms", values=[1e3 * percentile(values, share) for values in by_round])
        for name, by_round in seconds.items()
        for word, share in (("median", 0.50), ("p99", 0.99))
    }
    every_call = [value for values in seconds["call"] for value in values]
    return Record(
        name="module_round_trip",
        series=series,
        goals={
            "median ms": Goal(value=1e3 * percentile(every_call, 0.50), at_most=MEDIAN_AT_MOST_MS),
            "median / bare call": Goal(value=series["call, median"].median / series["bare call, median"].median),
        },
        facts={"bytes_there": BYTES, "bytes_back": BYTES, "calls": len(every_call)},
    )


def main() -> None:
    """Measure and write `results/module_round_trip.json`."""
    parser = argparse.ArgumentParser(description="Round trip of a module that costs nothing.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=500)
    options = parser.parse_args()
    record = measure(options.rounds, options.calls)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
