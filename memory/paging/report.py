"""What a pager says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aweigh.memory.paging.paged import Paged
from aweigh.memory.residency.counters import Counters
from aweigh.memory.residency.manager import Manager


@dataclass(frozen=True, slots=True)
class ArenaReport:
    """In frames of 2 MiB. `counters` since the pager began; `regions` with their frames by number, and which are `resident`; `quarantined`: models whose weights cannot be had."""

    frames: int
    weight_frames: int
    kv_frames: int
    policy: str
    counters: Counters
    regions: Mapping[int, int]
    resident: frozenset[int]
    quarantined: frozenset[str] = frozenset()
    scrubbed_bytes: int = 0


def report_of(
    manager: Manager, paged: Mapping[int, Paged], frames: int, kv_frames: int, policy: str, scrubbed_bytes: int
) -> ArenaReport:
    """The report of this moment; nothing in it changes later."""
    return ArenaReport(
        frames,
        manager.frames_used,
        kv_frames,
        policy,
        replace(manager.counters),
        {number: one.place.frames for number, one in paged.items()},
        frozenset(manager.resident),
        manager.quarantined,
        scrubbed_bytes,
    )
