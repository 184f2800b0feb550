"""What holds of every pool of frames: bytes stay where they were written, nothing is lost. A CUDA pool stands on a fake driver."""

import gc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import booleans, integers
from tests.memory.frames.fake_driver import FakeDriver

from aweigh.memory.frames.core import FRAME_BYTES, FramePool, Place
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.frames.host import HostFrames

FRAMES = 8
Open = Callable[[int], FramePool]


def open_cuda(frames: int) -> CudaFrames:
    return CudaFrames(FakeDriver(), frames)


@pytest.fixture(params=[HostFrames, open_cuda], ids=["host", "cuda"])
def open_pool(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_bytes_stay_where_they_were_written(open_pool: Open) -> None:
    pool = open_pool(4)
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


def test_a_place_is_backed_in_part(open_pool: Open) -> None:
    pool = open_pool(3)
    place = pool.reserve(100)
    pool.back(place, 40, 2)
    pool.back(place, 7, 1)
    place.bytes_B[40 * FRAME_BYTES : 42 * FRAME_BYTES].fill_(5)
    assert place.backed == {7, 40, 41} and pool.free == 0 and not place.shows_file
    pool.strip(place, 40, 1)
    assert place.backed == {7, 41} and int(place.bytes_B[42 * FRAME_BYTES - 1]) == 5
    pool.check_integrity()
    pool.empty(place)
    assert not place.backed and pool.free == 3
    pool.check_integrity()


def test_a_sealed_place_is_written_anew_once_it_was_emptied(open_pool: Open) -> None:
    pool = open_pool(2)
    place = pool.reserve(2)
    for value in (1, 2):
        pool.back(place)
        place.bytes_B.fill_(value)
        pool.seal(place)
        assert (place.bytes_B == value).all()
        pool.empty(place)
    pool.check_integrity()


def test_a_view_that_outlives_its_place_keeps_the_addresses(open_pool: Open) -> None:
    pool = open_pool(1)
    place = pool.reserve(1)
    view = place.bytes_B
    address = place.address
    pool.release(place)
    del place
    gc.collect()
    others = [pool.reserve(1) for _ in range(16)]
    assert view.data_ptr() == address and all(other.address != address for other in others)


def test_what_is_written_aside_is_there(open_pool: Open) -> None:
    pool = open_pool(1)
    place = pool.reserve(1)
    pool.back(place)
    with pool.writing():
        place.bytes_B.fill_(4)
    assert (place.bytes_B == 4).all()


class Frames(RuleBasedStateMachine):
    """Places come, are backed in part, stripped and released; every byte is compared with what was written last."""

    places = Bundle("places")

    @initialize(cuda=booleans())
    def begin(self, cuda: bool) -> None:
        self.pool: FramePool = open_cuda(FRAMES) if cuda else HostFrames(FRAMES)
        self.written: dict[int, dict[int, int]] = {}
        self.alive: dict[int, Place] = {}
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
    def empty(self, number: int) -> None:
        if number in self.alive:
            self.pool.empty(self.alive[number])
            self.written[number].clear()

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
TestFrames.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
