"""What a pager says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from aweigh.memory.residency.counters import Counters


@dataclass(frozen=True, slots=True)
class ArenaReport:
    """In frames of 2 MiB. `counters` since the pager began; `regions` with their frames by number, and which are `resident`."""

    frames: int
    weight_frames: int
    kv_frames: int
    policy: str
    counters: Counters
    regions: Mapping[int, int]
    resident: frozenset[int]
