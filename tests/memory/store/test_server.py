"""The store's process: what is stored, and a directory for each model, also where its source is gone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import put, small, write

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import remove_model
from aweigh.memory.store.server import answer
from aweigh.memory.store.stored import Stored
from aweigh.proto.v1 import published_pb2 as pb


def opened(store: Store, name: str) -> pb.OpenedModel:
    reply = answer(store, pb.StoreRequest(open=pb.OpenStored(name=name)).SerializeToString())
    assert not reply.HasField("failure"), reply.failure.message
    return reply.opened


def failure(store: Store, data: bytes) -> str:
    return answer(store, data).failure.kind


def test_it_lists_and_opens_what_was_published(store: Store, tmp_path: Path) -> None:
    asked = pb.StoreRequest(list=pb.ListStored()).SerializeToString()
    assert not answer(store, asked).models, "there is no store"
    directory = write(tmp_path / "model", small(), config='{"a": 1}')
    put(store, directory, "b")
    put(store, directory, "org/a")
    names = [entry.name for entry in answer(store, asked).models]
    assert names == ["b", "org/a"]
    found = opened(store, "b")
    assert found.directory == str(directory), "its source is what it was"
    assert found.files["config.json"] == b'{"a": 1}'
    with Stored(store, "b") as stored:
        assert found.entry.content == stored.content


@pytest.mark.parametrize("what", ["removed", "replaced"])
def test_a_model_whose_source_is_gone_gets_a_directory_of_headers(store: Store, tmp_path: Path, what: str) -> None:
    directory = write(tmp_path / "model", small())
    put(store, directory, "org/m")
    shutil.rmtree(directory)
    if what == "replaced":
        write(directory, {"other": small()["layers.1.up.weight"]})
    found = opened(store, "org/m")
    assert found.directory != str(directory)
    checkpoint = Checkpoint(found.directory, may_lack_data=True)
    assert not checkpoint.whole
    assert set(checkpoint.names) == set(small())
    assert Stored.find(store, [file.identity for file in checkpoint.files]) == "org/m"
    assert opened(store, "org/m").directory == found.directory
    remove_model(store, "org/m")
    assert Stored.find(store, [file.identity for file in checkpoint.files]) is None
    assert not Path(found.directory).exists()


def test_what_it_cannot_do_is_a_typed_answer(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    assert failure(store, pb.StoreRequest(open=pb.OpenStored(name="n")).SerializeToString()) == "ModelNotFound"
    assert failure(store, b"\xff\xff") == "InvalidRequest"


def test_the_process_answers_and_ends_with_its_input(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    asked = pb.StoreRequest(list=pb.ListStored()).SerializeToString()
    frame = len(asked).to_bytes(4, "little") + asked
    environment = {"AWEIGH_HOME": str(store.root.parent), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "aweigh.memory.store", "60"],
        check=False,
        input=frame * 2,
        capture_output=True,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    size = int.from_bytes(done.stdout[:4], "little")
    assert [entry.name for entry in pb.StoreAnswer.FromString(done.stdout[4 : 4 + size]).models] == ["m"]
    assert len(done.stdout) == 2 * (4 + size)
