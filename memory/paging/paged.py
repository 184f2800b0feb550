"""A region that somebody maps: where it lies, and who uses it."""

from collections import Counter
from dataclasses import dataclass, field
from math import inf

from aweigh.memory.frames.core import Place
from aweigh.memory.policy.base import Item
from aweigh.memory.region import Region


@dataclass(slots=True)
class Paged:
    """`models` by name, with the region's place in the order of use; `loads`: how often each of them has loaded it. `leaving`: nobody maps it any more. `used_at`: seconds; -inf: never."""

    region: Region
    place: Place
    models: dict[str, int]
    leaving: bool = False
    loads: Counter[str] = field(default_factory=Counter)
    used_at: float = -inf

    def item(self, number: int, bytes_per_second: float) -> Item:
        """What the manager knows of it."""
        region = self.region
        order = min(self.models.values(), default=0)
        return Item(number, region.frames, region.length, tuple(self.models), order, region.seconds(bytes_per_second))
