"""Working set: what a model used in its first run is fetched again, in that order, as soon as it begins another.

Ustiugov et al.: Benchmarking, analysis, and optimization of serverless function snapshots (REAP). ASPLOS 2021: the pages that a function touches are
nearly the same each time, so a recording of the first run is the cheapest prefetch for cold starts. Drops are those of LRU. A run ends when its
model was idle for a while; a run that used what the recording lacks is recorded anew, so that a first run that was cut short does no harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Fetch, Item, Record, Suggestion, View
from aweigh.memory.policy.lru import LRU


@dataclass(frozen=True, slots=True)
class WorkingSetParameters:
    """`idle_seconds` end a run, 0.01 to 3600."""

    idle_seconds: float = 5.0


class WorkingSet(LRU):
    """See above."""

    guesses = True

    def __init__(self, parameters: WorkingSetParameters | None = None) -> None:
        super().__init__()
        self._idle = (parameters or WorkingSetParameters()).idle_seconds
        self._models: dict[int, tuple[str, ...]] = {}
        self._last: dict[str, float] = {}
        self._recorded: dict[str, dict[int, None]] = {}
        self._current: dict[str, dict[int, None]] = {}

    def arrived(self, item: Item, time: float) -> None:
        super().arrived(item, time)
        self._models[item.id] = item.models

    def observe(self, records: Sequence[Record]) -> None:
        super().observe(records)
        for record in records:
            for model in self._models.get(record.extent, ()):
                if record.time - self._last.get(model, -1e9) > self._idle:
                    self._finish(model)
                self._last[model] = record.time
                self._current.setdefault(model, {})[record.extent] = None

    def _finish(self, model: str) -> None:
        run = self._current.pop(model, {})
        if run.keys() - self._recorded.get(model, {}).keys():
            self._recorded[model] = run

    def suggest(self, view: View) -> Iterator[Suggestion]:
        if view.need_frames:
            yield from super().suggest(view)
            return
        for model in set(view.running) | {m for m, last in self._last.items() if view.time - last <= self._idle}:
            if view.time - self._last.get(model, -1e9) > self._idle:
                self._finish(model)
            for extent in self._recorded.get(model, ()):
                if view.fetchable(extent):
                    yield Fetch(extent, view.item(extent).fetch_seconds)
