"""What a replay gave: stalls, bytes, and what deciding cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aweigh.memory.residency.counters import Counters


@dataclass(slots=True)
class Outcome:
    """`request_stalls`: seconds that each request waited for weights, in the order in which they ended; `request_times`: when each came. `token_stalls`: the same per token, of tokens that waited at all, of
    `tokens` in all. `used_bytes`: of extents, once per request. `decider_seconds`: real time in the manager and its policy."""

    counters: Counters
    request_stalls: list[float] = field(default_factory=list)
    request_times: list[float] = field(default_factory=list)
    token_stalls: list[float] = field(default_factory=list)
    tokens: int = 0
    used_bytes: int = 0
    moved_bytes: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    decider_seconds: float = 0.0
    events: int = 0

    @property
    def stall_seconds(self) -> float:
        """All of it."""
        return sum(self.request_stalls)

    def stall_by_window(self, seconds: float) -> list[float]:
        """The stall of requests that came in each window of so many seconds."""
        sums = [0.0] * (1 + int(max(self.request_times, default=0.0) / seconds))
        for time, stall in zip(self.request_times, self.request_stalls, strict=True):
            sums[int(time / seconds)] += stall
        return sums

    @property
    def hit_ratio(self) -> float:
        """Extents that were there when they were needed."""
        asked = self.counters.hits + self.counters.late + self.counters.misses
        return self.counters.hits / asked if asked else 0.0

    @property
    def moved_per_used(self) -> float:
        """Bytes fetched per byte that requests used."""
        return self.counters.fetched_bytes / self.used_bytes if self.used_bytes else 0.0

    @property
    def microseconds_per_record(self) -> float:
        """What deciding costs per record of a use."""
        return self.decider_seconds * 1e6 / self.counters.records if self.counters.records else 0.0

    def token_stall(self, share: float) -> float:
        """The stall below which `share` of the tokens lie, in seconds."""
        return percentile(self.token_stalls, share, self.tokens - len(self.token_stalls))

    def request_stall(self, share: float) -> float:
        """The stall below which `share` of the requests lie, in seconds."""
        return percentile(self.request_stalls, share)


def percentile(values: Sequence[float], share: float, zeros: int = 0) -> float:
    """By the nearest rank, with so many zeros more."""
    place = int(share * (len(values) + zeros)) - zeros
    return 0.0 if place < 0 or not values else sorted(values)[min(place, len(values) - 1)]
