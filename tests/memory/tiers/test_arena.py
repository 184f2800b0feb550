"""An arena whose pages are elsewhere, damaged or gone: what can be had is right, and what cannot fails alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, put, read_back, write
from tests.memory.tiers.object_store import Proxy
from tests.memory.tiers.test_kept import flip

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.giving import Giver
from aweigh.memory.paging.pager import Pager
from aweigh.memory.paging.stored import StoredCheckpoint
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.verify import verify
from aweigh.memory.tiers.disk import Disk
from aweigh.memory.tiers.keeper import Keeper
from aweigh.memory.tiers.known import learn
from aweigh.memory.tiers.pull import pull
from aweigh.memory.tiers.push import push
from aweigh.memory.tiers.tiers import Tiers
from aweigh.proto.errors import StoreFailed

WAIT = 60.0
MODEL = {"a": pages(1, 2, 3), "b": pages(4, 5)}


class Desk:
    """A stored model in an arena."""

    def __init__(self, store: Store, *, map_cached: bool, keep: int = 32) -> None:
        self.keeper = Keeper(store, keep)
        self.tiers = Tiers([Disk(store)], keeper=self.keeper)
        learn(self.tiers, store, "model")
        self.arena = PagedArena(Pager(8, map_cached=map_cached))
        self.checkpoint = StoredCheckpoint(Stored(store, "model", absent=True), self.tiers)
        self.tensors = {
            name: self.arena.map(self.checkpoint.file(name), self.checkpoint.extent(name)) for name in MODEL
        }

    def number(self, name: str) -> int:
        found = self.arena.region_of(self.checkpoint.extent(name))
        assert found is not None
        return found

    @contextmanager
    def needed(self, name: str) -> Iterator[bytes]:
        pager = self.arena.pager
        ticket = pager.need([self.number(name)], "model")
        assert pager.wait(ticket, WAIT)
        try:
            yield self.tensors[name].numpy().tobytes()
        finally:
            pager.release(ticket)
            pager.check_integrity()

    def close(self) -> None:
        self.arena.pager.close()
        self.tiers.close()


def cached(store: Store) -> None:
    for path in store.segments.iterdir():
        path.read_bytes()


@pytest.mark.parametrize("mapped", [True, False])
def test_a_flipped_bit_is_healed_on_the_way(store: Store, url: str, tmp_path: Path, mapped: bool) -> None:
    put(store, write(tmp_path / "model", MODEL), "model")
    push(store, "model", url)
    flip(store, 1)
    cached(store)
    desk = Desk(store, map_cached=mapped)
    for name, tensor in MODEL.items():
        with desk.needed(name) as found:
            assert found == tensor.data
    assert desk.keeper.flush(WAIT)
    desk.close()
    assert verify(store).good and read_back(store, "model") == MODEL


def test_what_nobody_has_fails_alone(store: Store, url: str, tmp_path: Path, proxy: Proxy) -> None:
    put(store, write(tmp_path / "model", MODEL), "model")
    push(store, "model", url)
    flip(store, 4)
    proxy.fault = "wrong"
    desk = Desk(store, map_cached=True)
    with pytest.raises(StoreFailed) as failed, desk.needed("b"):
        pass
    said = str(failed.value)
    assert all(f"{name}: what it gave is not what its hash says" in said for name in ("disk", "disk again", url))
    with desk.needed("a") as found:
        assert found == MODEL["a"].data
    proxy.fault = ""
    with desk.needed("b") as found:
        assert found == MODEL["b"].data
    desk.close()


@pytest.mark.parametrize("fault", ["500", "cut", "gone"])
def test_a_lazy_model_outlives_an_object_store_that_fails_for_a_while(
    store: Store, other: Store, url: str, tmp_path: Path, proxy: Proxy, fault: str
) -> None:
    put(store, write(tmp_path / "model", MODEL), "model")
    push(store, "model", url)
    pull(url, "model", other, lazy=True)
    desk = Desk(other, map_cached=True)
    with desk.needed("a") as found:
        assert found == MODEL["a"].data
    proxy.fault = fault
    with pytest.raises(StoreFailed, match=url), desk.needed("b"):
        pass
    proxy.fault = ""
    with desk.needed("b") as found:
        assert found == MODEL["b"].data
    assert desk.keeper.flush(WAIT)
    proxy.fault = "500"
    pager = desk.arena.pager
    pager.remove([desk.number(name) for name in MODEL])
    desk.close()
    again = Desk(other, map_cached=True)
    with again.needed("a") as found:
        assert found == MODEL["a"].data, "it was kept"
    again.close()


def test_a_slow_object_store_holds_up_nobody_else(
    store: Store, other: Store, url: str, tmp_path: Path, proxy: Proxy
) -> None:
    put(store, write(tmp_path / "model", MODEL), "model")
    push(store, "model", url)
    put(other, write(tmp_path / "half", {"a": MODEL["a"]}), "half")
    pull(url, "model", other, lazy=True)
    desk = Desk(other, map_cached=False)
    proxy.fault = "hang"
    pager = desk.arena.pager
    waiting = pager.need([desk.number("b")], "model")
    assert proxy.seen.wait(WAIT)
    with desk.needed("a") as found:
        assert found == MODEL["a"].data
    assert not pager.wait(waiting, 0.0)
    proxy.fault = ""
    proxy.release.set()
    assert pager.wait(waiting, WAIT)
    assert desk.tensors["b"].numpy().tobytes() == MODEL["b"].data
    pager.release(waiting)
    desk.close()


def test_segments_that_somebody_deleted_come_from_elsewhere(store: Store, url: str, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", MODEL), "model")
    push(store, "model", url)
    for path in store.segments.iterdir():
        path.unlink()
    desk = Desk(store, map_cached=True)
    for name, tensor in MODEL.items():
        with desk.needed(name) as found:
            assert found == tensor.data
    for name, tensor in MODEL.items():
        assert desk.checkpoint.file(name).map().numpy().tobytes() == tensor.data
    desk.close()


def test_an_arena_gives_what_is_resident_and_brings_nothing_for_it(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", MODEL), "model")
    desk = Desk(store, map_cached=False)
    with Stored(store, "model") as stored:
        names = {name: stored.extents[tensor.extent or 0].runs[0].hashes for name, tensor in stored.tensors.items()}
    giver = Giver(Store(tmp_path / "none"), desk.arena)
    with desk.needed("a"):
        pass
    for at, name in enumerate(names["a"]):
        with giver.page(name) as page:
            assert page is not None and bytes(page) == MODEL["a"].data[at * PAGE_BYTES : (at + 1) * PAGE_BYTES]
            assert desk.arena.pager.take_frames(8) is False, "it is held while it is sent"
    with giver.page(names["b"][0]) as page:
        assert page is None
    assert desk.arena.pager.resident_frames == 3
    desk.arena.pager.remove([desk.number("a")])
    with giver.page(names["a"][0]) as page:
        assert page is None
    desk.close()
