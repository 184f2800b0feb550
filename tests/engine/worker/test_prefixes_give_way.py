"""Cached prefixes and weights share frames: who was used longest ago gives way, and no token changes."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.worker.test_paged_worker import load
from tests.engine.worker.test_worker import submit

from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config
from aweigh.engine.run import paged
from aweigh.engine.schedule import events as ev
from aweigh.memory import region
from aweigh.memory.frames.core import FRAME_BYTES

ARENA = 64 << 20
PROMPT = [number % 90 for number in range(400)]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    monkeypatch.setattr(region, "LARGE_BYTES", FRAME_BYTES)
    worker, service = assemble(
        Config(listen="unix:unused", arena_bytes=ARENA, kv_bytes=32 << 20, block_size=16, kernels="reference")
    )
    worker.post(ev.LeaseOpened("l"))
    yield worker, service
    worker.stop()
    service.close()


def counters(worker: Any) -> Any:
    found: list[Any] = []
    over = threading.Event()

    def look() -> None:
        found.append(worker.scheduler.counters())
        worker.scheduler.check_integrity()
        over.set()

    worker.call(look)
    assert over.wait(60)
    return found[0]


def ask(worker: Any, loaded: Any, tiny: Any, prompt: list[int]) -> bool:
    return bool(submit(worker, loaded, "l", prompt, 4).wait().tokens == tiny.greedy(prompt, 4))


def fill(worker: Any, loaded: Any, frames: int) -> list[list[int]]:
    """Other prompts, until their cached prefixes take so many frames."""
    prompts: list[list[int]] = []
    while worker.pager.kv_frames < frames:
        prompts.append([len(prompts) % 90, len(prompts) // 90, *PROMPT])
        assert submit(worker, loaded, "l", prompts[-1], 1).wait().error is None
    return prompts


def test_prefixes_give_way_to_weights_that_would_not_fit(parts: Any, tiny: Any, wide: Any) -> None:
    """32 frames; 18 are wide's. With 14 of keys and values there are too few."""
    worker, service = parts
    small = load(service, "tiny", tiny)
    prompts = fill(worker, small, 14)
    before = counters(worker).prefix_hits
    assert ask(worker, small, tiny, prompts[-1]) and counters(worker).prefix_hits > before, "they are cached"
    large = load(service, "wide", wide)
    assert ask(worker, large, wide, [3, 1, 4])
    report = worker.pager.report()
    assert report.kv_frames < 14 and report.weight_frames >= 18, "prefixes went, weights are all here"
    worker.pager.check_integrity()
    misses = report.counters.misses
    assert ask(worker, large, wide, [3, 1, 4, 1]) and worker.pager.report().counters.misses == misses
    hits = counters(worker).prefix_hits
    assert ask(worker, small, tiny, prompts[0])
    assert counters(worker).prefix_hits == hits, "the oldest went first, and is computed again"
    assert ask(worker, small, tiny, prompts[-1])
    worker.pager.check_integrity()


def test_prefixes_stay_while_there_is_room(parts: Any, tiny: Any, wide: Any) -> None:
    worker, service = parts
    small = load(service, "tiny", tiny)
    prompts = fill(worker, small, 4)
    assert ask(worker, load(service, "wide", wide), wide, [3, 1, 4])
    assert worker.pager.kv_frames >= 4
    hits = counters(worker).prefix_hits
    assert ask(worker, small, tiny, prompts[0]) and counters(worker).prefix_hits > hits


def test_colder_weights_go_before_prefixes(parts: Any, tiny: Any, wide: Any, tmp_path: Path) -> None:
    """wide was used before the prefixes were, so its copy takes its frames and not theirs."""
    worker, service = parts
    first = load(service, "wide", wide)
    assert ask(worker, first, wide, [3, 1, 4])
    small = load(service, "tiny", tiny)
    prompts = fill(worker, small, 4)
    directory = tmp_path / "copy"
    directory.mkdir()
    (directory / "model.safetensors").write_bytes((wide.directory / "model.safetensors").read_bytes())
    assert ask(worker, load(service, "copy", wide, directory), wide, [3, 1, 4])
    assert worker.pager.kv_frames >= 4
    hits = counters(worker).prefix_hits
    assert ask(worker, small, tiny, prompts[0]) and counters(worker).prefix_hits > hits


def test_what_is_kept_for_keys_and_values_stays_theirs(parts: Any, tiny: Any, wide: Any) -> None:
    worker, service = parts
    worker.pager._least_kv = 14
    small = load(service, "tiny", tiny)
    fill(worker, small, 14)
    assert ask(worker, load(service, "wide", wide), wide, [3, 1, 4])
    assert worker.pager.kv_frames >= 14
    worker.pager.check_integrity()


def test_old_prefixes_go_before_weights_in_use(parts: Any, tiny: Any, wide: Any) -> None:
    """Both models are asked in turn, so that no prefix was used later than their weights: those stay, all of them."""
    worker, service = parts
    small, large = load(service, "tiny", tiny), load(service, "wide", wide)
    assert ask(worker, small, tiny, [5]) and ask(worker, large, wide, [3, 1, 4])
    before = worker.pager.report()
    room = ARENA // FRAME_BYTES - before.weight_frames
    asked, rest = 0, 20
    while rest:
        asked, rest = asked + 1, rest - (worker.pager.kv_frames == room)
        assert submit(worker, small, "l", [asked % 90, asked // 90, *PROMPT], 1).wait().error is None
        assert submit(worker, large, "l", [3, 1, 4], 1).wait().error is None
        assert worker.pager.report().counters.misses == before.counters.misses
    worker.pager.check_integrity()
