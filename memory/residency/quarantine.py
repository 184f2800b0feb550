"""Models whose weights cannot be had right now: their requests fail at once, and the others' go on.

A circuit breaker (Nygard, Release It!, 2007) per extent, which is open for all models that use it. It opens when an extent failed twice
in a row, for a second, and for twice as long with each failure more; the first request after that tries again. It also opens while a
read does not answer, until it does. What failed for want of memory is nobody's fault, and no reason.
"""

import math
from dataclasses import dataclass

from aweigh.memory.policy.base import Item
from aweigh.proto.errors import AweighError, Overloaded

FEWEST_FAILURES = 2
FIRST_SECONDS = 1.0
MOST_SECONDS = 300.0


@dataclass(slots=True)
class _Case:
    """An extent that failed `failures` times in a row. Nobody tries it before `until`."""

    models: tuple[str, ...]
    reason: AweighError
    failures: int = 0
    until: float = -math.inf


class Quarantine:
    """Extents that failed when they were fetched last, or that do not answer."""

    def __init__(self) -> None:
        self._cases: dict[int, _Case] = {}

    def failed(self, item: Item, reason: AweighError, time: float) -> None:
        """A fetch of it failed in every tier."""
        before = self._cases.pop(item.id, None)
        if isinstance(reason, Overloaded):
            return
        failures = 1 + (before.failures if before else 0)
        case = self._cases[item.id] = _Case(item.models, reason, failures)
        if failures >= FEWEST_FAILURES:
            # The exponent is bounded: a disk that is gone for weeks must not end in a float that is none.
            case.until = time + min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(64, failures - FEWEST_FAILURES))

    def stalled(self, item: Item) -> None:
        """A fetch of it does not answer."""
        case = self._cases.setdefault(item.id, _Case(item.models, Overloaded("a read does not end")))
        case.until = math.inf

    def answered(self, extent: int) -> None:
        """A fetch of it came to an end that says nothing against it."""
        case = self._cases.get(extent)
        if case is not None and case.until == math.inf:
            if case.failures:
                case.until = -math.inf
            else:
                del self._cases[extent]

    def cured(self, extent: int) -> None:
        """It came, or nobody knows it any more."""
        self._cases.pop(extent, None)

    def refusal(self, ids: tuple[int, ...], model: str, time: float) -> AweighError | None:
        """Why who asks for these, for this model, is refused; None if he is not."""
        for extent, case in self._cases.items():
            if case.until > time and (extent in ids or model in case.models):
                if case.until == math.inf:
                    return Overloaded(
                        "the disk does not answer while it brings weights of this model: retry later, or look after it."
                    )
                why = str(case.reason).rstrip(".")
                return type(case.reason)(
                    f"weights of this model could not be brought {case.failures} times in a row ({why}), and nobody tries for {case.until - time:.0f} s"
                    " more: repair its files or publish it again, then ask again."
                )
        return None

    def models(self, time: float) -> frozenset[str]:
        """Whose requests are refused."""
        return frozenset(model for case in self._cases.values() if case.until > time for model in case.models)
