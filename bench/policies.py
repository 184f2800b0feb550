"""Stall of a tuned policy against LRU, S3-FIFO and a policy that knows every model's rate and variation.

    python -m bench.policies --traces DIRECTORY

40 of ServeGen's language clients stand for 40 models of 1 GiB in 4 parts, of which the arena holds 8, over a disk of 3 GB/s. Each draw takes
other clients. All rates of a draw are scaled by one factor to `--rate` requests a second in all, so that popularity keeps its skew and the disk
is not the whole story. The policy is tuned on the first two hours, among five, and judged on the hours behind them, which it has not seen; who knows the rates knows
them of the hours that are judged, and its best variant there counts. Virtual time: the figures do not depend on this machine, but for the
cost of deciding.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.policy import base
from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.table import POLICIES
from aweigh.memory.replay import servegen
from aweigh.memory.replay.files import of_clients
from aweigh.memory.replay.machine import Machine
from aweigh.memory.replay.outcome import Outcome
from aweigh.memory.replay.ratios import minimum, ratio
from aweigh.memory.replay.workload import Access, Model, Workload
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.manager import Manager
from aweigh.memory.tuner.policy_file import PolicyFile
from aweigh.memory.tuner.search import search, worst_against
from bench.known_rates import KnownRates
from bench.record import FEWEST_RUNS, Goal, Record, Series

MODELS, SLOTS = 40, 8
SEARCHED = ("lru", "2q", "arc", "s3-fifo", "arrivals")
START = 7 * 86400.0
TUNED_ON = 7200.0
TABLES = ("small", "mid", "large")
LIKE = Model("like", (1 << 28,) * 4, 2e-5, 0.003)
VARIANTS = ((1.0, False), (0.3, True), (1.0, True), (5.0, True), (20.0, True))
FILE = PolicyFile.model_validate({"arena": {"bytes": SLOTS << 30}})


@dataclass(frozen=True, slots=True)
class Draw:
    """`tuned_on` and `judged` follow each other; `rows` are the true parameters of the latter, by client and window."""

    tuned_on: Workload
    judged: Workload
    rows: dict[tuple[str, int], servegen.ClientWindow]
    share: float


def clients(folder: Path, hours: float) -> list[servegen.ClientWindow]:
    """All language clients' windows of so many hours of day 7."""
    found = []
    for table in TABLES:
        for row in servegen.read(folder / f"servegen-m-{table}-clients.csv.gz"):
            if START <= row.start < START + 3600 * hours:
                name = f"{table}-{row.client}"
                found.append(
                    servegen.ClientWindow(row.start, name, row.rate, row.variation, row.distribution, row.shape)
                )
    return found


def draw(rows: list[servegen.ClientWindow], seed: int, hours: float, rate: float) -> Draw:
    """40 clients, their requests, and what is known of them."""
    names = sorted({row.client for row in rows})
    chosen = set(random.Random(seed).sample(names, MODELS))
    own = [row for row in rows if row.client in chosen]
    share = rate / (sum(row.rate for row in own) * servegen.WINDOW / (3600 * hours))
    arrivals = list(servegen.arrivals(own, START, 3600 * hours, seed, share))
    tuned_on = of_clients([pair for pair in arrivals if pair[0] < TUNED_ON], LIKE)
    judged = of_clients([(at - TUNED_ON, client) for at, client in arrivals if at >= TUNED_ON], LIKE)
    known = {(row.client, int((row.start - START - TUNED_ON) // servegen.WINDOW)): row for row in own}
    return Draw(tuned_on, judged, known, share)


def play(workload: Workload, policy: Policy, depth: int) -> Outcome:
    """One replay."""
    tiers = [section.tier() for section in FILE.tiers]
    return Machine(workload, FILE.arena.frames, policy, tiers, depth).run()


def model_hits(workload: Workload) -> dict[str, float]:
    """Hits of LRU and MIN where a model is one extent: how much there is to gain."""
    numbers = {model.name: number for number, model in enumerate(workload.models)}
    uses = tuple(Access(request.time, numbers[request.model], 1) for request in workload.requests)
    whole = Workload(tuple(Model(model.name, (PAGE_BYTES,)) for model in workload.models), accesses=uses)
    lru = ratio(whole, uses, SLOTS, POLICIES["lru"].build({})).hits
    return {"lru": round(lru, 4), "min": round(minimum(whole, uses, SLOTS).hits, 4)}


def microseconds_per_record(name: str, extents: int = 10_000, batch: int = 500, rounds: int = 60) -> float:
    """What an observed record costs the manager with a policy, in an arena of so many extents."""
    manager = Manager(POLICIES[name].build({}))
    items = [base.Item(number, 1, PAGE_BYTES, (f"m{number // 250}",), number % 250, 1e-3) for number in range(extents)]
    manager.handle(ev.SetBudget(extents, 0.0))
    manager.handle(ev.Register(tuple(items)))
    for number in range(extents):
        manager.handle(ev.Need(number, (number,), ev.Priority.NOW, 0.0))
        manager.handle(ev.Arrived(number, 0.0))
        manager.handle(ev.Release(number, 0.0))
    chosen = random.Random(0)
    batches = [
        tuple(base.Record(float(n), chosen.randrange(extents), 1) for _ in range(batch)) for n in range(1, rounds + 1)
    ]
    begun = time.perf_counter()
    for records in batches:
        manager.handle(ev.Used(records))
    return (time.perf_counter() - begun) * 1e6 / (batch * rounds)


def measure(folder: Path, first: int, draws: int, hours: float, rate: float, trials: int) -> Record:
    """Tune and judge each draw."""
    rows = clients(folder, hours)
    stalls: dict[str, list[float]] = {name: [] for name in ("tuned", "known rates", "lru", "s3-fifo")}
    facts: list[dict[str, object]] = []
    worst: list[float] = []
    for seed in range(first, first + draws):
        one = draw(rows, seed, hours, rate)
        found = search(one.tuned_on, FILE, trials, seed, SEARCHED)
        depth = found.file.prefetch.depth
        outcomes = {
            "tuned": play(one.judged, found.file.policy.build(), depth),
            "lru": play(one.judged, POLICIES["lru"].build({}), depth),
            "s3-fifo": play(one.judged, POLICIES["s3-fifo"].build({}), depth),
        }
        knowing = [play(one.judged, KnownRates(one.rows, one.share, *variant), depth) for variant in VARIANTS]
        outcomes["known rates"] = min(knowing, key=lambda outcome: outcome.stall_seconds)
        for name, outcome in outcomes.items():
            stalls[name].append(outcome.stall_seconds)
        worst.append(worst_against(outcomes["tuned"], outcomes["lru"], 1800.0))
        facts.append(
            {
                "draw": seed,
                "tuned": found.file.policy.name,
                "parameters": {key: round(value, 4) for key, value in found.file.policy.parameters.items()},
                "depth": depth,
                "models": len(one.judged.models),
                "requests": len(one.judged.requests),
                "hits of whole models": model_hits(one.judged),
                "worst 30 minutes, tuned / lru": round(worst[-1], 3),
                "p99 stall of a request, s": {n: round(o.request_stall(0.99), 3) for n, o in outcomes.items()},
            }
        )
        print(facts[-1], {name: round(values[-1], 1) for name, values in stalls.items()}, flush=True)
    series = {name: Series(unit="s of stall", values=values) for name, values in stalls.items()}

    def ratios(name: str) -> list[float]:
        return [mine / other for mine, other in zip(stalls["tuned"], stalls[name], strict=True)]

    costs = {name: microseconds_per_record(name) for name in ("lru", "s3-fifo", "layer-order", "arrivals")}
    total = {name: sum(values) for name, values in stalls.items()}
    return Record(
        name="policies",
        series=series,
        goals={
            "tuned / known rates, all draws": Goal(value=total["tuned"] / total["known rates"], at_most=1.1),
            "tuned / lru, all draws": Goal(value=total["tuned"] / total["lru"], at_most=1.0),
            "tuned / s3-fifo, all draws": Goal(value=total["tuned"] / total["s3-fifo"], at_most=1.0),
            "tuned / known rates, worst draw": Goal(value=max(ratios("known rates")), at_most=1.1),
            "tuned / lru, worst draw": Goal(value=max(ratios("lru")), at_most=1.03),
            "tuned / s3-fifo, worst draw": Goal(value=max(ratios("s3-fifo")), at_most=1.0),
            "worst half hour of all draws, tuned / lru": Goal(value=max(worst), at_most=1.03),
            "us per record, worst policy": Goal(value=max(costs.values()), at_most=5.0),
        },
        facts={
            "models": MODELS,
            "slots": SLOTS,
            "requests_per_second": rate,
            "hours": hours,
            "searched": SEARCHED,
            "trials": trials,
            "source": "ServeGen (arXiv 2505.09999), language clients of day 7, rates scaled by one factor per draw",
            "us_per_record": {name: round(cost, 2) for name, cost in costs.items()},
            "draws": facts,
        },
    )


def main() -> None:
    """Measure and write `results/policies.json`."""
    parser = argparse.ArgumentParser(description="A tuned policy against LRU, S3-FIFO and one that knows all rates.")
    parser.add_argument("--traces", type=Path, required=True, help="a directory with servegen-m-*-clients.csv.gz")
    parser.add_argument("--draws", type=int, default=FEWEST_RUNS)
    parser.add_argument(
        "--first", type=int, default=5, help="the first draw's seed: 0 to 4 were looked at when the policy was made"
    )
    parser.add_argument("--hours", type=float, default=4.0, help="the first two of them are for tuning")
    parser.add_argument("--rate", type=float, default=0.7, help="requests per second of all models")
    parser.add_argument("--trials", type=int, default=30)
    options = parser.parse_args()
    record = measure(options.traces, options.first, options.draws, options.hours, options.rate, options.trials)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
