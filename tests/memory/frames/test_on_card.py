"""Frames, fences and landing on a CUDA device. Run with `pytest -m gpu tests/memory/frames`; what a fake driver says of them is in `test_cuda.py`."""

import ctypes
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.frames.cuda_driver import CudaDriver

pytestmark = pytest.mark.gpu

FRAMES = 16
ROOT = Path(__file__).parents[3]


@pytest.fixture
def driver() -> CudaDriver:
    return CudaDriver(torch.device("cuda:0"))


@pytest.fixture
def pool(driver: CudaDriver) -> Iterator[CudaFrames]:
    made = CudaFrames(driver, FRAMES)
    yield made
    torch.cuda.synchronize()
    for place in list(made._places):
        made.release(place)
    made.check_integrity()
    made.close()


def long_kernel() -> None:
    """Work of a tenth of a second or more on the current stream."""
    torch.cuda._sleep(200_000_000)  # type: ignore[no-untyped-call]


def same(value: int, bytes_B: Tensor) -> bool:
    return bool((bytes_B == value).all())


def test_bytes_stay_where_they_were_written(pool: CudaFrames) -> None:
    first, second = pool.reserve(3), pool.reserve(2)
    pool.back(first)
    pool.back(second)
    first.bytes_B.fill_(1)
    second.bytes_B.fill_(2)
    pool.fence().wait()
    pool.seal(first)
    assert same(1, first.bytes_B) and same(2, second.bytes_B)
    pool.fence().wait()
    pool.strip(first)
    third = pool.reserve(FRAMES - 2)
    pool.back(third)
    third.bytes_B.fill_(3)
    assert pool.free == 0 and same(2, second.bytes_B) and same(3, third.bytes_B)


def test_a_tensor_over_what_is_not_mapped_is_made_and_used_where_it_is(pool: CudaFrames) -> None:
    """No driver is asked about the pointer, and views of what is there are computed with as any."""
    place = pool.reserve(4)
    view = place.bytes_B
    assert (
        view.device == torch.device("cuda:0") and view.data_ptr() == place.address == view.untyped_storage().data_ptr()
    )
    pool.back(place, 2, 1)
    weight = view[2 * FRAME_BYTES : 3 * FRAME_BYTES].view(torch.bfloat16).view(1024, 1024)
    weight.copy_(torch.eye(1024, dtype=torch.bfloat16))
    x = torch.randn(3, 1024, device="cuda").to(torch.bfloat16)
    assert torch.equal(torch.nn.functional.linear(x, weight), x)


def test_pools_and_torch_s_allocator_live_side_by_side(pool: CudaFrames) -> None:
    place = pool.reserve(FRAMES)
    pool.back(place)
    place.bytes_B.fill_(5)
    for _ in range(3):
        theirs = [torch.full((1 << 20,), 9.0, device="cuda") for _ in range(20)]
        assert all(bool((tensor == 9.0).all()) for tensor in theirs)
        del theirs
        torch.cuda.empty_cache()
    assert same(5, place.bytes_B)


def test_all_memory_is_given_back(driver: CudaDriver) -> None:
    gc.collect()
    torch.cuda.empty_cache()
    before, _ = driver.memory
    made = CudaFrames(driver, 64)
    assert before - driver.memory[0] >= 64 * FRAME_BYTES
    made.close()
    assert before - driver.memory[0] < 4 * FRAME_BYTES


def test_more_than_the_card_has_is_a_sentence(driver: CudaDriver) -> None:
    free, total = driver.memory
    with pytest.raises(ValueError, match="is more than the"):
        CudaFrames(driver, total // FRAME_BYTES + 1)
    if free < total - (64 << 20):
        with pytest.raises(MemoryError, match="smaller --arena-bytes"):
            CudaFrames(driver, total // FRAME_BYTES)
        assert driver.memory[0] > free - (64 << 20)


def test_a_fence_passes_when_the_kernels_before_it_are_done(pool: CudaFrames) -> None:
    place = pool.reserve(1)
    pool.back(place)
    place.bytes_B.fill_(1)
    torch.cuda.synchronize()
    long_kernel()
    total = place.bytes_B.sum(dtype=torch.int64)
    fence = pool.fence()
    assert not fence.has_passed()
    fence.wait()
    assert fence.has_passed()
    pool.strip(place)
    assert int(total) == FRAME_BYTES


def test_a_fence_of_another_stream_waits_for_that_one(pool: CudaFrames) -> None:
    aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    with torch.cuda.stream(aside):
        long_kernel()
        slow = pool.fence()
    quick = pool.fence()
    quick.wait()
    assert slow.stream != quick.stream and not slow.has_passed()
    slow.wait()


def test_copies_of_ours_do_not_wait_for_what_torch_computes(pool: CudaFrames, driver: CudaDriver) -> None:
    place = pool.reserve(1)
    pool.back(place)
    source, stream, event = driver.pin(FRAME_BYTES), driver.new_stream(), driver.new_event()
    ctypes.memset(source, 6, FRAME_BYTES)
    torch.cuda.synchronize()
    long_kernel()
    behind = pool.fence()
    driver.copy(place.address, source, FRAME_BYTES, stream)
    driver.record(event, stream)
    driver.wait(event)
    assert not behind.has_passed(), "the copy was done first"
    with pool.writing():
        place.bytes_B[:100].copy_(torch.full((100,), 8, dtype=torch.uint8))
    assert not behind.has_passed()
    assert same(6, place.bytes_B[100:]) and same(8, place.bytes_B[:100])
    driver.unpin(source)
    driver.end_event(event)
    driver.end_stream(stream)


TOUCH = """
import torch
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.frames.cuda_driver import CudaDriver
pool = CudaFrames(CudaDriver(torch.device("cuda:0")), 2)
place = pool.reserve(2)
pool.back(place)
view = place.bytes_B
view.fill_(1)
pool.fence().wait()
pool.{what}(place)
{access}
torch.cuda.synchronize()
print("survived", pool._seals)
"""


@pytest.mark.parametrize(
    ("what", "access"),
    [("strip", "view.sum()"), ("seal", "view.fill_(2)"), ("seal", "assert int(view.sum()) == 2 << 21")],
)
def test_what_may_not_be_touched_ends_the_context(what: str, access: str) -> None:
    """Where the driver makes nothing read-only, writing to a weight is not found; reading one always works."""
    script = TOUCH.format(what=what, access=access)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    survived = done.stdout.startswith("survived")
    if access.startswith("assert"):
        assert survived, done.stderr
    elif what == "strip":
        assert not survived
    else:
        assert survived == ("False" in done.stdout), done.stderr


def test_chunks_arrive_through_pinned_memory(pool: CudaFrames, driver: CudaDriver, tmp_path: Path) -> None:
    from aweigh.memory.mover.chunks import CHUNK_BYTES, Chunk, cut
    from aweigh.memory.mover.core import Run, Target
    from aweigh.memory.mover.staged import Staged

    content = os.urandom(5 * FRAME_BYTES + 777)
    (tmp_path / "weights").write_bytes(content)
    descriptor = os.open(tmp_path / "weights", os.O_RDONLY)
    place = pool.reserve(6)
    pool.back(place)
    for keep in (0, 8 * CHUNK_BYTES):
        landing = Staged(driver, keep)
        for _ in range(2):
            place.bytes_B.zero_()
            torch.cuda.synchronize()
            for chunk in cut([Target(Run(descriptor, 0, len(content)), place.address)]):
                assert isinstance(chunk, Chunk)
                landing.land(chunk)
            assert place.bytes_B[: len(content)].cpu().numpy().tobytes() == content
            assert same(0, place.bytes_B[len(content) :])
        assert landing.kept.hits == (3 if keep else 0)
    os.close(descriptor)
