"""Arrivals: keeps the models that are likely to be asked for soon, by the stall that their absence would cost.

Lists of what was used lie 4 to 19 points of hits below MIN on request traces, and differ by 1 to 4 among themselves: the lever is to predict when a
model is next asked for. Requests of a model come as a renewal process; ranking by its hazard rate bounds every policy that does not know the
future (Panigrahy, Nain, Neglia, Towsley: A new upper bound on cache hit probability for non-anticipative caching policies, 2020). The gaps between
requests are taken as Weibull: burstier than Poisson below shape 1, more regular above, which fits request logs (ServeGen, arXiv 2505.09999).

Per model the mean gap and the mean squared gap fade with a weight per gap; shape = variation ** -1.086 (Justus et al., 1978), scale from the mean.
A model that has rested for `a` seconds is asked for within the next `horizon` seconds with chance p = 1 - exp(H(a) - H(a + horizon)),
H(t) = (t / scale) ** shape. What is dropped is what has the lowest p * fetch_seconds per byte. A model with less than two gaps is taken to be
Poisson with a rate of a use per time since the first. Guesses: what is not here and worth `gain` times more than what it would displace.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Drop, Fetch, Item, Policy, Record, Suggestion, View

MOST_VARIATION = 8.0
LEAST_VARIATION = 0.1


@dataclass(frozen=True, slots=True)
class ArrivalsParameters:
    """`horizon` in seconds, 0.01 to 1e4; `weight` of the newest gap, 0.001 to 1; `shaped` 0 takes all models as Poisson, 1 as Weibull, 0 to 1;
    `gain` that a guess must bring, 1 to 100, and 0 for no guesses; `session_seconds` within which uses are one request, 0 to 60."""

    horizon: float = 1.0
    weight: float = 0.02
    shaped: float = 1.0
    gain: float = 0.0
    session_seconds: float = 1.0


class _Gaps:
    """What is known of one model's requests."""

    __slots__ = ("count", "mean", "scale", "shape", "since", "square", "start")

    def __init__(self, time: float) -> None:
        self.start = self.since = time
        self.count = 0
        self.mean = self.square = self.scale = 0.0
        self.shape = 1.0

    def add(self, time: float, parameters: ArrivalsParameters) -> None:
        gap, self.since = time - self.since, time
        self.count += 1
        weight = max(parameters.weight, 1 / self.count)
        self.mean += weight * (gap - self.mean)
        self.square += weight * (gap * gap - self.square)
        deviation = math.sqrt(max(0.0, self.square - self.mean * self.mean))
        variation = min(MOST_VARIATION, max(LEAST_VARIATION, deviation / self.mean)) if self.mean else 1.0
        self.shape = 1 + parameters.shaped * (variation**-1.086 - 1) if self.count > 1 else 1.0
        self.scale = self.mean / math.gamma(1 + 1 / self.shape)

    def chance(self, time: float, horizon: float) -> float:
        """Of a request within `horizon` seconds."""
        rest = time - self.since
        if not self.scale:
            return 1 - math.exp(-horizon / max(horizon, time - self.start))
        before, after = (rest / self.scale) ** self.shape, ((rest + horizon) / self.scale) ** self.shape
        return 1 - math.exp(before - after)


class Arrivals(Policy):
    """See above."""

    def __init__(self, parameters: ArrivalsParameters | None = None) -> None:
        self._parameters = parameters or ArrivalsParameters()
        self.guesses = self._parameters.gain > 0
        self._items: dict[int, Item] = {}
        self._gaps: dict[str, _Gaps] = {}

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
                        gaps.add(record.time, self._parameters)

    def chances(self, time: float) -> dict[str, float]:
        """Of each model that was ever used, the chance that it is asked for within the horizon."""
        return {model: gaps.chance(time, self._parameters.horizon) for model, gaps in self._gaps.items()}

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
