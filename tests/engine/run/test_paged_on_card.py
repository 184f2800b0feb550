"""A model in the paged arena of a CUDA device against transformers on the CPU. Run with `pytest -m gpu tests/engine/run`."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from tests.engine.run.test_paged import KV, LARGE, PROMPT, SMALL, Paged

from aweigh.engine.run import paged
from aweigh.memory import region
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.mover.chunks import CHUNK_BYTES
from aweigh.memory.paging.medium import medium_for

pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def exact(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small stages, and products in float32 as the CPU has them."""
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    monkeypatch.setattr(region, "LARGE_BYTES", FRAME_BYTES)
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    yield
    torch.backends.cuda.matmul.allow_tf32 = before


def opened(wide: Any, frames: int, kernels: str, host_bytes: int = 0, *, map_cached: bool = False) -> Paged:
    medium = medium_for(torch.device("cuda:0"), host_bytes)
    return Paged(wide, frames, map_cached=map_cached, open_medium=medium, kernels=kernels)


def close(one: Paged) -> None:
    torch.cuda.synchronize()
    one.close()
    assert isinstance(one.pager.frames, CudaFrames)


@pytest.mark.parametrize("frames", [SMALL, 16, LARGE])
@pytest.mark.parametrize("kernels", ["reference", "triton"])
@pytest.mark.parametrize("map_cached", [False, True])
def test_logits_are_those_of_transformers(wide: Any, frames: int, kernels: str, map_cached: bool) -> None:
    one = opened(wide, frames, kernels, map_cached=map_cached)
    assert one.logits().device == torch.device("cuda:0")
    assert all(one.right() for _ in range(5))
    close(one)


def test_steps_are_equal_bit_for_bit_whatever_has_room(wide: Any) -> None:
    found = []
    for frames in (SMALL, 16, LARGE):
        one = opened(wide, frames, "triton")
        found += [one.logits().cpu() for _ in range(3)]
        close(one)
    assert all(torch.equal(found[0], logits) for logits in found)


def test_what_left_the_device_comes_back_from_pinned_memory(wide: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened(wide, SMALL, "reference", 32 * CHUNK_BYTES)
    assert one.right()
    with monkeypatch.context() as without:
        without.setattr(os, "preadv", lambda *_: pytest.fail("it was read again"))
        assert one.right() and one.right()
    close(one)


def test_keys_and_values_push_weights_out_and_give_way_again(wide: Any) -> None:
    one = opened(wide, 24, "triton")
    for _ in range(20):
        assert one.right()
        assert one.pager.take_frames(10)
        assert one.right()
        one.pager.give_frames(10)
    close(one)


def test_fifty_rounds_of_pressure_change_no_answer(wide: Any) -> None:
    one = opened(wide, LARGE - KV, "triton")
    expected = wide.logits(PROMPT)
    for turn in range(50):
        assert torch.allclose(one.logits().cpu(), expected, atol=2e-4, rtol=1e-4), turn
        taken = one.pager.take_frames(LARGE // 2)
        assert torch.allclose(one.logits().cpu(), expected, atol=2e-4, rtol=1e-4), turn
        if taken:
            one.pager.give_frames(LARGE // 2)
    close(one)
