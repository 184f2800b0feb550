"""What came of the cases, counted: by shape, by outcome, by rung."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bench.fuzz.case import Case

RUNGS = ("generate", "step", "module", "local")


class Tally:
    """`different`: the cases whose answers differ, and no edge excuses them."""

    def __init__(self) -> None:
        self.different: list[Case] = []
        self._excused: list[str] = []
        self._rungs: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._seconds: dict[str, float] = {"plain": 0.0, "aweigh run": 0.0}

    def add(
        self,
        case: Case,
        expected: Mapping[str, Any],
        actual: Mapping[str, Any],
        found: list[str],
        edge: float | None,
    ) -> None:
        """Count a case, and print it where it differs. `edge`: how close the oracle itself stood, where that excuses it."""
        self._shapes[case.shape.split(" ")[0]] += 1
        self._rungs[rung(actual)] += 1
        self._reasons.update(
            {
                name.removeprefix("local: "): 1
                for name, count in actual.get("rungs", {}).items()
                if count and ": " in name
            }
        )
        self._outcomes["raises" if expected.get("error") else "answers"] += 1
        for side, answer in zip(self._seconds, (expected, actual), strict=True):
            self._seconds[side] += answer.get("seconds", 0.0)
        if not found:
            return
        print(f"\n{case}", *found[:4], sep="\n    ")
        if edge is not None:
            print(f"    excused: the oracle stood {edge:.1e} from another answer", flush=True)
            self._excused.append(f"{case.number}: {edge:.1e}")
            return
        print(f"    again: python -m bench.fuzz --only {case.number}", flush=True)
        self.different.append(case)

    def report(self) -> str:
        """For people."""
        total = sum(self._shapes.values())
        lines = [
            "",
            f"{total - len(self.different)} of {total} cases equal, {len(self._excused)} of them excused: {self._excused}",
            f"rungs: {_counts(self._rungs)}",
            f"local because: {_counts(self._reasons)}",
            f"shapes: {_counts(self._shapes)}; the oracle {_counts(self._outcomes)}",
            "seconds: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in self._seconds.items()),
        ]
        if self.different:
            lines.append(f"different: {' '.join(str(case.number) for case in self.different)}")
        return "\n".join(lines)

    def facts(self, seed: int) -> dict[str, object]:
        """For the record."""
        return {
            "seed": seed,
            "excused": self._excused,
            "cases_by_rung": dict(self._rungs.most_common()),
            "local_because": dict(self._reasons.most_common()),
            "cases_by_shape": dict(self._shapes.most_common()),
            "oracle": dict(self._outcomes.most_common()),
            "different": [case.number for case in self.different],
        }


def rung(answer: Mapping[str, Any]) -> str:
    """The rungs that a case's calls were on, joined by +; "none" where no call of a model was made."""
    counts = answer.get("rungs", {})
    return "+".join(name for name in RUNGS if counts.get(name)) or "none"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())
