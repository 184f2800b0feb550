"""`aweigh compile --coverage [--only TYPE,...] [--failed] [--again] [--jobs N]`."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aweigh.compiler.coverage.meter import Meter
from aweigh.compiler.coverage.verdict import Verdict

_SECONDS = 240.0
_MEMORY = 8 << 30


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="aweigh compile --coverage", description="Compare every type with transformers."
    )
    parser.add_argument("--coverage", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="types, separated by commas, to examine again")
    parser.add_argument("--failed", action="store_true", help="examine again what is not equal")
    parser.add_argument("--again", action="store_true", help="examine everything again")
    parser.add_argument("--jobs", type=int, default=1, help="types at a time")
    parser.add_argument(
        "--root", type=Path, default=Path.cwd(), help="the repository, where results and page are written"
    )
    return parser.parse_args(arguments)


def _wanted(chosen: argparse.Namespace, names: Sequence[str], known: dict[str, Verdict], key: str) -> list[str]:
    if chosen.only:
        only: list[str] = chosen.only.split(",")
        strangers = [name for name in only if name not in names]
        if strangers:
            raise SystemExit(f"transformers has no causal language model of type {strangers[0]!r}.")
        return only
    if chosen.failed:
        return [name for name in names if name not in known or not known[name].equal]
    return [name for name in names if chosen.again or name not in known or known[name].key != key]


def main(arguments: Sequence[str] | None = None) -> int:
    """Examines, stores and reports. Returns 0 if every type that was examined is equal or was not equal before, else 1."""
    chosen = _arguments(arguments)
    from aweigh.compiler.coverage import report, store
    from aweigh.compiler.coverage.fleet import Fleet, type_names

    names = type_names()
    results = chosen.root / "bench" / "results" / "coverage.json"
    key = store.sources_key(chosen.root)
    known = {name: verdict for name, verdict in store.read(results).items() if name in names}
    before = dict(known)
    wanted = _wanted(chosen, names, known, key)
    fleet = Fleet(chosen.jobs, _SECONDS, _MEMORY)
    try:
        with Meter(len(names), len(names) - len(wanted)) as meter:
            for name, verdict in fleet.examine(wanted):
                known[name] = replace(verdict, key=key)
                store.write(results, known)
                word = "equal" if verdict.equal else verdict.reason
                meter.advance(f"{name}: {word} ({verdict.seconds:.1f} s)")
    finally:
        fleet.close()
    page = chosen.root / "docs" / "coverage.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(report.markdown(known, page.read_text() if page.exists() else ""))
    print(report.summary(known))
    worse = [name for name, verdict in known.items() if name in before and before[name].equal and not verdict.equal]
    return 1 if worse else 0
