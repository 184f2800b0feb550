"""Arrivals: keeps the models that are likely to be asked for soon, by the stall that their absence would cost.

Lists of what was used lie 4 to 19 points of hits below MIN on request traces, and differ by 1 to 4 among themselves: the lever is to predict when a
model is next asked for. Requests of a model come as a renewal process; ranking by its hazard rate bounds every policy that does not know the
future (Panigrahy, Nain, Neglia, Towsley: A new upper bound on cache hit probability for non-anticipative caching policies, 2020). The gaps between
requests are taken as Weibull: burstier than Poisson below shape 1, more regular above, which fits request logs (ServeGen, arXiv 2505.09999).

Per model the mean gap and its squared variation fade with a weight per gap. The variation of few gaps says little, so that of all models stands in for
`pooled` gaps. The rest that lasts counts as one gap more: else a model that went away is expected for ever.
shape = variation ** -1.086 (Justus et al., 1978), scale from the mean. A model that has rested for `a` seconds is asked for within the next
`horizon` seconds with chance p = 1 - exp(H(a) - H(a + horizon)), H(t) = (t / scale) ** shape. What is dropped is what has the lowest
p * fetch_seconds per byte, the last of a model's extents first. Guesses: what is not here and worth `gain` times more than what it displaces.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Drop, Fetch, Item, Policy, Record, Suggestion, View

MOST_DEVIATION = 64.0
LEAST_SHAPE, MOST_SHAPE = 0.25, 3.0


@dataclass(frozen=True, slots=True)
class ArrivalsParameters:
    """`horizon` in seconds, 0.01 to 1e3; `weight` of the newest gap, 0.001 to 1; `pooled` gaps of all models for the variation of one, 0 to 1000;
    `gain` that a guess must bring, 1 to 100, and 0 for no guesses; `session_seconds` within which uses are one request, 0 to 10."""

    horizon: float = 1.0
    weight: float = 0.03
    pooled: float = 20.0
    gain: float = 0.0
    session_seconds: float = 0.2


def weibull_chance(mean: float, variation: float, rest: float, horizon: float) -> float:
    """Of an event within `horizon` seconds, `rest` seconds after the last, where gaps have this mean and this deviation / mean."""
    shape = min(MOST_SHAPE, max(LEAST_SHAPE, max(variation, 0.1) ** -1.086))
    scale = mean / math.gamma(1 + 1 / shape)
    return 1 - math.exp((rest / scale) ** shape - ((rest + horizon) / scale) ** shape)


class _Gaps:
    """What is known of one model's requests: the last one's time, and of gaps their number, mean and squared variation."""

    __slots__ = ("count", "mean", "since", "squared")

    def __init__(self, time: float) -> None:
        self.since = time
        self.count = 0
        self.mean, self.squared = 0.0, 1.0

    def add(self, time: float, weight: float) -> float:
        """A request came. Returns the gap's squared deviation in relation to the mean."""
        gap, self.since = time - self.since, time
        self.count += 1
        weight = max(weight, 1 / self.count)
        deviation = min(MOST_DEVIATION, (gap / self.mean - 1) ** 2) if self.mean else 1.0
        self.squared += weight * (deviation - self.squared)
        self.mean += weight * (gap - self.mean)
        return deviation


class Arrivals(Policy):
    """See above."""

    def __init__(self, parameters: ArrivalsParameters | None = None) -> None:
        self._parameters = parameters or ArrivalsParameters()
        self.guesses = self._parameters.gain > 0
        self._items: dict[int, Item] = {}
        self._gaps: dict[str, _Gaps] = {}
        self._all_squared = 1.0

    def arrived(self, item: Item, time: float) -> None:
        self._items[item.id] = item

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            if item := self._items.get(record.extent):
                for model in item.models:
                    gaps = self._gaps.get(model)
                    if gaps is None:
                        self._gaps[model] = _Gaps(record.time)
                    elif record.time > gaps.since + self._parameters.session_seconds:
                        deviation = gaps.add(record.time, self._parameters.weight)
                        self._all_squared += 0.001 * (deviation - self._all_squared)

    def chances(self, time: float) -> dict[str, float]:
        """Of each model that was ever used, the chance that it is asked for within the horizon."""
        return {model: self._chance(gaps, time - gaps.since) for model, gaps in self._gaps.items()}

    def _chance(self, gaps: _Gaps, rest: float) -> float:
        wide = self._parameters
        if not gaps.mean:
            return weibull_chance(2 * max(wide.horizon, rest), self._all_squared**0.5, rest, wide.horizon)
        count = min(gaps.count, 1 / wide.weight)
        squared = (count * gaps.squared + wide.pooled * self._all_squared) / (count + wide.pooled)
        mean = (gaps.mean * count + rest) / (count + 1)
        return weibull_chance(mean, squared**0.5, rest, wide.horizon)

    def suggest(self, view: View) -> Iterator[Suggestion]:
        chances = self.chances(view.time)

        def cost(item: Item) -> float:
            return item.fetch_seconds * max((chances.get(model, 0.0) for model in item.models), default=0.0)

        if view.need_frames:
            ranked = [
                (cost(item) / item.bytes, -item.order, item.id)
                for item in map(view.item, view.resident)
                if item.id not in view.held
            ]
            for _, _, extent in sorted(ranked):
                yield Drop(extent, cost(view.item(extent)))
            return
        absent = [
            (-cost(item) / item.bytes, item.order, item.id) for item in self._items.values() if view.fetchable(item.id)
        ]
        for worth, _, extent in sorted(absent):
            if worth:
                yield Fetch(extent, cost(view.item(extent)) / self._parameters.gain)
