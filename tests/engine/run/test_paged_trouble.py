"""Weights that come and go, and what happens in the worst moment: damage, frames that cannot be moved, loads that cross."""

import ctypes
import errno
import os
import threading
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.engine.run.test_paged import LARGE, Paged

from aweigh.engine.late import Late
from aweigh.engine.run import paged
from aweigh.memory import region
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.failpoints import failing
from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.paging.arena import PagedFrames
from aweigh.memory.paging.not_resident import NotResident
from aweigh.memory.paging.pager import Pager
from aweigh.memory.residency.events import Priority, Tick
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.errors import AweighError, StoreFailed


def refused() -> OSError:
    return OSError(errno.ENOMEM, "Cannot allocate memory")


@pytest.fixture(autouse=True)
def small_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    monkeypatch.setattr(region, "LARGE_BYTES", FRAME_BYTES)


def test_nobody_computes_with_what_was_found_to_be_damaged(wide: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`run_together` runs the calls of a batch that failed again, one by one, at once: before the worker hears of the damage."""
    one = Paged(wide, LARGE, map_cached=False)
    assert one.right() and one.right()
    number = max(n for n in regions_of(one) if n is not None)
    real = paged.PagedSteps._keep_outputs
    done: list[int] = []

    def flips(self: Any, r: Any) -> None:
        real(self, r)
        if not done and number in self._numbers:
            done.append(number)
            place = one.pager.place(number)
            size = place.frames * FRAME_BYTES
            virtual_memory.protect(place.address, size, virtual_memory.READ | virtual_memory.WRITE)
            ctypes.memset(place.address, 0x3F, size)
            virtual_memory.protect(place.address, size, virtual_memory.READ)
            with one.pager._changed:
                one.pager._damaged(number)

    monkeypatch.setattr(paged.PagedSteps, "_keep_outputs", flips)
    with pytest.raises(StoreFailed):
        one.logits()
    try:
        assert one.right(), "the second run finds the weights as they were found to be damaged"
    finally:
        one.close()


def regions_of(one: Paged) -> tuple[int | None, ...]:
    assert one.model.weights.paging is not None
    return one.model.weights.paging.regions


def kv(pager: Pager) -> PagedFrames:
    place = pager.reserved.place(2)
    return PagedFrames(pager, place, place.bytes_B)


def test_keys_and_values_are_wanted_again_where_frames_could_not_be_taken_out() -> None:
    pager = Pager(8, kv_most=8)
    frames = kv(pager)
    assert frames.want(0, FRAME_BYTES)
    with failing(Migration.DROP_TOLD, refused(), times=1000):
        frames.forget(0, FRAME_BYTES)
        frames.want(0, FRAME_BYTES)
    pager.close()


@pytest.mark.parametrize("times", [2, 3, 4, 5])
def test_frames_that_come_free_in_the_moment_of_giving_up_are_not_lost(
    monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    pager = Pager(8, kv_most=8)
    first, other = kv(pager), kv(pager)
    held = pager.need([pager.add(region.Region("held", 2 * FRAME_BYTES, fill=lambda bytes_B: None))], "m")
    assert pager.wait(held, 60) and pager.take_frames(4) and first.want(0, 2 * FRAME_BYTES)
    monkeypatch.setattr(pager._motion.unfinished, "_wake_later", lambda: None)  # its thread is not quick enough here
    with failing(Migration.DROP_TOLD, refused(), times=times):
        first.forget(0, 2 * FRAME_BYTES)
        got = other.want(0, 2 * FRAME_BYTES)
    with pager._changed:
        pager._feed(Tick(0.0))
    assert pager.kv_frames == (6 if got else 4), f"{pager.kv_frames} frames are said to be taken, want said {got}"
    pager.close()


def test_a_step_that_was_put_off_for_the_whole_model_runs_in_stages_when_keys_and_values_have_grown(
    wide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Paged(wide, 40, map_cached=False, kv_most=38)
    gate = threading.Event()
    real = os.preadv
    body: list[int] = []

    def stuck(*arguments: Any) -> int:
        assert not body or gate.wait(60)
        return real(*arguments)

    monkeypatch.setattr(os, "preadv", stuck)
    one.pager.on_pressure = lambda numbers: body.extend(numbers if len(numbers) > 4 else ())
    other = one.pager.add(region.Region("other", 20 * FRAME_BYTES, fill=lambda bytes_B: None))
    one.pager.order("other", [other])
    held = one.pager.need([other], "other")  # a model that was put off, and is not awake yet
    assert one.pager.wait(held, 60)
    late = Late(one.pager)
    late.begin("m", lambda: bool(body))  # others have something to compute when the body begins
    with pytest.raises(NotResident) as raised:
        one.logits()
    frames = max(bound._paged._frames for bound in one.model._bound.values() if bound._paged)
    assert late.put_off("m", raised.value.ticket)
    taken = 40 - frames - one.pager.kv_frames + 1
    gate.set()
    assert any(one.pager.take_frames(taken) for _ in range(20)), "a third model's step has grown"
    one.pager.release(held)
    while not one.pager.has_ended(raised.value.ticket):
        os.sched_yield()
    late.came(raised.value.ticket)
    late.begin("m")
    assert one.right()


def test_a_model_that_is_loaded_again_keeps_its_order(wide: Any) -> None:
    """As `Loader._load` does when a second script asks for a model that is loaded: it maps the weights once more, and closes them."""
    one = Paged(wide, 40, map_cached=False)
    assert one.right()
    numbers = [n for n in regions_of(one) if n is not None]
    sources = Sources(Checkpoint(wide.directory))
    load(wide.manifest, wide.program.slots, sources, one.arena).close()
    sources.close()
    # Beside another model that has just run, which the default policy would take frames from.
    other = [one.pager.add(region.Region(f"other{i}", 2 * FRAME_BYTES, fill=lambda bytes_B: None)) for i in range(18)]
    one.pager.order("other", other)
    for number in other:
        ticket = one.pager.need([number], "other")
        assert one.pager.wait(ticket, 60)
        one.pager.release(ticket, [number])
    policy: Any = one.pager.policy
    policy._parameters = replace(policy._parameters, idle_seconds=60.0)  # a slow machine
    assert one.right(), "the policy knows its order"
    assert all(one.pager._paged[number].models for number in numbers), "the loaded model's regions are nobody's"


def test_what_was_asked_for_ahead_may_be_refused_before_it_is_kept() -> None:
    pager = Pager(8)

    def fails(bytes_B: torch.Tensor) -> None:
        raise MemoryError("no memory for it")

    ticket = pager.need([pager.add(region.Region("broken", FRAME_BYTES, fill=fails))], "m", Priority.NEXT)
    with pager._changed:
        assert pager._changed.wait_for(lambda: pager.has_ended(ticket), 60)
    pager.soften(ticket, ())
    assert pager.firm(ticket)
    with pytest.raises(AweighError):
        pager.wait(ticket, 0.0)
    pager.check_integrity()
    pager.close()
