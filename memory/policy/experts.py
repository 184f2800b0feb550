"""Expert prefetch: which experts of a layer were used says which of the next layer will be.

Xue et al.: MoE-Infinity: offloading-efficient MoE model serving. arXiv 2401.14361, 2024, trace activations of experts across layers and fetch ahead; here it is
reduced to pairs of neighbouring layers: how often expert b of the next layer was used when a was. Extents of one model with the same
`order` are alternatives (experts of one layer). Counts fade, so that another kind of prompt is learned. Drops are those of LRU.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Fetch, Item, Record, Suggestion, View
from aweigh.memory.policy.lru import LRU


@dataclass(frozen=True, slots=True)
class ExpertsParameters:
    """`depth` experts of the next layer at most, 0 to 64, each with at least the `chance` (0 to 1); counts are halved after `fade` uses of an
    expert, 16 to 1e6."""

    depth: int = 4
    chance: float = 0.3
    fade: int = 256


class Experts(LRU):
    """See above."""

    guesses = True

    def __init__(self, parameters: ExpertsParameters | None = None) -> None:
        super().__init__()
        self._parameters = parameters or ExpertsParameters()
        self._items: dict[int, Item] = {}
        self._uses: dict[int, int] = {}
        self._pairs: dict[int, dict[int, float]] = {}
        self._layer: dict[str, tuple[int, set[int]]] = {}
        self._before: dict[str, set[int]] = {}

    def arrived(self, item: Item, time: float) -> None:
        super().arrived(item, time)
        self._items[item.id] = item

    def observe(self, records: Sequence[Record]) -> None:
        super().observe(records)
        for record in records:
            if item := self._items.get(record.extent):
                for model in item.models:
                    self._use(model, item)

    def _use(self, model: str, item: Item) -> None:
        order, used = self._layer.get(model, (-1, set()))
        if item.order != order or item.id in used:
            self._before[model], used = used, set()
            self._layer[model] = (item.order, used)
        used.add(item.id)
        self._uses[item.id] = self._uses.get(item.id, 0) + 1
        for earlier in self._before[model]:
            counts = self._pairs.setdefault(earlier, {})
            counts[item.id] = counts.get(item.id, 0) + 1
        if self._uses[item.id] >= self._parameters.fade:
            self._uses[item.id] //= 2
            for following, count in self._pairs.get(item.id, {}).items():
                self._pairs[item.id][following] = count / 2

    def likely(self, model: str) -> list[tuple[float, int]]:
        """Extents of the model's next layer with the chance that they are used, the likeliest first."""
        _, used = self._layer.get(model, (-1, set[int]()))
        chances: dict[int, float] = {}
        for earlier in used:
            for following, count in self._pairs.get(earlier, {}).items():
                chances[following] = max(chances.get(following, 0.0), min(1.0, count / self._uses[earlier]))
        best = sorted(((chance, extent) for extent, chance in chances.items()), reverse=True)
        return [pair for pair in best if pair[0] >= self._parameters.chance][: self._parameters.depth]

    def suggest(self, view: View) -> Iterator[Suggestion]:
        if view.need_frames:
            yield from super().suggest(view)
            return
        for model in view.running:
            for chance, extent in self.likely(model):
                if view.fetchable(extent):
                    yield Fetch(extent, chance * view.item(extent).fetch_seconds)
