"""A model in the paged arena of a CUDA device: the fake driver keeps its books, its kernels run as late as they can, and the logits are the same.

Operators compute on the CPU, over memory that the driver has mapped; beside each of them a kernel is launched that reads the same regions, and is not
done before somebody waits for a fence behind it. Whatever is unmapped or overwritten under one is a fault that the driver remembers.
"""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from
from tests.engine.run.test_paged import KV, LARGE, SMALL, Paged
from tests.memory.frames.fake_driver import FakeDriver

from aweigh.engine.run import paged
from aweigh.engine.run.paged import PagedSteps
from aweigh.memory import region
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.mover.chunks import CHUNK_BYTES
from aweigh.memory.paging.medium import on_driver
from aweigh.memory.policy.table import POLICIES
from aweigh.proto.errors import CheckpointInvalid, Overloaded

Make = Callable[..., tuple[Paged, FakeDriver]]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    monkeypatch.setattr(region, "LARGE_BYTES", FRAME_BYTES)


@pytest.fixture(autouse=True)
def kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Launches a kernel for what a stage has read, as a device would have."""
    run, keep = PagedSteps._run, PagedSteps._keep_outputs

    def launch(steps: PagedSteps, numbers: tuple[int, ...]) -> None:
        pool = steps._pager.frames
        assert isinstance(pool, CudaFrames) and isinstance(pool._driver, FakeDriver)
        for number in numbers:
            place = steps._pager.place(number)
            pool._driver.launch(1, place.address, place.frames * FRAME_BYTES)

    def staged(steps: PagedSteps, r: Any, which: range) -> None:
        run(steps, r, which)
        launch(steps, next(stage.numbers for stage in steps.stages if stage.steps == which))

    def kept(steps: PagedSteps, r: Any) -> None:
        keep(steps, r)
        if steps._ticket:
            launch(steps, steps._all)

    monkeypatch.setattr(PagedSteps, "_run", staged)
    monkeypatch.setattr(PagedSteps, "_keep_outputs", kept)


def opened(wide: Any, frames: int, host_bytes: int = 0, **options: Any) -> tuple[Paged, FakeDriver]:
    driver = FakeDriver()
    driver.lazy = True
    one = Paged(
        wide,
        frames,
        map_cached=options.pop("map_cached", False),
        open_medium=lambda count: on_driver(driver, count, host_bytes),
        **options,
    )
    return one, driver


@pytest.fixture
def make(wide: Any) -> Iterator[Make]:
    made: list[tuple[Paged, FakeDriver]] = []

    def makes(frames: int, host_bytes: int = 0, **options: Any) -> tuple[Paged, FakeDriver]:
        made.append(opened(wide, frames, host_bytes, **options))
        return made[-1]

    yield makes
    for one, driver in made:
        one.close()
        driver.check()


def settled(one: Paged, driver: FakeDriver) -> None:
    """Everything that was dropped has left."""
    with one.pager._changed:
        assert one.pager._changed.wait_for(lambda: not one.pager._departures and not one.pager._carrier.busy, 60)
    one.pager.check_integrity()
    driver.check()


@pytest.mark.parametrize("frames", [SMALL, 16, LARGE])
@pytest.mark.parametrize("map_cached", [False, True])
def test_logits_are_the_same(make: Make, frames: int, map_cached: bool) -> None:
    one, driver = make(frames, map_cached=map_cached)
    assert all(one.right() for _ in range(3))
    driver.check()


def test_a_model_that_fits_is_copied_once(make: Make) -> None:
    one, driver = make(LARGE)
    assert one.right()
    copies = driver.calls["copy"]
    assert one.right() and one.right()
    assert driver.calls["copy"] == copies
    assert len(driver.events) < 64


def test_policies_change_between_steps_and_answers_do_not(make: Make) -> None:
    one, driver = make(16)
    for entry in POLICIES.values():
        one.pager.set_policy(entry.build({}))
        assert one.right() and one.right()
    driver.check()


def test_keys_and_values_push_weights_out_when_the_kernels_that_read_them_are_done(make: Make) -> None:
    one, driver = make(LARGE)
    for _ in range(2):
        assert one.right() and one.right(), "the second time with the ticket that the first one kept"
        before = one.pager.resident_frames
        assert one.pager.take_frames(20)
        assert one.pager.resident_frames < before
        driver.check()
        assert one.right()
        one.pager.give_frames(20)


def test_blocks_of_keys_and_values_are_given_back_when_the_kernels_that_read_them_are_done(make: Make) -> None:
    one, driver = make(SMALL)
    frames = one.arena.reserve(4 * FRAME_BYTES)
    for value in (1, 2):
        assert frames.want(FRAME_BYTES, 2 * FRAME_BYTES)
        assert not frames.bytes_B[FRAME_BYTES : 3 * FRAME_BYTES].any(), "what lay here before is gone"
        frames.bytes_B[FRAME_BYTES : 3 * FRAME_BYTES].fill_(value)
        driver.launch(1, frames.place.address + FRAME_BYTES, 2 * FRAME_BYTES)
        frames.forget(FRAME_BYTES, 2 * FRAME_BYTES)
        driver.check()
    driver.fail("map", 2)
    assert not frames.want(0, 2 * FRAME_BYTES), "what cannot be mapped cannot be had"
    one.pager.check_integrity()
    assert frames.want(0, 2 * FRAME_BYTES)
    frames.forget(0, 2 * FRAME_BYTES)


def test_without_fences_the_driver_would_have_been_asked_for_a_fault(
    wide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oracle of the tests above can fail."""
    one, driver = opened(wide, SMALL)
    monkeypatch.setattr(CudaFrames, "fence", lambda pool: None)
    one.logits()
    with pytest.raises(AssertionError, match="cuMemUnmap under a kernel"):
        driver.check()
    one.close()


def test_what_left_the_device_comes_back_from_pinned_memory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one, driver = make(SMALL, host_bytes=32 * CHUNK_BYTES)
    assert one.right()
    monkeypatch.setattr(os, "preadv", lambda *_: pytest.fail("it was read again"))
    assert one.right() and one.right()
    driver.check()


def test_a_host_tier_that_is_too_small_serves_what_it_can(make: Make) -> None:
    one, _ = make(SMALL, host_bytes=4 * CHUNK_BYTES)
    assert all(one.right() for _ in range(4))
    landing = one.pager._carrier._mover._landing
    assert landing.kept.hits > 0  # type: ignore[attr-defined]
    landing.kept.check_integrity()  # type: ignore[attr-defined]


def test_a_device_that_cannot_copy_fails_the_model_and_is_tried_again(make: Make) -> None:
    one, driver = make(SMALL)
    driver.fail("copy", *range(1, 200))
    with pytest.raises(Overloaded, match="cannot be copied to cpu"):
        one.logits()
    driver.fail("copy")
    assert one.right()


def test_a_device_that_cannot_map_fails_the_model_and_is_tried_again(make: Make) -> None:
    one, driver = make(SMALL)
    for verb in ("map", "allow"):
        driver.fail(verb, *range(3, 200))
        with pytest.raises(Overloaded, match="no room to bring weights"):
            one.logits()
        driver.fail(verb)
        settled(one, driver)
        assert one.right()


def test_a_read_that_fails_is_this_model_s_error_and_is_tried_again(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, driver = make(SMALL, host_bytes=4 * CHUNK_BYTES)
    with monkeypatch.context() as broken:
        broken.setattr(os, "preadv", _raise)
        with pytest.raises(CheckpointInvalid, match="cannot be read"):
            one.logits()
    settled(one, driver)
    assert one.right()


def _raise(*_: Any) -> int:
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize("rounds", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_rounds_leave_nothing_behind(wide: Any, rounds: int) -> None:
    """Load, compute, a spike of keys and values, drop: frames, addresses, events, descriptors and pinned memory are what they were."""
    one, driver = opened(wide, LARGE, 2 * CHUNK_BYTES)
    place = one.pager.reserved.place(8)
    before: Any = None
    paging = one.model.weights.paging
    assert paging is not None
    numbers = sorted({number for number in paging.regions if number is not None})[:4]
    for turn in range(rounds):
        ticket = one.pager.need(numbers, "m")
        assert one.pager.wait(ticket, 60)
        for number in numbers:
            driver.launch(1, one.pager.place(number).address, FRAME_BYTES)
        one.pager.release(ticket, numbers)
        free = one.pager.frames.free
        assert one.pager.take_frames(8)
        one.pager.reserved.back(place, 0, 8)
        one.pager.reserved.give_back(place, 0, 8)
        assert one.pager.take_frames(LARGE - KV)  # pushes all weights out
        one.pager.give_frames(LARGE - KV)
        settled(one, driver)
        state = (one.pager.frames.free, len(driver.ranges), len(driver.pinned), len(os.listdir("/proc/self/fd")))
        assert free <= state[0]
        if turn == 10:
            before = state, driver.used, threading.active_count()
        elif turn > 10:
            assert (state, driver.used, threading.active_count()) == before and len(driver.events) < 32
    assert driver.calls["copy"] >= rounds * len(numbers) == rounds * 4
    assert one.right()
    one.close()
    driver.check()


@settings(max_examples=15, deadline=None)
@given(
    lists(sampled_from(["run", "take", "give", "run"]), min_size=1, max_size=12), integers(SMALL, 30), integers(0, 6)
)
def test_whatever_happens_between_two_steps(wide: Any, events: list[str], frames: int, chunks: int) -> None:
    one, driver = opened(wide, frames, chunks * CHUNK_BYTES)
    taken = 0
    for event in events:
        if event == "run":
            assert one.right()
        elif event == "take" and taken + 3 <= frames - KV - 8:
            assert one.pager.take_frames(3)
            taken += 3
        elif event == "give" and taken:
            one.pager.give_frames(3)
            taken -= 3
    if taken:
        one.pager.give_frames(taken)
    one.close()
    driver.check()


def test_the_device_is_the_pool_s(make: Make) -> None:
    one, driver = make(SMALL)
    assert one.arena.device == driver.device == torch.device("cpu")
    assert not one.pager.frames.is_host
