"""Published models in a paged arena: the same logits from pages, checked as they come, shared where they are equal."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.engine.conftest import made
from tests.engine.llama import Shape
from tests.engine.run.test_paged import Paged

from aweigh.engine.run import paged
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.paging.stored import StoredCheckpoint, published
from aweigh.memory.sources import Sources
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.publish import publish
from aweigh.memory.store.stored import Stored
from aweigh.memory.weights import load
from aweigh.proto.errors import CheckpointInvalid

LARGE = 60


@pytest.fixture
def store(wide: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    found = Store(tmp_path / "store")
    publish(wide.directory, "wide", found, program=False)
    yield found


def sources(store: Store, name: str) -> Sources:
    return Sources(StoredCheckpoint(Stored(store, name)))


@pytest.mark.parametrize("map_cached", [False, True])
@pytest.mark.parametrize("frames", [16, LARGE])
def test_the_same_logits(wide: Any, store: Store, frames: int, map_cached: bool) -> None:
    one = Paged(wide, frames, map_cached=map_cached, sources=sources(store, "wide"))
    assert all(one.right() for _ in range(3))
    one.close()


def test_the_engine_finds_what_was_published_from_its_files(wide: Any, store: Store, tmp_path: Path) -> None:
    found = published(Checkpoint(wide.directory), store)
    assert found is not None and found.entry("model.norm.weight").shape == (wide.shape.hidden,)
    with pytest.raises(CheckpointInvalid, match="has no tensor 'nowhere'"):
        found.entry("nowhere")
    other = tmp_path / "other"
    other.mkdir()
    (other / "model.safetensors").write_bytes((wide.directory / "model.safetensors").read_bytes())
    assert published(Checkpoint(other), store) is None
    assert published(Checkpoint(wide.directory), Store(tmp_path / "nothing")) is None


@pytest.mark.parametrize("map_cached", [False, True])
def test_a_page_that_changed_is_never_computed_with(wide: Any, store: Store, map_cached: bool) -> None:
    (segment,) = store.segments.glob("*.segment")
    with segment.open("r+b") as file:
        file.seek(5 * PAGE_BYTES + 1234)
        (byte,) = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 16]))
        file.flush()
        os.fsync(file.fileno())
    one = Paged(wide, LARGE, map_cached=map_cached, sources=sources(store, "wide"))
    with pytest.raises(CheckpointInvalid, match="is not what its hash says"):
        one.logits()
    one.pager.check_integrity()
    with segment.open("r+b") as file:
        file.seek(5 * PAGE_BYTES + 1234)
        file.write(bytes([byte]))
    assert one.right(), "once the page is right again, so is the model"
    one.close()


def test_fine_tunes_of_one_base_share_its_frames(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each costs what is its own, on disk and in memory: here one matrix of two pages."""
    monkeypatch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
    base = made(Shape(hidden=512, inner=2048, heads=8, kv_heads=2, head=64), tmp_path_factory.mktemp("base"))
    store = Store(tmp_path / "store")
    publish(base.directory, "base", store, program=False)
    one = Paged(base, LARGE, map_cached=False, sources=sources(store, "base"))
    assert one.right()
    before = one.pager.resident_frames
    pages = sum(path.stat().st_size for path in store.segments.iterdir()) // PAGE_BYTES
    tensors = load_file(base.directory / "model.safetensors")
    own = "model.layers.1.mlp.up_proj.weight"
    tuned = []
    for number in range(4):
        directory = tmp_path / f"tuned{number}"
        directory.mkdir()
        save_file({**tensors, own: tensors[own] + (number + 1) / 64}, directory / "model.safetensors")
        publish(directory, directory.name, store, program=False)
        tuned.append(load(base.manifest, base.program.slots, sources(store, directory.name), one.arena))
    for weights in tuned:
        assert weights.paging is not None
        numbers = tuple({number for number in weights.paging.regions if number is not None})
        ticket = one.pager.need(numbers, weights.paging.model)
        assert one.pager.wait(ticket, 60.0)
        one.pager.release(ticket)
    assert one.pager.resident_frames == before + len(tuned) * 2
    assert sum(path.stat().st_size for path in store.segments.iterdir()) // PAGE_BYTES == pages + len(tuned) * 2
    assert one.right()
    for weights in tuned:
        weights.close()
    one.close()


def test_tensors_lie_as_they_were(wide: Any, store: Store) -> None:
    expected = load_file(wide.directory / "model.safetensors")
    where = sources(store, "wide")
    for name, tensor in expected.items():
        place = where.place(name)
        raw = place.source.map()[place.extent.offset : place.extent.offset + place.extent.length]
        assert torch.equal(raw.clone().view(tensor.dtype).view(place.shape), tensor)
