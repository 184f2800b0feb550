"""A page cache with a flipped bit, below a device that cannot map it."""

import fcntl
import os
from pathlib import Path
from typing import Any

import pytest
from tests.memory.frames.fake_driver import FakeDriver
from tests.memory.store.checkpoints import pages, put, write

from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.medium import on_driver
from aweigh.memory.paging.pager import Pager
from aweigh.memory.paging.stored import StoredCheckpoint
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.stored import Stored
from aweigh.memory.tiers.disk import Disk
from aweigh.memory.tiers.keeper import Keeper
from aweigh.memory.tiers.tiers import Tiers
from aweigh.proto.errors import AweighError


def test_a_device_reads_past_a_page_cache_that_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a host does, who maps it, finds it wrong, and reads the disk."""
    store = Store(tmp_path / "store")
    put(store, write(tmp_path / "model", {"a": pages(1, 2)}), "m")
    for path in store.segments.iterdir():
        path.read_bytes()
    real = os.preadv
    direct: list[bool] = []

    def preadv(descriptor: int, buffers: Any, offset: int) -> int:
        got = real(descriptor, buffers, offset)
        direct.append(bool(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT))
        if not direct[-1]:
            buffers[0][0] ^= 4  # a bit of the page cache has flipped; the disk is right
        return got

    monkeypatch.setattr(os, "preadv", preadv)
    keeper = Keeper(store)
    arena = PagedArena(Pager(8, open_medium=lambda frames: on_driver(FakeDriver(), frames)))
    checkpoint = StoredCheckpoint(Stored(store, "m"), Tiers([Disk(store)], keeper=keeper))
    arena.map(checkpoint.file("a"), checkpoint.extent("a"))
    number = arena.region_of(checkpoint.extent("a"))
    assert number is not None
    came = []
    for _ in range(2):
        ticket = arena.pager.need([number], "m")
        try:
            came.append(arena.pager.wait(ticket, 60))
        except AweighError as error:
            came.append(str(error))  # type: ignore[arg-type]
        arena.pager.release(ticket)
    keeper.flush(10)
    with store.catalog("looking") as connection:
        damaged = connection.execute("SELECT COUNT(*) FROM pages WHERE damaged").fetchone()[0]
    assert came == [True, True] and not damaged, (came, damaged, direct)
