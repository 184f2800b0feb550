"""What a script gets with us is what it gets without us: thousands of calls, drawn from a seed, asked of both.

    python -m bench.fuzz [--cases 2000] [--seed 0] [--only N ...] [--family NAME ...]

A case that differs is printed as a Python expression with its number, and `--only N` plays it alone. A difference of tokens is excused
only where the oracle itself stands on an edge (see `bench/scripts/fuzz/witness.py`); those are counted and printed. A call that we
ran locally is equal by nature: what ran on which rung is printed, too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.engine import Engine
from bench.fuzz.case import Case
from bench.fuzz.compare import differences, excused
from bench.fuzz.draw import case, cases
from bench.fuzz.families import FAMILIES, made
from bench.fuzz.sides import Side, our_side, plain_side
from bench.fuzz.tally import Tally
from bench.make_model import models_root
from bench.record import Goal, Record


def play(chosen: Sequence[Case], models: Path, environment: dict[str, str], *, verbose: bool) -> Tally:
    """Ask both sides every case, and judge."""
    tally = Tally()
    with ExitStack() as stack:
        oracle = stack.enter_context(plain_side(models))
        ours = stack.enter_context(our_side(models, environment))
        witness = stack.enter_context(plain_side(models, "--witness"))
        for drawn in chosen:
            oracle.send(drawn)
            ours.send(drawn)
            expected, actual = oracle.receive(), ours.receive()
            found = differences(expected, actual)
            edge = excused(_witnessed(witness, drawn)) if found else None
            tally.add(drawn, expected, actual, found, edge)
            if verbose:
                print(drawn, expected.get("error"), actual.get("error"), actual.get("rungs"), sep="\n")
    return tally


def _witnessed(witness: Side, drawn: Case) -> list[dict[str, float]]:
    witness.send(drawn)
    decisions: list[dict[str, float]] = witness.receive().get("decisions", [])
    return decisions


def main() -> int:
    """Play and write `results/fuzz.json`; 1 if any case differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Calls with us against calls without us.")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, nargs="+", metavar="N", help="these numbers, and say what came of them")
    parser.add_argument("--family", nargs="+", choices=list(FAMILIES), default=[], help="cases of these models only")
    parser.add_argument("--models", type=Path, default=models_root() / "fuzz")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-record", action="store_true", help="write no results/fuzz.json")
    options = parser.parse_args()
    only = options.only or []
    chosen = [case(options.seed, number) for number in only] or cases(
        options.seed, options.cases, frozenset(options.family)
    )
    began = time.perf_counter()
    with Engine(threads=options.threads) as engine:
        tally = play(chosen, made(options.models), engine.environment, verbose=bool(only))
    print(tally.report(), f"{time.perf_counter() - began:.0f} s", sep="\n")
    if not only and not options.no_record:
        goal = Goal(value=len(chosen) - len(tally.different), at_least=len(chosen))
        print(Record(name="fuzz", series={}, goals={"cases equal": goal}, facts=tally.facts(options.seed)).write())
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main())
