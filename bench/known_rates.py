"""A policy that no worker can have: it knows every model's rate and variation in each window, which others must learn from the past.

The bound for policies that predict (`Arrivals`): the same ranking by the chance of a request within a horizon, from true parameters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from aweigh.memory.policy.arrivals import Arrivals, ArrivalsParameters, weibull_chance
from aweigh.memory.policy.base import Record
from aweigh.memory.replay.servegen import WINDOW, ClientWindow

SESSION = 1.0


class KnownRates(Arrivals):
    """`rows` by client and number of the window; `shaped` False takes gaps as exponential, whatever their variation."""

    def __init__(
        self, rows: Mapping[tuple[str, int], ClientWindow], share: float, horizon: float, shaped: bool
    ) -> None:
        super().__init__(ArrivalsParameters(horizon=horizon))
        self._rows = rows
        self._share = share
        self._horizon = horizon
        self._shaped = shaped
        self._last: dict[str, float] = {}

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            if item := self._items.get(record.extent):
                for model in item.models:
                    if record.time > self._last.get(model, -math.inf) + SESSION:
                        self._last[model] = record.time

    def chances(self, time: float) -> dict[str, float]:
        return {model: self._chance(model, time, last) for model, last in self._last.items()}

    def _chance(self, model: str, time: float, last: float) -> float:
        row = self._rows.get((model, int(time // WINDOW)))
        if row is None:
            return 0.0
        mean = 1 / (row.rate * self._share)
        return weibull_chance(mean, row.variation if self._shaped else 1.0, time - last, self._horizon)
