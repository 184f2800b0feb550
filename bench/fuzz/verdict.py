"""What came of one case, as data: it is counted, printed, and kept, so that a run can go on where it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.fuzz.case import Case

RUNGS = ("generate", "step", "module", "local")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rung`: see `rung_of`; `local_because`: why calls of it ran here; `outcome`: what the oracle did; `seconds`: of the plain side and of
    ours; `found`: the differences; `edge`: how close the oracle itself stood, where that excuses them."""

    number: int
    shape: str
    rung: str
    local_because: tuple[str, ...]
    outcome: str
    seconds: tuple[float, float]
    found: tuple[str, ...]
    edge: float | None

    @property
    def differs(self) -> bool:
        """A difference that nothing excuses."""
        return bool(self.found) and self.edge is None


def verdict(
    case: Case, expected: Mapping[str, Any], actual: Mapping[str, Any], found: list[str], edge: float | None
) -> Verdict:
    """Of the two answers to a case, and what was found between them."""
    kind = "bad input" if case.shape.startswith("bad") else "others"
    reasons = [name for name, count in actual.get("rungs", {}).items() if count and ": " in name]
    return Verdict(
        number=case.number,
        shape=case.shape.split(" ")[0],
        rung=rung_of(actual),
        local_because=tuple(name.removeprefix("local: ") for name in reasons),
        outcome=f"{'raises' if expected.get('error') else 'answers'} {kind}",
        seconds=(expected.get("seconds", 0.0), actual.get("seconds", 0.0)),
        found=tuple(found[:4]),
        edge=edge,
    )


def rung_of(answer: Mapping[str, Any]) -> str:
    """The rungs that a case's calls were on, joined by +; "none" where no call of a model was made."""
    counts = answer.get("rungs", {})
    return "+".join(name for name in RUNGS if counts.get(name)) or "none"
