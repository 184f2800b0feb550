"""An engine that takes signed models only: what is signed computes as it always did, everything else is refused with a sentence."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.worker.test_paged_worker import answered, load

from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config, parse
from aweigh.engine.schedule import events as ev
from aweigh.memory.sources import Sources
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import remove_model
from aweigh.memory.store.publish import publish
from aweigh.memory.store.signatures import sign
from aweigh.memory.trust.private_key import PrivateKey, generate
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import Untrusted
from aweigh.proto.program import FileBytes

ARENA = 64 << 20
Parts = Callable[..., tuple[Any, Any]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWEIGH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def key(tmp_path: Path, home: Path) -> PrivateKey:
    """Trusted, as the home's list has it."""
    generate(tmp_path / "key", "us")
    home.mkdir()
    shutil.copy(tmp_path / "key.pub", home / "trusted_keys")
    return PrivateKey.read(tmp_path / "key")


@pytest.fixture
def start() -> Iterator[Parts]:
    started = []

    def begin(**settings: Any) -> tuple[Any, Any]:
        config = {"listen": "unix:unused", "kv_bytes": 8 << 20, "block_size": 4, "kernels": "reference"}
        worker, service = assemble(Config(**{**config, "require_signature": True, **settings}))
        worker.post(ev.LeaseOpened("l"))
        started.append((worker, service))
        return worker, service

    yield begin
    for worker, service in started:
        worker.stop()
        service.close()


def store() -> Store:
    return Store()


@pytest.mark.parametrize("arena", [0, ARENA])
def test_a_signed_model_answers_and_others_are_refused(start: Parts, key: PrivateKey, tiny: Any, arena: int) -> None:
    worker, service = start(arena_bytes=arena)
    with pytest.raises(Untrusted, match="aweigh publish DIRECTORY --sign KEY"):
        load(service, "tiny", tiny)
    publish(tiny.directory, "tiny", store(), program=False)
    with pytest.raises(Untrusted, match="tiny has no signature: `aweigh store sign tiny --key KEY`"):
        load(service, "tiny", tiny)
    sign(store(), "tiny", key)
    assert answered(worker, load(service, "tiny", tiny), tiny)


@pytest.mark.parametrize("arena", [0, ARENA])
def test_nothing_is_asked_for_unless_it_is_required(start: Parts, home: Path, tiny: Any, arena: int) -> None:
    worker, service = start(require_signature=False, arena_bytes=arena)
    publish(tiny.directory, "tiny", store(), program=False)
    assert answered(worker, load(service, "tiny", tiny), tiny)


def test_wrong_keys(start: Parts, key: PrivateKey, tiny: Any, tmp_path: Path, home: Path) -> None:
    worker, service = start(arena_bytes=ARENA)
    generate(tmp_path / "theirs")
    publish(tiny.directory, "tiny", store(), program=False, key=PrivateKey.read(tmp_path / "theirs"))
    with pytest.raises(Untrusted, match=r"is signed by SHA256:.* does not name"):
        load(service, "tiny", tiny)
    sign(store(), "tiny", key)
    loaded = load(service, "tiny", tiny)
    (home / "trusted_keys").write_text("# nobody\n")
    with pytest.raises(Untrusted, match="does not name"):
        load(service, "again", tiny)
    assert answered(worker, loaded, tiny), "what was loaded before goes on"
    named, other = start(arena_bytes=ARENA, trusted_keys=str(tmp_path / "theirs.pub"))
    assert answered(named, load(other, "tiny", tiny), tiny)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE signatures SET signature = zeroblob(97)",
        "UPDATE signatures SET content = zeroblob(32)",
        "DELETE FROM signatures",
        "UPDATE tensors SET offset = offset + 64 WHERE name = 'model.norm.weight'",
        "UPDATE models SET digest = zeroblob(32)",
        "DELETE FROM sources",
        "DROP TABLE signatures",
    ],
)
def test_a_store_that_was_changed_is_not_gone_around(start: Parts, key: PrivateKey, tiny: Any, change: str) -> None:
    """Without signatures an engine reads the files where the store is damaged; here it must not."""
    _, service = start(arena_bytes=ARENA)
    publish(tiny.directory, "tiny", store(), program=False, key=key)
    with store().catalog("test") as catalog:
        catalog.execute(change)
    with pytest.raises(Untrusted):
        load(service, "tiny", tiny)


def test_files_that_changed_or_a_store_that_is_gone(start: Parts, key: PrivateKey, tiny: Any, tmp_path: Path) -> None:
    _, service = start(arena_bytes=ARENA)
    directory = tmp_path / "model"
    shutil.copytree(tiny.directory, directory)
    publish(directory, "tiny", store(), program=False, key=key)
    load(service, "tiny", tiny, directory)
    file = directory / "model.safetensors"
    with file.open("r+b") as weights:
        weights.seek(-1, os.SEEK_END)
        weights.write(b"x")
    os.utime(file, ns=(1, 1))
    with pytest.raises(Untrusted, match="not in its store as they are"):
        load(service, "other", tiny, directory)
    publish(tiny.directory, "again", store(), program=False, key=key)
    load(service, "again", tiny)
    remove_model(store(), "again")
    with pytest.raises(Untrusted):
        load(service, "third", tiny)


def test_bytes_of_files_that_nobody_signed(tiny: Any) -> None:
    file = tiny.directory / "model.safetensors"
    about = file.stat()
    leaf = FileBytes(str(file), about.st_size, about.st_mtime_ns, 64, DType.FLOAT32, (1,))
    assert Sources().place(leaf).shape == (1,)
    with pytest.raises(Untrusted, match="nobody has signed"):
        Sources(files=False).place(leaf)


def test_a_worker_is_told() -> None:
    config = parse(["--listen", "unix:x", "--require-signature", "--trusted-keys", "/keys"])
    assert (config.require_signature, config.trusted_keys) == (True, "/keys")
    assert not parse(["--listen", "unix:x"]).require_signature
