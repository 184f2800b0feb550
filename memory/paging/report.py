"""What a pager says of itself."""

from dataclasses import dataclass

from aweigh.memory.residency.counters import Counters


@dataclass(frozen=True, slots=True)
class ArenaReport:
    """In frames of 2 MiB. `counters` since the pager began; `resident` numbers of regions."""

    frames: int
    weight_frames: int
    kv_frames: int
    policy: str
    counters: Counters
    resident: frozenset[int]
