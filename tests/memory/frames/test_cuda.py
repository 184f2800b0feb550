"""Frames of a CUDA device over a fake driver: whatever call fails, the books stay true; and what the device cannot do is said."""

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples
from tests.memory.frames.fake_driver import FakeDriver

from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.frames.driver import Access

ROOT = Path(__file__).parents[3]


def test_a_run_of_frames_is_allowed_and_unmapped_by_one_call() -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 8)
    place = pool.reserve(8)
    before = dict(driver.calls)
    pool.back(place)
    pool.seal(place)
    pool.strip(place)
    assert {name: driver.calls[name] - before[name] for name in ("map", "allow", "unmap")} == {
        "map": 8,
        "allow": 2,
        "unmap": 1,
    }
    driver.check()


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_map_that_fails_in_the_middle_leaves_the_place_as_it_was(call: int) -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 4)
    place = pool.reserve(3)
    driver.fail("map", call)
    with pytest.raises(MemoryError, match="told to fail"):
        pool.back(place)
    assert not place.backed and pool.free == 4 and not driver.mapped
    pool.check_integrity()
    pool.back(place)
    driver.check()


def test_access_that_is_refused_leaves_nothing_mapped() -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 4)
    place = pool.reserve(3)
    pool.back(place, 0, 1)
    driver.fail("allow", 1)
    with pytest.raises(OSError, match="told to fail"):
        pool.back(place, 1, 2)
    assert place.backed == {0} and pool.free == 3
    pool.check_integrity()


def test_what_the_driver_does_not_take_back_still_counts_as_mapped() -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 4)
    place = pool.reserve(3)
    driver.fail("allow", 1)
    driver.fail("unmap", 1, 2)
    with pytest.raises(OSError, match="told to fail"):
        pool.back(place)
    assert len(place.backed) + pool.free == 4
    pool.check_integrity()
    pool.empty(place)
    assert pool.free == 4
    driver.check()


def test_mappings_that_go_one_by_one_only_go_one_by_one() -> None:
    driver = FakeDriver()
    driver.many_at_once = False
    pool = CudaFrames(driver, 4)
    place = pool.reserve(4)
    pool.back(place)
    pool.strip(place)
    assert pool.free == 4 and not driver.mapped
    driver.check()


@settings(max_examples=150, deadline=None)
@given(
    lists(tuples(sampled_from(["map", "allow", "unmap"]), integers(1, 12)), max_size=5),
    lists(tuples(integers(0, 1), sampled_from(["back", "empty", "seal"])), max_size=12),
)
def test_books_are_true_whatever_fails(faults: list[tuple[str, int]], steps: list[tuple[int, str]]) -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 5)
    places = [pool.reserve(2), pool.reserve(3)]
    for call in ("map", "allow", "unmap"):
        driver.fail(call, *[number for name, number in faults if name == call])
    for number, step in steps:
        place = places[number]
        try:
            if step == "back" and not place.backed:
                pool.back(place)
            elif step == "empty":
                pool.empty(place)
            elif step == "seal" and len(place.backed) == place.frames:
                pool.seal(place)
        except (OSError, MemoryError):
            pass
        pool.check_integrity()
        assert {at for at in driver.mapped} == {p.address + i * FRAME_BYTES for p in places for i in p.backed}
    driver.check()


@pytest.mark.parametrize("call", [1, 3])
def test_a_device_without_room_is_one_sentence_and_gives_back_what_it_gave(call: int) -> None:
    driver = FakeDriver()
    driver.fail("create", call)
    with pytest.raises(MemoryError, match=rf"room for {call - 1} of 4 frames of 2 MiB.*smaller --arena-bytes"):
        CudaFrames(driver, 4)
    assert driver.used == 0 and not driver.handles


def test_what_the_device_cannot_be_is_said() -> None:
    with pytest.raises(ValueError, match="pieces of 4194304 bytes, which no frame of 2 MiB is made of"):
        CudaFrames(FakeDriver(granularity=4 << 20), 4)
    with pytest.raises(ValueError, match="more than the 4194304 bytes of cpu"):
        CudaFrames(FakeDriver(size=4 << 20), 3)
    assert CudaFrames(FakeDriver(granularity=64 << 10), 2).free == 2


@pytest.mark.parametrize("seals", [True, False])
def test_weights_are_read_only_where_the_driver_can(seals: bool) -> None:
    driver = FakeDriver(seals=seals)
    pool = CudaFrames(driver, 2)
    place = pool.reserve(2)
    pool.back(place)
    pool.seal(place)
    assert set(driver.access.values()) == {Access.READ if seals else Access.READ_WRITE}
    pool.empty(place)
    driver.check()


def test_addresses_go_with_the_last_view_and_all_the_memory_at_the_end() -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 4)
    gc.collect()
    before = len(driver.ranges)
    for _ in range(100):
        place = pool.reserve(4)
        view = place.bytes_B[FRAME_BYTES:].view(-1, 4096)
        pool.back(place)
        pool.release(place)
        del place
        assert len(driver.ranges) == before + 1
        del view
        assert len(driver.ranges) == before
    pool.fence().wait()
    pool.close()
    assert driver.used == 0 and not driver.handles and not driver.events
    driver.check()


def test_fences_pass_in_order_and_give_their_events_back() -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 1)
    place = pool.reserve(1)
    pool.back(place)
    driver.slow.add(1)
    driver.launch(1, place.address, 100)
    first, second = pool.fence(), pool.fence()
    assert (first.stream, second.stream) == (1, 1) and first.number < second.number
    assert not first.has_passed() and not second.has_passed()
    driver.finish(1)
    first.wait()
    assert first.has_passed() and second.has_passed()
    del first, second
    for _ in range(100):
        pool.fence()
    assert len(driver.events) == 2


def test_the_fake_sees_what_a_card_would_not_survive() -> None:
    driver = FakeDriver()
    pool = CudaFrames(driver, 1)
    place = pool.reserve(1)
    pool.back(place)
    driver.slow.add(1)
    driver.launch(1, place.address, 100)
    pool.strip(place)
    with pytest.raises(AssertionError, match="cuMemUnmap under a kernel"):
        driver.check()


def test_what_is_not_mapped_cannot_be_touched() -> None:
    script = """
from tests.memory.frames.fake_driver import FakeDriver
from aweigh.memory.frames.cuda import CudaFrames
pool = CudaFrames(FakeDriver(), 1)
place = pool.reserve(1)
pool.back(place)
view = place.bytes_B
view.fill_(1)
pool.strip(place)
int(view[0])
"""
    ran = subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT, env={**os.environ})
    assert ran.returncode == -signal.SIGSEGV
