"""Hybrid histogram: per model, how long it rests between two uses decides when it may leave and when it should be back.

Shahrad et al.: Serverless in the wild: characterizing and optimizing the serverless workload at a large cloud provider. USENIX ATC 2020. A histogram
of idle times per model; its head (5th percentile, less a margin) is the time after a use until which nobody is expected: the model may leave, and
is fetched again when that time is over; its tail (99th, plus a margin) is the time after which it may go for good. Where a histogram says
little (few samples, no peak: the variation of its bins is below a bound, or most idle times lie beyond it) the model is kept for a fixed time.
Left out: the paper's ARIMA for idle times beyond the histogram; those models get the fixed time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aweigh.memory.policy.base import Drop, Fetch, Item, Policy, Record, Suggestion, View

BINS = 240
HEAD, TAIL = 0.05, 0.99
MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class KeepAliveParameters:
    """`bin_seconds` of the histogram's 240 bins, 0.01 to 3600; `fixed_seconds` for models without one, 0.1 to 86400; `fewest` samples that
    are believed, 1 to 1000; `variation` of bins (deviation / mean) below which none is, 0 to 100."""

    bin_seconds: float = 1.0
    fixed_seconds: float = 60.0
    fewest: int = 8
    variation: float = 2.0


@dataclass(slots=True)
class _Rest:
    """One model's idle times, and the window (seconds after its last use) in which it is expected."""

    last: float
    bins: list[int] = field(default_factory=lambda: [0] * BINS)
    beyond: int = 0
    window: tuple[float, float] = (0.0, 0.0)


class KeepAlive(Policy):
    """See above. Models that share extents keep them for each other."""

    guesses = True

    def __init__(self, parameters: KeepAliveParameters | None = None) -> None:
        self._parameters = parameters or KeepAliveParameters()
        self._models: dict[int, tuple[str, ...]] = {}
        self._rests: dict[str, _Rest] = {}

    def arrived(self, item: Item, time: float) -> None:
        self._models[item.id] = item.models

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            for model in self._models.get(record.extent, ()):
                rest = self._rests.get(model)
                if rest is None:
                    self._rests[model] = _Rest(record.time, window=(0.0, self._parameters.fixed_seconds))
                    continue
                idle, rest.last = record.time - rest.last, record.time
                if idle > 0:
                    self._count(rest, idle)

    def _count(self, rest: _Rest, idle: float) -> None:
        wide, place = self._parameters, int(idle / self._parameters.bin_seconds)
        if place >= BINS:
            rest.beyond += 1
        else:
            rest.bins[place] += 1
        inside = sum(rest.bins)
        mean = inside / BINS
        spread = (sum(n * n for n in rest.bins if n) / BINS - mean * mean) ** 0.5
        if inside < wide.fewest or rest.beyond > inside or spread < wide.variation * mean:
            rest.window = (0.0, wide.fixed_seconds)
            return
        head, tail = _percentile(rest.bins, HEAD * inside), _percentile(rest.bins, TAIL * inside) + 1
        rest.window = (head * wide.bin_seconds * (1 - MARGIN), tail * wide.bin_seconds * (1 + MARGIN))

    def _expected(self, extent: int, time: float) -> bool:
        rests = (self._rests[model] for model in self._models.get(extent, ()) if model in self._rests)
        return any(rest.window[0] <= time - rest.last <= rest.window[1] for rest in rests)

    def suggest(self, view: View) -> Iterator[Suggestion]:
        if view.need_frames:
            kept = [extent for extent in view.resident if extent not in view.held]
            for due in (False, True):
                for extent in kept:
                    if self._expected(extent, view.time) is due:
                        yield Drop(extent, view.item(extent).fetch_seconds if due else 0.0)
            return
        for extent in self._models:
            if view.fetchable(extent) and self._expected(extent, view.time):
                yield Fetch(extent, view.item(extent).fetch_seconds)

    def wakes(self, time: float) -> float | None:
        times = (rest.last + rest.window[0] for rest in self._rests.values() if rest.window[0] > 0)
        return min((due for due in times if due > time), default=None)


def _percentile(bins: list[int], count: float) -> int:
    for place, number in enumerate(bins):
        count -= number
        if count <= 0:
            return place
    return BINS - 1
