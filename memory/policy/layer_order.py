"""Layer order: a model that runs uses its extents in one order, round after round, so their next uses are known.

Drops the extent whose next use is furthest, which for a model that streams through a smaller arena is MIN, where LRU misses everything:
the layer that was just used comes last again. Extents of models that do not run go first, least recently used, or most recently where models are asked for in turn (`duel.py`). Guesses: the next `depth` extents of each model
that runs. Distances of models that run at once are compared in extents; a model counts as running until it was idle for a while.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Drop, Fetch, Policy, Record, Suggestion, View
from aweigh.memory.policy.duel import Duel


@dataclass(frozen=True, slots=True)
class LayerOrderParameters:
    """`depth` in extents ahead, 0 to 64; `idle_seconds` until a model that rests does not run, 0.001 to 3600."""

    depth: int = 2
    idle_seconds: float = 1.0


class LayerOrder(Policy):
    """See above."""

    def __init__(self, parameters: LayerOrderParameters | None = None) -> None:
        self._parameters = parameters or LayerOrderParameters()
        self.guesses = self._parameters.depth > 0
        self._last: dict[int, float] = {}
        self._rounds: dict[str, list[int]] = {}
        self._index: dict[tuple[str, int], int] = {}
        self._known = (-1, -1)
        self._duel = Duel()
        self._heads: dict[int, tuple[str, int]] = {}  # by a model's first extent, its name and frames
        self._budget = 0

    def observe(self, records: Sequence[Record]) -> None:
        for record in records:
            self._last[record.extent] = record.time
            if (head := self._heads.get(record.extent)) is not None:
                self._duel.use(*head, self._budget)

    def suggest(self, view: View) -> Iterator[Suggestion]:
        self._learn(view)
        self._budget = view.budget_frames
        places = self._places(view)
        if not view.need_frames:
            return self._guesses(view, places)
        return self._drops(view, places)

    def _learn(self, view: View) -> None:
        """Orders of models, anew when there are other extents."""
        known = (view.registered, len(view.items))
        if self._known == known:
            return
        self._known = known
        self._rounds = {}
        for item in sorted(view.items.values(), key=lambda item: (item.order, item.id)):
            for model in item.models:
                self._rounds.setdefault(model, []).append(item.id)
        sizes = view.items
        self._heads = {order[0]: (m, sum(sizes[e].frames for e in order)) for m, order in self._rounds.items()}
        self._index = {(m, extent): at for m, order in self._rounds.items() for at, extent in enumerate(order)}
        self._last = {extent: time for extent, time in self._last.items() if extent in view.items}

    def _places(self, view: View) -> dict[str, int]:
        """Of each model that runs, the index of the extent that it uses next."""
        places = {}
        for model, order in self._rounds.items():
            last = max(order, key=lambda extent: self._last.get(extent, -1.0))
            if view.time - self._last.get(last, -1e9) <= self._parameters.idle_seconds:
                places[model] = (self._index[model, last] + 1) % len(order)
        for model, place in view.running.items():
            if model in self._rounds:
                round_ = enumerate(self._rounds[model])
                places[model] = next((at for at, e in round_ if view.items[e].order >= place), 0)
        return places

    def _distance(self, view: View, places: dict[str, int], extent: int) -> int:
        """Uses until its next, at the model that gets there first."""
        found = [
            (self._index[model, extent] - places[model]) % len(self._rounds[model])
            for model in view.item(extent).models
            if model in places
        ]
        return min(found, default=1 << 30)

    def _drops(self, view: View, places: dict[str, int]) -> Iterator[Suggestion]:
        resting = [e for e in view.resident if not any(m in places for m in view.item(e).models)]
        if self._duel.recent_first:
            resting.reverse()
        yield from (Drop(extent) for extent in resting if extent not in view.held)
        walks = []
        for model, place in places.items():
            order = self._rounds[model]
            walks.append(
                [(step - len(order) + 1, order[(place - 1 - step) % len(order)]) for step in range(len(order))]
            )
        for negative, extent in heapq.merge(*walks):
            if view.droppable(extent) and self._distance(view, places, extent) == -negative:
                yield Drop(extent, view.item(extent).fetch_seconds / (1 - negative))

    def _guesses(self, view: View, places: dict[str, int]) -> Iterator[Suggestion]:
        for step in range(self._parameters.depth):
            for model, place in places.items():
                order = self._rounds[model]
                extent = order[(place + step) % len(order)]
                if step < len(order) and view.fetchable(extent):
                    yield Fetch(extent, view.item(extent).fetch_seconds / (1 + step))
