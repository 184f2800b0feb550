"""What a script gets with us is what it gets without us: thousands of calls, drawn from a seed, asked of both.

    python -m bench.fuzz [--cases 2000] [--seed 0] [--first N] [--only N ...] [--family NAME ...]

A run that was stopped goes on where it was when it is started again; `--anew` forgets what was judged. A case that differs is printed as
a Python expression with its number, and `--only N` plays it alone. A difference of tokens is excused
only where the oracle itself stands on an edge (see `bench/scripts/fuzz/witness.py`); those are counted and printed. A call that we
ran locally is equal by nature: what ran on which rung is printed, too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.engine import Engine
from bench.fuzz.case import Case
from bench.fuzz.checkpoints import home, made
from bench.fuzz.compare import differences, excused
from bench.fuzz.draw import case, cases
from bench.fuzz.families import FAMILIES
from bench.fuzz.journal import Journal
from bench.fuzz.sides import Side, our_side, plain_side
from bench.fuzz.tally import Tally
from bench.fuzz.verdict import Verdict, verdict
from bench.record import Goal, Record


def play(chosen: Sequence[Case], models: Path, environment: dict[str, str], *, verbose: bool) -> Iterator[Verdict]:
    """Ask both sides every case, and judge. A difference is printed."""
    with ExitStack() as stack:
        oracle = stack.enter_context(plain_side(models))
        ours = stack.enter_context(our_side(models, environment))
        witness = stack.enter_context(plain_side(models, "--witness"))
        for drawn in chosen:
            oracle.send(drawn)
            ours.send(drawn)
            expected, actual = oracle.receive(), ours.receive()
            if (
                "died" in expected or "died" in actual
            ):  # a first load draws from torch's generator: on both sides in one case
                oracle.close()
                ours.close()
            found = differences(expected, actual)
            edge = excused(expected, actual, _witnessed(witness, drawn)) if found else None
            judged = verdict(drawn, expected, actual, found, edge)
            if verbose:
                print(drawn, expected.get("error"), actual.get("error"), actual.get("rungs"), sep="\n")
            if found:
                print(_told(drawn, judged), flush=True)
            yield judged


def _told(drawn: Case, judged: Verdict) -> str:
    again = f"again: python -m bench.fuzz --only {drawn.number}"
    last = again if judged.edge is None else f"excused: the oracle stood {judged.edge:.1e} from another answer"
    return "\n    ".join([f"\n{drawn}", *judged.found, last])


def _witnessed(witness: Side, drawn: Case) -> list[dict[str, float]]:
    witness.send(drawn)
    decisions: list[dict[str, float]] = witness.receive().get("decisions", [])
    return decisions


def main() -> int:
    """Play and write `results/fuzz.json`; 1 if any case differs."""
    options = _options()
    whole = not (options.only or options.family or options.first)
    chosen = [case(options.seed, number) for number in options.only] or cases(
        options.seed, options.cases, frozenset(options.family), options.first
    )
    journal = Journal(options.models / "journal", options.seed)
    if options.anew:
        journal.forget()
    known = {} if options.only else journal.read()
    left = [drawn for drawn in chosen if drawn.number not in known]
    if known:
        print(f"{len(chosen) - len(left)} of {len(chosen)} cases are judged already", flush=True)
    began = time.perf_counter()
    with Engine(threads=options.threads) as engine:
        for judged in play(left, made(options.models), engine.environment, verbose=bool(options.only)):
            known[judged.number] = judged
            if not options.only:
                journal.write(judged)
    tally = Tally()
    for drawn in chosen:
        tally.add(known[drawn.number])
    print(tally.report(), f"{time.perf_counter() - began:.0f} s", sep="\n")
    if whole and not options.no_record:
        goal = Goal(value=tally.total - len(tally.different), at_least=tally.total)
        print(Record(name="fuzz", series={}, goals={"cases equal": goal}, facts=tally.facts(options.seed)).write())
    return 1 if tally.different else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Calls with us against calls without us.")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, metavar="N", help="begin with this number; writes no record")
    parser.add_argument("--only", type=int, nargs="+", default=[], metavar="N", help="these, and say what came of them")
    parser.add_argument("--family", nargs="+", choices=list(FAMILIES), default=[], help="cases of these models only")
    parser.add_argument("--anew", action="store_true", help="forget what was judged before")
    parser.add_argument("--models", type=Path, default=home())
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-record", action="store_true", help="write no results/fuzz.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
