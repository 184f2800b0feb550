"""Forward passes of networks that scripts wrote themselves: under `aweigh run`, and the same unchanged scripts under plain python.

    python -m bench.module_forward

ResNet-50, ViT-B/16 and BERT-base by size, one script and then several at once, each side in turn. Throughput counts from the first
call to the last answer. Alone, a plain script computes on all threads, as the engine does; of several at once each computes on its
share of them, which is faster than what they would do by default, namely all on all.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.concurrent import ask_at_once
from bench.engine import Engine
from bench.make_network import weights
from bench.player import Message, Player, offloaded, plain
from bench.record import Goal, Record, Series

NETWORKS = ("resnet50", "vit_b", "bert_base")
ALONE_AT_LEAST, TOGETHER_AT_LEAST = 0.95, 1.0


@dataclass(slots=True)
class Sides:
    """Items per second of both sides, one value a round."""

    remote: list[float] = field(default_factory=list)
    local: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: the sides of one round met the same mood of the machine."""
        return statistics.median(a / b for a, b in zip(self.remote, self.local, strict=True))


def throughput(answers: Sequence[Message], batch: int) -> float:
    """Items per second of all answers together, from the first call to the last answer."""
    calls = [call for answer in answers for call in answer["calls"]]
    return float(len(calls) * batch / (max(end for _, end in calls) - min(begin for begin, _ in calls)))


def difference(one: Message, other: Message) -> float:
    """The largest difference of two answers' numbers."""
    return float(max(abs(a - b) for a, b in zip(one["some"], other["some"], strict=True)))


@dataclass(frozen=True, kw_only=True)
class Turns:
    """How a network is measured: `scripts` at once, `calls` of each per round, with `batch` items."""

    scripts: int
    batch: int
    calls: int
    threads: int
    rounds: int

    def take(self, network: str, engine: Engine) -> tuple[Sides, Sides, float]:
        """One script, several, and the largest difference between the sides. A first round only warms up."""
        alone, together, apart = Sides(), Sides(), 0.0
        arguments = ("forward.py", network, str(weights(network)))
        with ExitStack() as stack:
            remote = [
                stack.enter_context(Player(offloaded(), *arguments, environment=engine.environment))
                for _ in range(self.scripts)
            ]
            local = [stack.enter_context(Player(plain(), *arguments)) for _ in range(self.scripts)]
            for number in range(self.rounds + 1):
                for players, sides in ((1, alone), (self.scripts, together)):
                    asked = [
                        {
                            "seed": number * self.scripts + at,
                            "batch": self.batch,
                            "calls": self.calls,
                            "threads": max(self.threads // players, 1),
                        }
                        for at in range(players)
                    ]
                    there, here = ask_at_once(remote[:players], asked), ask_at_once(local[:players], asked)
                    apart = max(apart, *(difference(a, b) for a, b in zip(there, here, strict=True)))
                    if number:
                        sides.remote.append(throughput(there, self.batch))
                        sides.local.append(throughput(here, self.batch))
        return alone, together, apart


def measure(networks: Sequence[str], turns: Turns) -> Record:
    """Each network in turn, with an engine of its own."""
    series: dict[str, Series] = {}
    goals: dict[str, Goal] = {}
    differences: dict[str, float] = {}
    for network in networks:
        with Engine(turns.threads) as engine:
            alone, together, differences[network] = turns.take(network, engine)
        cases = (("1 script", alone, ALONE_AT_LEAST), (f"{turns.scripts} scripts", together, TOGETHER_AT_LEAST))
        for case, sides, least in cases:
            series[f"{network}, {case}, aweigh run"] = Series(unit="items/s", values=sides.remote)
            series[f"{network}, {case}, plain"] = Series(unit="items/s", values=sides.local)
            goals[f"{network}, {case}, aweigh run / plain"] = Goal(value=sides.ratio, at_least=least)
    return Record(
        name="module_forward",
        series=series,
        goals=goals,
        facts={
            "batch": turns.batch,
            "threads": turns.threads,
            "threads_of_each_plain_script_at_once": max(turns.threads // turns.scripts, 1),
            "dtype": "float32",
            "largest_difference_of_outputs": differences,
        },
    )


def main() -> None:
    """Measure and write `results/module_forward.json`."""
    parser = argparse.ArgumentParser(description="Forward passes of a script's own networks, with and without us.")
    parser.add_argument("--networks", nargs="+", default=NETWORKS, choices=NETWORKS)
    parser.add_argument("--scripts", type=int, default=4)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    options = vars(parser.parse_args())
    record = measure(options.pop("networks"), Turns(**options))
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
