"""The record of a model comes from whoever can write to a bucket: nothing but the right one is believed, and nothing but our errors comes out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import DataObject, binary, data, integers
from tests.memory.store.checkpoints import put, small, write

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.listing import models
from aweigh.memory.tiers.bucket import Bucket
from aweigh.memory.tiers.packs import MOST_PACK_PAGES, name_of, record_path
from aweigh.memory.tiers.published import decode
from aweigh.memory.tiers.pull import pull
from aweigh.memory.tiers.push import push, records
from aweigh.proto.errors import AweighError, StoreFailed
from aweigh.proto.v1.published_pb2 import PublishedModel


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    here = tmp_path_factory.mktemp("record")
    store = Store(here / "store")
    put(store, write(here / "model", small()), "model")
    push(store, "model", (here / "objects").as_uri())
    return (here / "objects" / record_path("model")).read_bytes()


@given(data=data())
@settings(max_examples=400, deadline=None)
def test_a_flipped_byte_is_found(record: bytes, data: DataObject) -> None:
    at = data.draw(integers(0, len(record) - 1))
    bit = data.draw(integers(0, 7))
    torn = record[:at] + bytes([record[at] ^ 1 << bit]) + record[at + 1 :]
    try:
        found = decode(torn)
    except StoreFailed:
        return
    right = decode(record)
    assert found.digest == right.digest, "what a reader believes is as it was"
    assert (found.tensors, found.extents, found.hashes) == (right.tensors, right.extents, right.hashes)
    assert [file.digest for file in found.files.values()] == [file.digest for file in right.files.values()]


@given(binary(max_size=400))
@settings(max_examples=400, deadline=None)
def test_noise_is_no_record(noise: bytes) -> None:
    with pytest.raises(StoreFailed):
        decode(noise)


def _twice(message: PublishedModel) -> None:
    message.tensors.add().CopyFrom(message.tensors[0])


def _too_many_pages(message: PublishedModel) -> None:
    message.hashes += bytes(32)


def _huge_extent(message: PublishedModel) -> None:
    message.extents[0] = 1 << 63


def _huge_shape(message: PublishedModel) -> None:
    message.tensors[0].shape[:] = [1 << 63, 1 << 63, 2]


def _outside(message: PublishedModel) -> None:
    message.tensors[0].offset = 1 << 62


def _nowhere(message: PublishedModel) -> None:
    message.tensors[0].extent = 1_000_000


def _unknown_dtype(message: PublishedModel) -> None:
    message.tensors[0].dtype = "pickle"


def _upwards(message: PublishedModel) -> None:
    message.files[0].path = "../../.bashrc"


def _absolute(message: PublishedModel) -> None:
    message.files[0].path = "/etc/config.json"


def _code(message: PublishedModel) -> None:
    message.files[0].path = "modeling.py"


def _large_file(message: PublishedModel) -> None:
    message.files[0].size = 1 << 40


def _name(message: PublishedModel) -> None:
    message.name = "../model"


def _no_packs(message: PublishedModel) -> None:
    del message.packs[:]


def _large_pack(message: PublishedModel) -> None:
    message.packs[0].hashes += bytes(32 * MOST_PACK_PAGES)


def _other_page(message: PublishedModel) -> None:
    message.hashes = bytes(32) + message.hashes[32:]
    message.packs.add(hashes=bytes(32))


def _newer(message: PublishedModel) -> None:
    message.version = 2


LIES = [_twice, _too_many_pages, _huge_extent, _huge_shape, _outside, _nowhere, _unknown_dtype, _upwards, _absolute, _code, _large_file, _name, _no_packs, _large_pack, _other_page, _newer]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_is_found(record: bytes, tmp_path: Path, lie: Callable[[PublishedModel], None]) -> None:
    message = PublishedModel.FromString(record)
    lie(message)
    path = tmp_path / "objects" / record_path("model")
    path.parent.mkdir(parents=True)
    path.write_bytes(message.SerializeToString())
    store = Store(tmp_path / "store")
    with pytest.raises(AweighError) as refused:
        pull((tmp_path / "objects").as_uri(), "model", store, lazy=True)
    assert len(str(refused.value)) < 500
    assert models(store) == [] and not (store.root / "models").exists()
    assert records(Bucket((tmp_path / "objects").as_uri())) == {}


def test_a_record_that_is_too_large_is_not_read(record: bytes, tmp_path: Path) -> None:
    path = tmp_path / record_path("model")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)
    with pytest.raises(StoreFailed, match="more than"):
        pull(tmp_path.as_uri(), "model", Store(tmp_path / "store"))


@given(binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_paths_of_records(noise: bytes) -> None:
    name = name_of(f"models/{noise.decode('latin-1')}.model")
    assert name is None or (record_path(name) == f"models/{name}.model" and ".." not in name.split("/"))
