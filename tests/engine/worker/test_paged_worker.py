"""A worker whose models come and go: nobody waits for another one's disk, and nobody's frames are lost."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.engine.worker.test_worker import Heard, submit
from tests.memory.frames.fake_driver import FakeDriver

from aweigh.engine.__main__ import _arena, assemble
from aweigh.engine.computation import Computation
from aweigh.engine.config import Config
from aweigh.engine.run import paged
from aweigh.engine.schedule import events as ev
from aweigh.memory import region
from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.medium import on_driver
from aweigh.memory.tuner.policy_file import PolicyFile, read
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.errors import AweighError, CheckpointInvalid, StoreFailed
from aweigh.proto.v1 import engine_pb2

PROMPT = [3, 1, 4, 1, 5]
ARENA = 64 << 20


@pytest.fixture(params=["host", "device"])
def parts(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[tuple[Any, Any]]:
    """A worker whose arena is memory of its own, or that of a device, of which a fake driver keeps the books."""
    driver = FakeDriver()
    driver.lazy = True
    if request.param == "device":
        monkeypatch.setattr(
            "aweigh.memory.arena.medium_for",
            lambda device, host_bytes: lambda frames: on_driver(driver, frames, 8 << 20),
        )
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    monkeypatch.setattr(region, "LARGE_BYTES", FRAME_BYTES)
    worker, service = assemble(
        Config(listen="unix:unused", arena_bytes=ARENA, kv_bytes=8 << 20, block_size=4, kernels="reference")
    )
    assert worker.pager is not None
    worker.pager._carrier.map_cached = False
    worker.post(ev.LeaseOpened("l"))
    yield worker, service
    worker.stop()
    service.close()
    driver.check()


def load(service: Any, name: str, tiny: Any, directory: Path | None = None) -> Any:
    request = engine_pb2.LoadModelRequest(
        model=name,
        program=program_to_message(tiny.program),
        manifest=manifest_to_message(tiny.manifest),
        directory=str(directory or tiny.directory),
        fingerprint=fingerprint(tiny.program),
    )
    return service._loading.submit(service._load, request).result()


class Disk:
    """Reads of one file that do not end, or fail, until it is told otherwise."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gate = threading.Event()
        self.reached = threading.Event()
        self.fails = False
        inode = path.stat().st_ino
        real = os.preadv

        def preadv(descriptor: int, buffers: list[memoryview], offset: int) -> int:
            if os.fstat(descriptor).st_ino == inode:
                self.reached.set()
                assert self.gate.wait(60)
                if self.fails:
                    raise OSError(5, "Input/output error")
            return real(descriptor, buffers, offset)

        monkeypatch.setattr(os, "preadv", preadv)


def answered(worker: Any, loaded: Any, tiny: Any) -> bool:
    heard = submit(worker, loaded, "l", PROMPT, 4).wait()
    return bool(heard.tokens == tiny.greedy(PROMPT, 4))


def test_a_stuck_disk_holds_up_its_own_model_only(
    parts: Any, tiny: Any, wide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, service = parts
    disk = Disk(wide.directory / "model.safetensors", monkeypatch)
    slow, quick = load(service, "wide", wide), load(service, "tiny", tiny)
    waiting = submit(worker, slow, "l", PROMPT, 4)
    assert disk.reached.wait(60)
    assert answered(worker, quick, tiny) and answered(worker, quick, tiny)
    assert not waiting.over.is_set()
    disk.gate.set()
    assert waiting.wait().tokens == wide.greedy(PROMPT, 4)
    assert answered(worker, slow, wide) and answered(worker, quick, tiny)


def test_a_broken_disk_fails_its_own_model_only(
    parts: Any, tiny: Any, wide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, service = parts
    disk = Disk(wide.directory / "model.safetensors", monkeypatch)
    disk.fails = True
    disk.gate.set()
    broken, good = load(service, "wide", wide), load(service, "tiny", tiny)
    failed, fine = submit(worker, broken, "l", PROMPT, 4), submit(worker, good, "l", PROMPT, 4)
    assert isinstance(failed.wait().error, CheckpointInvalid)
    assert fine.wait().tokens == tiny.greedy(PROMPT, 4)
    disk.fails = False
    assert answered(worker, broken, wide)


def test_a_disk_that_fails_late_fails_the_request_too(parts: Any, wide: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, service = parts
    disk = Disk(wide.directory / "model.safetensors", monkeypatch)
    disk.fails = True
    loaded = load(service, "wide", wide)
    waiting = submit(worker, loaded, "l", PROMPT, 4)
    assert disk.reached.wait(60)
    put_off = threading.Event()
    worker.call(put_off.set)  # runs when the step has given up waiting
    assert put_off.wait(60) and not waiting.over.is_set()
    disk.gate.set()
    assert isinstance(waiting.wait().error, CheckpointInvalid)
    disk.fails = False
    assert answered(worker, loaded, wide)


def test_a_request_is_cancelled_while_its_weights_are_stuck(
    parts: Any, wide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, service = parts
    disk = Disk(wide.directory / "model.safetensors", monkeypatch)
    loaded = load(service, "wide", wide)
    waiting = submit(worker, loaded, "l", PROMPT, 4)
    assert disk.reached.wait(60)
    worker.post(ev.LeaseEnded("l"))
    assert waiting.wait().error is not None and not waiting.tokens
    worker.post(ev.LeaseOpened("l"))
    disk.gate.set()
    assert answered(worker, loaded, wide)


def test_models_take_turns_and_leave_nothing_behind(parts: Any, tiny: Any, wide: Any, tmp_path: Path) -> None:
    worker, service = parts
    pager = worker.pager
    directory = tmp_path / "other"
    directory.mkdir()
    (directory / "model.safetensors").write_bytes((wide.directory / "model.safetensors").read_bytes())
    models = [(load(service, name, of, at), of) for name, of, at in (("a", wide, None), ("b", wide, directory))]
    for _ in range(3):
        for loaded, of in models:
            assert answered(worker, loaded, of)
    assert pager.resident_frames <= ARENA // FRAME_BYTES
    for name in ("a", "b"):
        service._loading.submit(service._loader.unload, name).result()
        gone = Heard()
        worker.post(ev.ModelUnloaded(name))
        worker.call(gone.over.set)
        gone.wait()
    service._loading.submit(int).result()  # what was released is given back on the loading thread
    pager.check_integrity()
    assert pager.frames.free == pager.frames.frames


def test_a_bit_that_flips_under_a_request_ends_it_and_no_later_one_sees_it(parts: Any, tiny: Any, wide: Any) -> None:
    """What was computed since nobody knows when goes: the request, its session's blocks, and prefixes that others would find."""
    worker, service = parts
    pager = worker.pager
    loaded, other = load(service, "wide", wide), load(service, "tiny", tiny)
    assert answered(worker, loaded, wide) and answered(worker, other, tiny)
    number = next(number for number in loaded.model.weights.paging.regions if number is not None)
    place = pager.place(number)

    def flip() -> None:
        virtual_memory.protect(place.address, place.frames * FRAME_BYTES, virtual_memory.READ | virtual_memory.WRITE)
        place.bytes_B[: loaded.model.weights.bytes // 100].zero_()
        virtual_memory.protect(place.address, place.frames * FRAME_BYTES, virtual_memory.READ)

    found = threading.Event()
    heard = submit(worker, loaded, "l", PROMPT * 4, 200)
    while not heard.tokens:
        prefix_hits(worker)
    worker.call(flip)

    def look() -> None:
        with pager._changed:
            pager._damaged(number)
        found.set()

    worker.call(look)
    beside = submit(worker, other, "l", PROMPT, 4)
    assert isinstance(heard.wait().error, StoreFailed) and found.wait(60)
    assert beside.wait().tokens == tiny.greedy(PROMPT, 4), "the other model goes on"
    hits = prefix_hits(worker)
    again = submit(worker, loaded, "l", PROMPT * 4, 8).wait()
    assert again.tokens == wide.greedy(PROMPT * 4, 8) and prefix_hits(worker) == hits
    once_more = submit(worker, loaded, "l", PROMPT * 4, 8).wait()
    assert once_more.tokens == again.tokens and prefix_hits(worker) > hits
    pager.check_integrity()


def test_a_call_that_computed_with_damaged_weights_is_answered_by_nobody(parts: Any, wide: Any) -> None:
    worker, service = parts
    loaded = load(service, "wide", wide)
    assert answered(worker, loaded, wide)
    bound = loaded.model.function("embed")
    number = next(number for number in loaded.model.weights.paging.regions if number is not None)
    real = bound._paged._run_held
    said: list[BaseException] = []
    over = threading.Event()

    def damaged_meanwhile(*arguments: Any) -> None:
        real(*arguments)
        worker.pager.damages.append(number)

    def call(items: Any) -> None:
        bound._paged._run_held = damaged_meanwhile
        try:
            bound.run([torch.tensor([PROMPT])])
        except StoreFailed as error:
            said.append(error)
        finally:
            bound._paged._run_held = real
            over.set()

    said_of: list[AweighError] = []
    worker.compute(
        Computation(
            lease="l", model=loaded.model, function=call, fail=said_of.append, is_over=lambda: False, small=False
        )
    )
    assert over.wait(60) and len(said) == 1 and not said_of
    assert answered(worker, loaded, wide)


def prefix_hits(worker: Any) -> int:
    found: list[int] = []
    done = threading.Event()

    def count() -> None:
        found.append(worker.scheduler.counters().prefix_hits)
        done.set()

    worker.call(count)
    assert done.wait(60)
    return found[0]


@pytest.mark.parametrize("device", ["cpu", "cuda", "cuda:1"])
def test_an_arena_and_a_policy_are_for_every_device(device: str) -> None:
    assert Config(listen="unix:unused", device=device, arena_bytes=ARENA, policy="policy.toml").arena_bytes == ARENA


@pytest.mark.parametrize("wrong", [{"device": "cpu", "arena_bytes": ARENA}, {"device": "cuda"}])
def test_pinned_memory_goes_with_the_arena_of_a_device(wrong: Any) -> None:
    with pytest.raises(ValueError, match="--host-bytes is not negative, and goes with --device cuda"):
        Config(listen="unix:unused", host_bytes=1 << 20, **wrong)
    assert Config(listen="unix:unused", device="cuda", arena_bytes=ARENA, host_bytes=1 << 20).host_bytes == 1 << 20


def test_a_policy_file_s_tier_named_host_is_pinned_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        f"""
[arena]
bytes = {ARENA}
[[tiers]]
name = "host"
bytes = {8 << 20}
[[tiers]]
name = "disk"
"""
    )
    driver, given = FakeDriver(), []

    def medium_for(device: torch.device, host_bytes: int) -> Any:
        given.append((device, host_bytes))
        return lambda frames: on_driver(driver, frames, host_bytes)

    monkeypatch.setattr("aweigh.engine.__main__.medium_for", medium_for)
    config = Config(listen="unix:unused", device="cuda:1", policy=str(path))
    arena = _arena(config, read(path), torch.device("cuda:1"))
    assert isinstance(arena, PagedArena) and given == [(torch.device("cuda:1"), 8 << 20)]
    assert len(driver.handles) == ARENA // FRAME_BYTES and len(driver.pinned) == 2
    arena.pager.close()


def test_a_device_without_a_driver_is_one_sentence() -> None:
    pytest.importorskip("cuda.bindings")
    if torch.cuda.is_available():
        pytest.skip("says what is missing, where it is missing")
    with pytest.raises(ValueError, match="an arena on cuda:0 needs NVIDIA's driver, which says"):
        _arena(Config(listen="unix:unused", device="cuda:0", arena_bytes=ARENA), PolicyFile(), torch.device("cuda:0"))


def test_the_smallest_arena_is_said() -> None:
    with pytest.raises(ValueError, match="--arena-bytes is 0 or at least"):
        Config(listen="unix:unused", arena_bytes=1)
