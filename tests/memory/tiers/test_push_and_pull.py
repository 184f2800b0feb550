"""Models go to an object store and come back bit for bit; what is there is not sent again; nothing half-written is seen."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors import SafetensorError, safe_open
from tests.memory.store.checkpoints import Raw, pages, put, raw, read_back, read_files, small, write
from tests.memory.tiers.object_store import Proxy, Server, environment, serving

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import VARIABLE
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.export import export
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.listing import models
from aweigh.memory.store.publish import publish
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from aweigh.memory.tiers.bucket import Bucket
from aweigh.memory.tiers.packs import record_path
from aweigh.memory.tiers.published import encode
from aweigh.memory.tiers.pull import pull
from aweigh.memory.tiers.push import push, records
from aweigh.memory.trust.private_key import PrivateKey, generate
from aweigh.memory.trust.trust import Trust
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, ModelNotFound, StoreFailed, Untrusted

BASE = {"a": pages(1, 2), "b": pages(3), "norm": raw("F32", 1000)}
TUNED = {"a": pages(1, 2), "b": pages(30), "norm": raw("F32", 1000)}


def test_what_was_pushed_comes_back(store: Store, other: Store, url: str, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small(), config='{"a": 1}'), "org/model")
    sent = push(store, "org/model", url)
    assert sent.sent == 5 * PAGE_BYTES and sent.there == 0
    got = pull(url, "org/model", other, digest=sent.digest.hex())
    assert got.brought == got.total == 5 * PAGE_BYTES
    assert read_back(other, "org/model") == small()
    assert verify(other).good
    export(other, "org/model", tmp_path / "out")
    assert read_files(tmp_path / "out") == small()
    assert (tmp_path / "out" / "config.json").read_text() == (got.directory / "config.json").read_text() == '{"a": 1}'
    assert pull(url, "org/model", other).brought == 0
    collect(other)
    assert verify(other).good and read_back(other, "org/model") == small()


def test_signatures_go_along(store: Store, other: Store, url: str, tmp_path: Path) -> None:
    generate(tmp_path / "key", "us")
    publish(write(tmp_path / "model", small()), "m", store, program=False, key=PrivateKey.read(tmp_path / "key"))
    push(store, "m", url)
    for lazy in (True, False):
        pull(url, "m", other, called="here", lazy=lazy)
        with Stored(other, "here", absent=True) as stored:
            Trust(True, tmp_path / "key.pub").check("here", stored.content, stored.signatures)
    assert verify(other, trust=Trust(True, tmp_path / "key.pub")).good


def test_a_signature_of_another_model_is_not_kept(store: Store, other: Store, url: str, tmp_path: Path) -> None:
    generate(tmp_path / "key", "us")
    key = PrivateKey.read(tmp_path / "key")
    put(store, write(tmp_path / "model", small()), "m")
    push(store, "m", url)
    bucket = Bucket(url)
    forged = replace(records(bucket)["m"], signatures=(key.sign(bytes(32)),))
    bucket.put(record_path("m"), encode(forged))
    pull(url, "m", other)
    with Stored(other, "m") as stored, pytest.raises(Untrusted):
        Trust(True, tmp_path / "key.pub").check("m", stored.content, stored.signatures)


def test_pages_that_are_there_are_not_sent_again(store: Store, url: str, tmp_path: Path, proxy: Proxy) -> None:
    put(store, write(tmp_path / "base", BASE), "base")
    put(store, write(tmp_path / "tuned", TUNED), "tuned")
    assert push(store, "base", url).sent == 4 * PAGE_BYTES
    proxy.packs_written = 0
    again = push(store, "base", url)
    assert (again.sent, again.there, proxy.packs_written) == (0, 4 * PAGE_BYTES, 0)
    tuned = push(store, "tuned", url)
    assert (tuned.sent, tuned.there, proxy.packs_written) == (PAGE_BYTES, 3 * PAGE_BYTES, 1)
    assert {name: len(set(model.hashes)) for name, model in records(Bucket(url)).items()} == {"base": 4, "tuned": 4}


def test_a_pack_that_a_record_speaks_of_and_nobody_has_is_sent(store: Store, other: Store, tmp_path: Path) -> None:
    url = (tmp_path / "objects").as_uri()
    put(store, write(tmp_path / "base", BASE), "base")
    push(store, "base", url)
    for pack in (tmp_path / "objects" / "packs").iterdir():
        pack.unlink()
    assert push(store, "base", url).sent == 4 * PAGE_BYTES
    pull(url, "base", other)
    assert read_back(other, "base") == BASE


def test_a_lazy_pull_brings_no_page_and_says_so(
    store: Store, other: Store, url: str, tmp_path: Path, proxy: Proxy
) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    push(store, "model", url)
    done = pull(url, "model", other, lazy=True)
    assert (done.brought, proxy.packs_read) == (0, 0)
    found = verify(other)
    assert found.good and (found.pages, found.absent) == (0, 5)
    assert [model.name for model in models(other)] == ["model"]
    with pytest.raises(StoreFailed, match="--lazy"):
        Stored(other, "model")
    with pytest.raises(StoreFailed, match="--lazy"):
        export(other, "model", tmp_path / "out")
    collect(other)
    assert verify(other).absent == 5
    pull(url, "model", other)
    assert read_back(other, "model") == small() and verify(other).absent == 0


def test_publishing_the_same_bytes_fills_what_was_pulled_lazily(
    store: Store, other: Store, url: str, tmp_path: Path
) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    push(store, "model", url)
    pull(url, "model", other, called="lazy", lazy=True)
    put(other, tmp_path / "model", "mine")
    assert verify(other).absent == 0
    assert read_back(other, "lazy") == small() == read_back(other, "mine")


def test_the_directory_of_a_pulled_model_has_headers_that_nobody_takes_for_weights(
    store: Store, other: Store, url: str, tmp_path: Path
) -> None:
    put(store, write(tmp_path / "model", small()), "org/model")
    push(store, "org/model", url)
    directory = pull(url, "org/model", other, lazy=True).directory
    file = directory / "model.safetensors"
    with pytest.raises(SafetensorError):
        safe_open(str(file), framework="np").__enter__()  # type: ignore[no-untyped-call]
    with pytest.raises(CheckpointInvalid):
        Checkpoint(directory)
    checkpoint = Checkpoint(directory, may_lack_data=True)
    assert not checkpoint.whole
    assert {
        name: (entry.dtype_name, entry.shape) for name in checkpoint.names for entry in [checkpoint.entry(name)]
    } == {name: (tensor.dtype, tensor.shape) for name, tensor in small().items()}
    assert Stored.find(other, [found.identity for found in checkpoint.files]) == "org/model"
    remove_model(other, "org/model")
    assert not directory.exists()


def test_a_name_that_is_taken_is_not_replaced_unasked(store: Store, other: Store, url: str, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    push(store, "model", url)
    put(other, write(tmp_path / "mine", BASE), "model")
    with pytest.raises(InvalidRequest, match="--as"):
        pull(url, "model", other)
    assert read_back(other, "model") == BASE
    pull(url, "model", other, called="theirs")
    assert (read_back(other, "model"), read_back(other, "theirs")) == (BASE, small())
    pull(url, "model", other, called="model")
    assert read_back(other, "model") == small()


def test_another_digest_than_was_asked_for_is_refused(store: Store, other: Store, url: str, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    push(store, "model", url)
    with pytest.raises(InvalidRequest, match="digest"):
        pull(url, "model", other, digest="00" * 32)
    assert models(other) == []
    with pytest.raises(ModelNotFound):
        pull(url, "other", other)
    with pytest.raises(ModelNotFound):
        pull((tmp_path / "nowhere").as_uri(), "model", other)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("fault", ["500", "cut", "wrong", "gone"])
def test_a_pull_that_fails_leaves_nothing_to_see_and_goes_on_later(
    store: Store, other: Store, url: str, tmp_path: Path, proxy: Proxy, fault: str
) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    push(store, "model", url)
    proxy.fault = fault
    with pytest.raises(StoreFailed) as failed:
        pull(url, "model", other)
    assert "secret" not in str(failed.value) and "key-of" not in str(failed.value)
    assert models(other) == [] and verify(other).good
    proxy.fault = ""
    pull(url, "model", other)
    assert read_back(other, "model") == small()


def test_a_server_that_dies_is_one_sentence(store: Store, url: str, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    with serving(tmp_path / "log") as dying:
        dying.kill()
        with environment(dying.environment), pytest.raises(StoreFailed, match="nobody answers") as failed:
            push(store, "model", url)
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "ftp://host/x",
        "s3://key:secret@bucket/x",
        "file://relative",
        "s3://bucket/x?y=1",
        "nothing",
        "memory:///",
        "http://[",
    ],
)
def test_what_names_no_object_store_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Bucket(url)
    assert "secret" not in str(refused.value)


PROGRAM = """
import sys
from pathlib import Path
from aweigh.memory.store.catalog import Store
from aweigh.memory.tiers import pull as pulling
from aweigh.memory.tiers.push import push

pulling.BATCH_PAGES = 2
root, what, url, name = sys.argv[1:]
if what == "push":
    push(Store(Path(root)), name, url)
else:
    pulling.pull(url, name, Store(Path(root)))
assert "torch" not in sys.modules
"""


def run(store: Store, *arguments: str, point: str = "") -> int:
    values = {**os.environ, VARIABLE: point} if point else dict(os.environ)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(store.root), *arguments], env=values, timeout=60, check=False
    ).returncode


def many() -> dict[str, Raw]:
    return {f"t{at}": pages(100 + at) for at in range(20)}


def test_a_killed_push_is_not_visible_and_goes_on(store: Store, tmp_path: Path) -> None:
    url = (tmp_path / "objects").as_uri()
    put(store, write(tmp_path / "model", many()), "model")
    assert run(store, "push", url, "model", point=f"{Failpoint.PACK_SENT.name}:2") == -signal.SIGKILL
    assert records(Bucket(url)) == {} and not (tmp_path / "objects" / record_path("model")).exists()
    assert len(list((tmp_path / "objects" / "packs").iterdir())) >= 2
    assert push(store, "model", url).sent <= 4 * PAGE_BYTES


@pytest.mark.parametrize(
    "point",
    ["STAGING_LOCKED", "PAGES_WRITTEN:3", "PAGES_SYNCED", "JOURNAL_TORN:2", "JOURNAL_SYNCED:5", "SEGMENT_MOVED", "SEGMENTS_SYNCED", "CATALOG_WRITTEN", "CATALOG_COMMITTED", "STAGING_EMPTIED"],
)  # fmt: skip
def test_a_killed_pull_is_not_visible_and_goes_on(store: Store, other: Store, tmp_path: Path, point: str) -> None:
    url = (tmp_path / "objects").as_uri()
    put(store, write(tmp_path / "model", many()), "model")
    push(store, "model", url)
    assert run(other, "pull", url, "model", point=point) == -signal.SIGKILL
    committed = point in ("CATALOG_COMMITTED", "STAGING_EMPTIED")
    assert [model.name for model in models(other)] == (["model"] if committed else [])
    again = pull(url, "model", other)
    if committed:
        assert again.brought == 0
    elif point in ("JOURNAL_SYNCED:5", "SEGMENT_MOVED", "SEGMENTS_SYNCED", "CATALOG_WRITTEN"):
        assert again.brought <= 10 * PAGE_BYTES, "ten pages at least were safe"
    assert read_back(other, "model") == many() and verify(other).good
    collect(other)
    assert not list(other.publishing.iterdir()) and read_back(other, "model") == many()


def test_commands(store: Store, url: str, tmp_path: Path, server: Server) -> None:
    put(store, write(tmp_path / "model", small()), "model")

    def aweigh(*arguments: str, home: str = "home") -> "subprocess.CompletedProcess[str]":
        values = {**os.environ, "AWEIGH_HOME": str(tmp_path / home)}
        command = [sys.executable, "-m", "aweigh.serverless.cli", "store", *arguments]
        return subprocess.run(command, env=values, timeout=60, check=False, capture_output=True, text=True)

    pushed = aweigh("push", "model", url)
    assert pushed.returncode == 0 and "10 MB sent" in pushed.stdout, pushed.stderr
    digest = pushed.stdout.split()[-1]
    listed = aweigh("ls", url, "--json")
    assert digest in listed.stdout and '"name": "model"' in listed.stdout
    pulled = aweigh("pull", url, "model", "--lazy", "--digest", digest, home="other")
    assert pulled.returncode == 0 and "come when they are used" in pulled.stdout, pulled.stderr
    assert "5 pages come from elsewhere" in aweigh("verify", home="other").stdout
    wrong = aweigh("pull", url, "no-such-model", home="other")
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr and wrong.stderr.startswith("aweigh: ")
    assert "secret" not in wrong.stderr + pushed.stdout + pushed.stderr
