"""What came of the cases, counted: by shape, by outcome, by rung."""

from __future__ import annotations

from collections import Counter

from bench.fuzz.verdict import Verdict


class Tally:
    """`different`: the numbers of the cases whose answers differ, and no edge excuses them."""

    def __init__(self) -> None:
        self.different: list[int] = []
        self._excused: list[str] = []
        self._rungs: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._seconds = [0.0, 0.0]

    @property
    def total(self) -> int:
        return self._shapes.total()

    def add(self, verdict: Verdict) -> None:
        """Count a case."""
        self._shapes[verdict.shape] += 1
        self._rungs[verdict.rung] += 1
        self._reasons.update(verdict.local_because)
        self._outcomes[verdict.outcome] += 1
        self._seconds = [sum(pair) for pair in zip(self._seconds, verdict.seconds, strict=True)]
        if verdict.differs:
            self.different.append(verdict.number)
        elif verdict.found:
            self._excused.append(f"{verdict.number}: {verdict.edge:.1e}")

    def report(self) -> str:
        """For people."""
        plain, ours = self._seconds
        lines = [
            "",
            f"{self.total - len(self.different)} of {self.total} cases equal, {len(self._excused)} of them excused: {self._excused}",
            f"rungs: {_counts(self._rungs)}",
            f"local because: {_counts(self._reasons)}",
            f"shapes: {_counts(self._shapes)}; the oracle {_counts(self._outcomes)}",
            f"seconds: plain {plain:.0f}, aweigh run {ours:.0f}",
        ]
        if self.different:
            lines.append(f"different: {' '.join(map(str, self.different))}")
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
            "different": self.different,
        }


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())
