"""Frames of a CPU: what is moved keeps its bytes, nothing is lost, and what was stripped cannot be read."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import integers

from aweigh.memory.frames.core import FRAME_BYTES, frames_for
from aweigh.memory.frames.host import HostFrames, HostPlace, most_frames

FRAMES = 8


def test_frames_hold_so_many_bytes() -> None:
    assert [frames_for(size) for size in (0, 1, FRAME_BYTES, FRAME_BYTES + 1)] == [0, 1, 1, 2]


def test_bytes_stay_where_they_were_written() -> None:
    pool = HostFrames(4)
    first, second = pool.reserve(2), pool.reserve(2)
    pool.back(first)
    pool.back(second)
    first.bytes_B.fill_(1)
    second.bytes_B.fill_(2)
    pool.seal(first)
    assert pool.free == 0
    assert (first.bytes_B == 1).all() and (second.bytes_B == 2).all()
    pool.strip(first)
    third = pool.reserve(1)
    pool.back(third)
    third.bytes_B.fill_(3)
    assert pool.free == 1 and (second.bytes_B == 2).all()
    pool.check_integrity()


def test_a_place_is_backed_in_part() -> None:
    pool = HostFrames(2)
    place = pool.reserve(100)
    pool.back(place, 40, 2)
    place.bytes_B[40 * FRAME_BYTES : 42 * FRAME_BYTES].fill_(5)
    assert place.backed == {40, 41} and pool.free == 0
    pool.strip(place, 40, 1)
    assert place.backed == {41} and int(place.bytes_B[42 * FRAME_BYTES - 1]) == 5
    pool.check_integrity()


def test_a_view_that_outlives_its_place_keeps_the_addresses() -> None:
    pool = HostFrames(1)
    place = pool.reserve(1)
    view = place.bytes_B
    address = place.address
    pool.release(place)
    del place
    others = [pool.reserve(1) for _ in range(16)]
    assert view.data_ptr() == address and all(other.address != address for other in others)


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


class Frames(RuleBasedStateMachine):
    """Places come, are backed in part, stripped and released; every byte is compared with what was written last."""

    places = Bundle("places")

    @initialize()
    def begin(self) -> None:
        self.pool = HostFrames(FRAMES)
        self.written: dict[int, dict[int, int]] = {}
        self.alive: dict[int, HostPlace] = {}
        self.next = 0

    @rule(target=places, frames=integers(1, 4))
    def reserve(self, frames: int) -> int:
        self.next += 1
        self.alive[self.next] = self.pool.reserve(frames)
        self.written[self.next] = {}
        return self.next

    @precondition(lambda self: self.pool.free)
    @rule(number=places, index=integers(0, 3), value=integers(0, 255))
    def back(self, number: int, index: int, value: int) -> None:
        place = self.alive.get(number)
        if place is None or index >= place.frames or index in place.backed:
            return
        self.pool.back(place, index, 1)
        place.bytes_B[index * FRAME_BYTES :: 4096][:512].fill_(value)
        self.written[number][index] = value

    @rule(number=places, index=integers(0, 3))
    def strip(self, number: int, index: int) -> None:
        place = self.alive.get(number)
        if place is not None and index in place.backed:
            self.pool.strip(place, index, 1)
            del self.written[number][index]

    @rule(number=places)
    def release(self, number: int) -> None:
        place = self.alive.pop(number, None)
        if place is not None:
            self.pool.release(place)
            del self.written[number]

    @invariant()
    def nothing_is_lost(self) -> None:
        self.pool.check_integrity()
        assert self.pool.free == FRAMES - sum(map(len, self.written.values()))
        for number, frames in self.written.items():
            view = self.alive[number].bytes_B
            for index, value in frames.items():
                assert (view[index * FRAME_BYTES : (index + 1) * FRAME_BYTES : 4096] == value).all()


TestFrames = Frames.TestCase
TestFrames.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
