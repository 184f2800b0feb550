"""kill -9 at every numbered point: nothing half-made is ever seen, the next publish goes on, and gc removes all litter."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, raw, read_back, read_files, small, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import VARIABLE
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.export import export
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.listing import models
from aweigh.memory.store.verify import verify

# What a process does, without torch: aweigh.memory.store loads none.
PROGRAM = """
import sys
from pathlib import Path
from aweigh.memory.store import segment
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect, remove_model
from aweigh.memory.store.export import export
from aweigh.memory.store.publish import publish

segment.SLOTS = 3
root, what, *rest = sys.argv[1:]
store = Store(Path(root))
if what == "publish":
    publish(Path(rest[0]), rest[1], store, program=False, batch_pages=2)
elif what == "rm":
    remove_model(store, rest[0])
elif what == "gc":
    collect(store)
else:
    export(store, rest[0], Path(rest[1]))
assert "torch" not in sys.modules
"""

BASE = {"a": pages(1, 2), "b": pages(3), "norm": raw("F32", 1000)}
OLD = {"a": pages(1, 20), "b": pages(30)}
NEW = {"a": pages(1, 2), "b": pages(10), "c": pages(11, 12, 13), "d": pages(14, 15), "norm": raw("F32", 999)}

OF_PUBLISH = [point for point in Failpoint if point.value <= Failpoint.STAGING_EMPTIED.value]
TWICE = [Failpoint.PAGES_WRITTEN, Failpoint.PAGES_SYNCED, Failpoint.JOURNAL_TORN, Failpoint.JOURNAL_SYNCED]


def run(store: Store, *arguments: object, point: str = "") -> int:
    environment = {**os.environ, VARIABLE: point} if point else dict(os.environ)
    command = [sys.executable, "-c", PROGRAM, str(store.root), *map(str, arguments)]
    return subprocess.run(command, env=environment, timeout=60, check=False).returncode


def test_every_point_is_killed_at_in_this_file() -> None:
    others = {Failpoint.MODEL_DELETED, Failpoint.LEFTOVER_EMPTIED, Failpoint.ROWS_DELETED, Failpoint.SPACE_FREED}
    tiers = {Failpoint.PAGES_PLACED, Failpoint.PAGES_KEPT, Failpoint.PACK_SENT}  # tests/memory/tiers
    elsewhere = {Failpoint.SIGNATURE_WRITTEN, *tiers}  # test_signatures.py
    assert set(Failpoint) == {*OF_PUBLISH, *others, Failpoint.EXPORT_WRITTEN, *elsewhere}


@dataclass(frozen=True)
class Prepared:
    """A store with two models, made once; a test works on a copy. The checkpoints stay where they are: who they are counts."""

    store: Store
    base: Path
    new: Path

    def copy(self, root: Path) -> Store:
        shutil.copytree(self.store.root, root)
        return Store(root)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    here = tmp_path_factory.mktemp("prepared")
    store = Store(here / "store")
    base = write(here / "base", BASE)
    put(store, base, "base")
    put(store, write(here / "old", OLD), "name")
    return Prepared(store, base, write(here / "new", NEW))


@pytest.mark.parametrize("point", [p.name for p in OF_PUBLISH] + [f"{p.name}:3" for p in TWICE] + ["SEGMENT_MOVED:2"])
def test_a_killed_publish(prepared: Prepared, tmp_path: Path, point: str) -> None:
    killed = prepared.copy(tmp_path / "killed")
    assert run(killed, "publish", prepared.new, "name", point=point) == -signal.SIGKILL

    committed = point in ("CATALOG_COMMITTED", "STAGING_EMPTIED")
    assert {model.name for model in models(killed)} == {"base", "name"}
    assert read_back(killed, "base") == BASE
    assert read_back(killed, "name") == (NEW if committed else OLD)
    assert verify(killed).good

    cleaned = Store(tmp_path / "cleaned")
    shutil.copytree(killed.root, cleaned.root)
    collect(cleaned)
    assert_clean(cleaned)
    assert read_back(cleaned, "name") == (NEW if committed else OLD)

    for store in (killed, cleaned):
        done = put(store, prepared.new, "name")
        everything = sum(len(tensor.data) for tensor in NEW.values())
        if committed:
            assert done.read_bytes == 0
        elif store is killed and Failpoint[point.partition(":")[0]].value >= Failpoint.JOURNAL_SYNCED.value:
            assert done.read_bytes <= everything - 2 * PAGE_BYTES, "two pages at least were safe"
        collect(store)
        assert_clean(store)
        assert read_back(store, "base") == BASE
        assert read_back(store, "name") == NEW
        assert verify(store).good


def assert_clean(store: Store) -> None:
    """Nothing takes room but pages that a model has."""
    assert not list(store.publishing.iterdir())
    with store.catalog("test") as catalog:
        ((used, unused),) = catalog.execute("SELECT COALESCE(SUM(uses > 0), 0), COALESCE(SUM(uses = 0), 0) FROM pages")
    assert unused == 0
    assert sum(path.stat().st_blocks * 512 for path in store.segments.iterdir()) == used * PAGE_BYTES


def test_a_publish_that_is_killed_again_and_again_gets_there(store: Store, tmp_path: Path) -> None:
    new = write(tmp_path / "new", NEW)
    kills = 0
    while run(store, "publish", new, "name", point="JOURNAL_SYNCED") != 0:
        kills += 1
    assert kills == 5, "two pages a time, nine in all"
    assert read_back(store, "name") == NEW
    assert verify(store).good


def test_a_journal_that_outlived_its_segments_is_not_believed(prepared: Prepared, tmp_path: Path) -> None:
    store = prepared.copy(tmp_path / "store")
    assert run(store, "publish", prepared.new, "name", point="CATALOG_COMMITTED") == -signal.SIGKILL
    put(store, write(tmp_path / "other", {"a": pages(10), "b": pages(12), "c": pages(15)}), "other")
    (left,) = store.publishing.iterdir()
    shutil.copytree(left, tmp_path / "left")
    remove_model(store, "name")
    assert collect(store).leftovers == 1
    shutil.copytree(tmp_path / "left", left)
    put(store, prepared.new, "name")
    assert read_back(store, "name") == NEW
    assert verify(store).good


def test_a_killed_removal_has_not_happened(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "base", BASE), "base")
    assert run(store, "rm", "base", point="MODEL_DELETED") == -signal.SIGKILL
    assert read_back(store, "base") == BASE
    assert run(store, "rm", "base") == 0
    assert models(store) == []


@pytest.fixture(scope="module")
def littered(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A model was removed, and a publish killed."""
    store = prepared.copy(tmp_path_factory.mktemp("littered") / "store")
    assert run(store, "publish", prepared.new, "new", point="JOURNAL_SYNCED:2") == -signal.SIGKILL
    remove_model(store, "base")
    return store


@pytest.mark.parametrize(
    "point", ["LEFTOVER_EMPTIED", "ROWS_DELETED", "ROWS_DELETED:2", "SPACE_FREED", "SPACE_FREED:2"]
)
def test_a_killed_gc(prepared: Prepared, littered: Store, tmp_path: Path, point: str) -> None:
    store = Store(tmp_path / "store")
    shutil.copytree(littered.root, store.root)
    assert run(store, "gc", point=point) == -signal.SIGKILL
    assert read_back(store, "name") == OLD
    assert verify(store).good
    put(store, prepared.base, "base")
    assert read_back(store, "base") == BASE
    collect(store)
    assert_clean(store)
    assert (read_back(store, "base"), read_back(store, "name")) == (BASE, OLD)
    assert verify(store).good


def test_a_killed_export_is_not_there(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    target = tmp_path / "out" / "here"
    assert run(store, "export", "model", target, point="EXPORT_WRITTEN") == -signal.SIGKILL
    assert not target.exists()
    export(store, "model", target)
    assert read_files(target) == small()
    assert list(target.parent.iterdir()) == [target]
