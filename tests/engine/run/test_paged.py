"""Weights that come and go under a running model: the same logits, in an arena that is smaller than the model."""

import os
import threading
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from
from safetensors.torch import load_file, save_file

from aweigh.engine.core import ModelSpec, Sequence
from aweigh.engine.run import paged
from aweigh.engine.run.forward import forward
from aweigh.engine.run.model import Model
from aweigh.engine.run.structure import Structure
from aweigh.engine.schedule.instructions import PlanRow
from aweigh.kernels import load as load_kernels
from aweigh.memory import region
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.kv import KvStore
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.not_resident import NotResident
from aweigh.memory.paging.pager import Pager
from aweigh.memory.policy.table import POLICIES
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.canonical import fingerprint
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound, Overloaded

BLOCK = 4
PROMPT = [3, 1, 4, 1, 5, 9, 2, 6]
SMALL, LARGE = 12, 40
KV = 2  # frames


class Paged:
    """A model over an arena of so many frames."""

    def __init__(
        self, tiny: Any, frames: int, *, map_cached: bool, sources: Sources | None = None, **options: Any
    ) -> None:
        self.tiny = tiny
        self.pager = Pager(frames, map_cached=map_cached, **options)
        self.arena = PagedArena(self.pager)
        self.structure = Structure(
            tiny.program, fingerprint(tiny.program), load_kernels("reference"), torch.device("cpu")
        )
        self.structure.open_pools(KvStore(self.arena, KV * FRAME_BYTES), BLOCK)
        assert self.structure.pool is not None and self.structure.pool.grow()
        sources = sources or Sources(Checkpoint(tiny.directory))
        self.model = Model("m", self.structure, load(tiny.manifest, tiny.program.slots, sources, self.arena))
        sources.close()
        self.expected = tiny.logits(PROMPT)

    def logits(self) -> torch.Tensor:
        sequence = Sequence(ModelSpec("m", b"f", b"i", BLOCK), array("q", PROMPT))
        row = PlanRow(1, 0, sequence, 0, len(PROMPT), ([0, 1],), len(PROMPT))
        with torch.inference_mode():
            return forward(self.model, [row], block_size=BLOCK).logits_RV

    def right(self) -> bool:
        self.pager.check_integrity()
        found = torch.allclose(self.logits(), self.expected, atol=2e-4, rtol=1e-4)
        self.pager.check_integrity()
        return found

    def _fits(self) -> bool:
        return self.pager.resident_frames <= self.pager.frames.frames - KV

    def close(self) -> None:
        self.model.release()
        self.model.weights.close()
        self.structure.close_pools()
        self.pager.close()
        self.pager.check_integrity()
        assert self.pager.frames.free == self.pager.frames.frames, "every frame is back"


@pytest.fixture(autouse=True)
def small_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    monkeypatch.setattr(region, "LARGE_BYTES", FRAME_BYTES)


@pytest.fixture
def make(wide: Any) -> Iterator[Callable[..., Paged]]:
    made: list[Paged] = []

    def begin(frames: int, *, map_cached: bool = False) -> Paged:
        made.append(Paged(wide, frames, map_cached=map_cached))
        return made[-1]

    yield begin
    for one in made:
        one.close()


@pytest.mark.parametrize("map_cached", [False, True])
@pytest.mark.parametrize("frames", [SMALL, LARGE])
def test_the_same_logits(make: Callable[..., Paged], frames: int, map_cached: bool) -> None:
    one = make(frames, map_cached=map_cached)
    assert one.model.weights.bytes > (SMALL - KV) * FRAME_BYTES, "the model is larger than the small arena"
    assert all(one.right() for _ in range(3))
    assert one.pager.resident_frames < frames


def test_a_model_that_fits_is_read_once(make: Callable[..., Paged], monkeypatch: pytest.MonkeyPatch) -> None:
    one = make(LARGE)
    assert one.right()
    monkeypatch.setattr(os, "preadv", lambda *_: pytest.fail("it was read again"))
    assert one.right() and one.right()


def test_a_model_that_does_not_fit_reads_about_what_must_be_read(
    make: Callable[..., Paged], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Belady: of N frames used round after round, N - C are read where there is room for C. LRU would read all N."""
    one = make(16)
    assert one.right()
    assert one.right()
    read = 0
    real = os.preadv

    def counted(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        nonlocal read
        got = real(descriptor, buffers, offset)
        read += got
        return got

    monkeypatch.setattr(os, "preadv", counted)
    rounds = 4
    assert all(one.right() for _ in range(rounds))
    room = one.pager.frames.frames - one.pager.kv_frames
    paging = one.model.weights.paging
    assert paging is not None
    frames = sum(one.pager.place(number).frames for number in {n for n in paging.regions if n is not None})
    missing = frames - room
    assert 0 < read / rounds <= (missing + 1) * FRAME_BYTES < one.model.weights.bytes * 0.8, (frames, room, read)


def test_a_model_goes_and_another_of_its_size_comes(wide: Any, tmp_path: Path) -> None:
    """Numbers of regions and of descriptors are given out again: nothing that was remembered of the old ones may count."""
    one = Paged(wide, 16, map_cached=False)
    assert one.right()
    tensors = load_file(wide.directory / "model.safetensors")
    name = "lm_head.weight"
    for number in range(1, 4):
        one.model.release()
        one.model.weights.close()
        one.pager.check_integrity()
        directory = tmp_path / str(number)
        directory.mkdir()
        save_file({**tensors, name: tensors[name] * 2**number}, directory / "model.safetensors")
        sources = Sources(Checkpoint(directory))
        one.model = Model("m", one.structure, load(wide.manifest, wide.program.slots, sources, one.arena))
        sources.close()
        del sources
        found = one.logits()
        assert torch.allclose(found, one.expected * 2**number, atol=2e-3, rtol=1e-4)
    one.close()


def test_policies_change_between_steps_and_answers_do_not(make: Callable[..., Paged]) -> None:
    one = make(16)
    for entry in POLICIES.values():
        one.pager.set_policy(entry.build({}))
        assert one.right() and one.right()


def test_guesses_move_no_answer(wide: Any) -> None:
    one = Paged(wide, 16, map_cached=False, guess_bytes_per_second=1e9)
    one.pager.set_policy(POLICIES["layer-order"].build({"depth": 4}))
    assert all(one.right() for _ in range(4))
    one.close()


def test_keys_and_values_push_weights_out_and_give_way_again(make: Callable[..., Paged]) -> None:
    one = make(24)
    assert one.right()
    before = one.pager.resident_frames
    assert one.pager.take_frames(10)
    assert one.pager.resident_frames < before
    assert one.right()
    one.pager.give_frames(10)
    assert one.right() and one.right()
    assert one.pager.resident_frames == before


def test_keys_and_values_grow_beside_a_model_that_fitted(make: Callable[..., Paged]) -> None:
    one = make(32)
    assert one.right() and one._fits()
    assert one.pager.take_frames(8)
    assert one.right() and one.right()
    one.pager.give_frames(8)
    assert one.right()


@pytest.mark.parametrize("frames", [SMALL, LARGE])
def test_a_step_that_raises_gives_its_frames_back(make: Callable[..., Paged], frames: int) -> None:
    one = make(frames)
    assert one.right()
    sequence = Sequence(ModelSpec("m", b"f", b"i", BLOCK), array("q", [10_000]))
    with torch.inference_mode(), pytest.raises(IndexError):
        forward(one.model, [PlanRow(1, 0, sequence, 0, 1, ([0],), 1)], block_size=BLOCK)
    assert one.right()


def test_a_released_model_is_not_computed_with(make: Callable[..., Paged]) -> None:
    one = make(LARGE)
    one.model.release()
    with pytest.raises(ModelNotFound, match="was unloaded"):
        one.logits()


def test_more_than_can_be_had_is_not_taken(make: Callable[..., Paged]) -> None:
    one = make(SMALL)
    assert not one.pager.take_frames(SMALL)
    assert one.right()


def test_one_stage_that_is_larger_than_the_arena_is_a_typed_error(
    make: Callable[..., Paged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paged, "STAGE_BYTES", 1 << 40)
    one = make(SMALL)
    with pytest.raises(Overloaded, match="frames of 2 MiB at once"):
        one.logits()


def test_a_read_that_fails_is_this_model_s_error_and_is_tried_again(
    make: Callable[..., Paged], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make(SMALL)
    with monkeypatch.context() as broken:
        broken.setattr(os, "preadv", _raise)
        with pytest.raises(CheckpointInvalid, match="cannot be read"):
            one.logits()
        one.pager.check_integrity()
    assert one.right()


def _raise(*_: Any) -> int:
    raise OSError(5, "Input/output error")


def test_a_read_that_does_not_end_puts_the_step_off(
    make: Callable[..., Paged], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make(SMALL)
    gate = threading.Event()
    real = os.preadv

    def stuck(*arguments: Any) -> int:
        assert gate.wait(60)
        return real(*arguments)

    monkeypatch.setattr(os, "preadv", stuck)
    one.pager.patience = 0.0
    with pytest.raises(NotResident) as late:
        one.logits()
    come = threading.Event()
    one.pager.on_ready = lambda ticket: come.set()
    assert one.pager.watch(late.value.ticket)
    gate.set()
    assert come.wait(60)
    one.pager.patience = 60.0
    assert one.right()
    one.pager.release(late.value.ticket)
    assert one.right()


@settings(max_examples=15, deadline=None)
@given(lists(sampled_from(["run", "take", "give", "run"]), min_size=1, max_size=12), integers(SMALL, 30))
def test_whatever_happens_between_two_steps(wide: Any, events: list[str], frames: int) -> None:
    one = Paged(wide, frames, map_cached=False)
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
