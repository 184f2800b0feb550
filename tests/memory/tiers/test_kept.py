"""Pages from elsewhere get a slot, all or none, and damaged ones are found and healed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import put, read_back, small, write

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import VARIABLE
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from aweigh.memory.tiers.disk import Disk
from aweigh.memory.tiers.keeper import Keeper
from aweigh.memory.tiers.kept import doubt, keep
from aweigh.memory.tiers.known import learn
from aweigh.memory.tiers.pull import pull
from aweigh.memory.tiers.push import push
from aweigh.memory.tiers.repair import repair
from aweigh.memory.tiers.tiers import Tiers
from aweigh.proto.errors import CheckpointInvalid

WAIT = 60.0


def contents(store: Store, name: str) -> dict[bytes, bytes]:
    """Every page of a model by its hash."""
    found = {}
    with Stored(store, name) as stored:
        for extent in stored.extents:
            for run in extent.runs:
                for at, page in enumerate(run.hashes):
                    found[page] = os.pread(run.descriptor, PAGE_BYTES, run.offset + at * PAGE_BYTES)
    return found


def flip(store: Store, slot: int, segment: int = 0) -> None:
    """One bit of a stored page."""
    path = sorted(store.segments.iterdir())[segment]
    with path.open("r+b") as file:
        file.seek(slot * PAGE_BYTES + 77)
        byte = file.read(1)[0]
        file.seek(slot * PAGE_BYTES + 77)
        file.write(bytes([byte ^ 4]))


@pytest.fixture
def source(store: Store, tmp_path: Path) -> str:
    """A model in `store`, pushed to a URL, which is returned."""
    url = (tmp_path / "objects").as_uri()
    put(store, write(tmp_path / "model", small()), "model")
    push(store, "model", url)
    return url


def test_pages_that_nobody_wants_are_not_written(store: Store, other: Store, source: str, tmp_path: Path) -> None:
    pages = contents(store, "model")
    pull(source, "model", other, lazy=True)
    first, *rest = pages
    assert keep(other, [(bytes(32), memoryview(bytes(PAGE_BYTES)))]) == 0
    assert keep(other, [(first, memoryview(pages[first]))]) == 1
    assert keep(other, [(name, memoryview(pages[name])) for name in (first, *rest, *rest)]) == len(rest)
    assert read_back(other, "model") == small() and verify(other).good
    collect(other)
    assert not list(other.publishing.iterdir())
    assert sum(path.stat().st_size for path in other.segments.iterdir()) == len(pages) * PAGE_BYTES


PROGRAM = """
import sys
from pathlib import Path
from aweigh.memory.store.catalog import Store
from aweigh.memory.tiers.known import learn
from aweigh.memory.tiers.repair import repair
from aweigh.memory.tiers.tiers import Tiers

store, tiers = Store(Path(sys.argv[1])), Tiers()
learn(tiers, store)
repair(store, tiers)
assert "torch" not in sys.modules
"""


@pytest.mark.parametrize(
    "point",
    ["STAGING_LOCKED", "SEGMENT_CREATED", "PAGES_WRITTEN", "PAGES_SYNCED", "JOURNAL_TORN", "JOURNAL_SYNCED", "SEGMENT_MOVED", "SEGMENTS_SYNCED", "PAGES_PLACED", "PAGES_KEPT", "STAGING_EMPTIED"],
)  # fmt: skip
def test_a_killed_repair_leaves_a_page_as_it_was_or_right(store: Store, source: str, point: str) -> None:
    flip(store, 0)
    flip(store, 2)
    assert not verify(store).good
    command = [sys.executable, "-c", PROGRAM, str(store.root)]
    killed = subprocess.run(command, env={**os.environ, VARIABLE: point}, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert verify(store).good == (point in ("PAGES_KEPT", "STAGING_EMPTIED"))
    subprocess.run(command, timeout=60, check=True)
    assert verify(store).good and read_back(store, "model") == small()
    collect(store)
    assert not list(store.publishing.iterdir()) and read_back(store, "model") == small()
    taken = sum(path.stat().st_blocks * 512 for path in store.segments.iterdir())
    assert taken == len(contents(store, "model")) * PAGE_BYTES, "the damaged slots are given back"


def test_what_cannot_be_repaired_is_told_apart(store: Store, source: str, tmp_path: Path) -> None:
    flip(store, 0)
    flip(store, 1)
    verify(store)
    (pack,) = (tmp_path / "objects" / "packs").iterdir()
    with pack.open("r+b") as file:
        file.write(b"nothing that was pushed")
    tiers = Tiers()
    learn(tiers, store)
    done = repair(store, tiers)
    assert done.pages == 1 and len(done.left) == 1 and source in done.left[0]
    assert len({damage.page for damage in verify(store).damages}) == 1


def test_verify_repairs_by_command(store: Store, source: str, tmp_path: Path) -> None:
    flip(store, 1)
    environment = {**os.environ, "AWEIGH_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "aweigh.serverless.cli", "store", "verify"]
    found = subprocess.run(command, env=environment, timeout=60, check=False, capture_output=True, text=True)
    assert found.returncode == 1 and "1 of 5 pages are damaged" in found.stdout
    healed = subprocess.run(
        [*command, "--repair"], env=environment, timeout=60, check=False, capture_output=True, text=True
    )
    assert healed.returncode == 0 and "1 pages are repaired, 0 are not" in healed.stdout, healed.stderr
    assert "5 pages are what was stored" in healed.stdout
    assert read_back(store, "model") == small()


def test_a_wrong_page_that_somebody_read_is_marked_and_healed_behind_his_back(store: Store, source: str) -> None:
    keeper = Keeper(store)
    tiers = Tiers([Disk(store)], keeper=keeper)
    learn(tiers, store)
    right = contents(store, "model")
    flip(store, 0)
    with Stored(store, "model") as stored:
        run = stored.extents[0].runs[0]
        room = memoryview(bytearray(run.length))

        def read_file(first: int, into: memoryview) -> None:
            into[:] = os.pread(run.descriptor, len(into), run.offset + first)

        tiers.bring(run.hashes, room, read_file)
        assert bytes(room) == b"".join(right[name] for name in run.hashes)
        assert keeper.flush(WAIT)
        assert verify(store).good and read_back(store, "model") == small()
        before = {count.name: count for count in tiers.report()}
        assert before["disk"].failures == 2 and before[source].bytes == PAGE_BYTES
        tiers.bring(run.hashes, room, read_file)
        assert keeper.flush(WAIT)
    assert verify(store).good, "who still reads the old slot does not make the new one doubted"
    after = {count.name: count for count in tiers.report()}
    assert after[source].bytes == PAGE_BYTES, "the second time the page was found where the catalog says"
    tiers.close()


def test_a_page_that_was_only_read_wrong_keeps_its_slot(store: Store, source: str) -> None:
    names = list(contents(store, "model"))
    assert doubt(store, names) == 0
    flip(store, 1)
    assert doubt(store, names) == 1 and doubt(store, names) == 0
    assert len({damage.page for damage in verify(store).damages}) == 1


def test_the_keeper_is_bounded_and_writes_what_it_took_before_it_ends(store: Store, other: Store, source: str) -> None:
    pages = contents(store, "model")
    pull(source, "model", other, lazy=True)
    keeper = Keeper(other, 2)
    taken = [keeper.offer(name, memoryview(data)) for name, data in pages.items()]
    assert 2 <= sum(taken) <= len(pages)
    keeper.close()
    assert verify(other).pages == sum(taken)
    assert not keeper.offer(bytes(32), memoryview(bytes(PAGE_BYTES)))
    none = Keeper(other, 0)
    assert not any(none.offer(name, memoryview(data)) for name, data in pages.items())
    none.close()


def test_a_store_that_cannot_be_written_stops_the_keeper_and_nobody_else(
    store: Store, other: Store, source: str
) -> None:
    pages = contents(store, "model")
    pull(source, "model", other, lazy=True)
    for path in other.publishing.iterdir():
        path.unlink()
    other.publishing.rmdir()
    other.publishing.write_text("no directory")
    keeper = Keeper(other)
    tiers = Tiers([Disk(other)], keeper=keeper)
    learn(tiers, other)
    room = memoryview(bytearray(PAGE_BYTES))
    for name, data in pages.items():
        tiers.bring([name], room, None)
        assert bytes(room) == data
    assert keeper.flush(WAIT)
    assert not keeper.offer(next(iter(pages)), room)
    assert verify(other).absent == len(pages)
    tiers.close()


def test_nobody_has_it(store: Store, source: str) -> None:
    tiers = Tiers([Disk(store)])
    with pytest.raises(CheckpointInvalid, match=f"{'00' * 8}.*disk: not here"):
        tiers.bring([bytes(32)], memoryview(bytearray(PAGE_BYTES)), None)
