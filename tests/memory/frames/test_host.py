"""Frames of a CPU: what only they can do, and what was stripped cannot be read. What all pools do is in `test_pools.py`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aweigh.memory.frames.core import FRAME_BYTES, frames_for
from aweigh.memory.frames.host import HostFrames, most_frames


def test_frames_hold_so_many_bytes() -> None:
    assert [frames_for(size) for size in (0, 1, FRAME_BYTES, FRAME_BYTES + 1)] == [0, 1, 1, 2]


def test_a_file_is_shown_and_concealed(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(os.urandom(FRAME_BYTES + 5000))
    pool = HostFrames(2)
    place = pool.reserve(2)
    with path.open("rb") as file:
        pool.show(place, 0, file.fileno(), 4096, FRAME_BYTES + 904)
    assert place.bytes_B[: FRAME_BYTES + 904].numpy().tobytes() == path.read_bytes()[4096:]
    assert pool.free == 2
    pool.empty(place)
    pool.back(place)
    place.bytes_B.fill_(9)
    pool.release(place)
    pool.check_integrity()


def test_more_frames_than_the_system_has_mappings_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aweigh.memory.frames.host.most_frames", lambda: 3)
    with pytest.raises(ValueError, match=r"raise vm\.max_map_count"):
        HostFrames(4)
    assert most_frames() > 3


def test_an_arena_larger_than_the_machine_is_refused() -> None:
    with pytest.raises(ValueError, match=r"more than the \d+ bytes of this machine"):
        HostFrames(psutil.virtual_memory().total // FRAME_BYTES + 1)


@pytest.mark.parametrize("access", ["int(view[0])", "pool.seal(place); view[0] = 1"])
def test_what_may_not_be_touched_ends_the_process(access: str) -> None:
    stripped = "" if "seal" in access else "pool.strip(place)"
    script = f"""
from aweigh.memory.frames.host import HostFrames
pool = HostFrames(1)
place = pool.reserve(1)
pool.back(place)
view = place.bytes_B
view.fill_(1)
{stripped}
{access}
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGSEGV


def test_touching_makes_what_is_free_resident_and_nothing_else() -> None:
    pool = HostFrames(16)
    place = pool.reserve(4)
    pool.back(place)
    before = psutil.Process().memory_info().rss
    touching = pool.touch()
    next(touching)
    pool.strip(place, 0, 2)
    assert sum(1 for _ in touching) == 15
    grown = psutil.Process().memory_info().rss - before
    assert 13 * FRAME_BYTES <= grown <= 15 * FRAME_BYTES, "two frames are in the place, untouched"
    pool.check_integrity()
    pool.release(place)
