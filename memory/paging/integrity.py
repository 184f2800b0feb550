"""What holds between any two events of a pager. For tests: it looks at everything."""

from collections.abc import Mapping

from aweigh.memory.frames.core import FramePool
from aweigh.memory.paging.paged import Paged
from aweigh.memory.residency.manager import Manager


def check(manager: Manager, frames: FramePool, paged: Mapping[int, Paged]) -> None:
    """Proves that manager and frames agree, or raises AssertionError."""
    manager.check_integrity()
    frames.check_integrity()
    for number in manager.resident:
        place = paged[number].place
        assert len(place.backed) == place.frames or place.shows_file
    assert sum(len(one.place.backed) for one in paged.values()) <= manager.frames_used
