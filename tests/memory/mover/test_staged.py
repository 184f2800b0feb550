"""Chunks on their way to a device: every byte arrives whatever memory there is to go through, and slots are lost to nobody."""

import ctypes
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from blake3 import blake3
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import integers
from tests.memory.frames.fake_driver import FakeDriver

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.mover.chunks import CHUNK_BYTES, Chunk, cut
from aweigh.memory.mover.core import Run, Target
from aweigh.memory.mover.kept import Kept
from aweigh.memory.mover.mover import MOST_THREADS
from aweigh.memory.mover.staged import SLOTS, Staged, _key
from aweigh.proto.errors import CheckpointInvalid, Overloaded

SIZE = 9 * PAGE_BYTES + 12_345


class Way:
    """A file, and frames that it goes to."""

    def __init__(self, path: Path) -> None:
        self.content = os.urandom(SIZE)
        path.write_bytes(self.content)
        self.descriptor = os.open(path, os.O_RDONLY)
        self.driver = FakeDriver()
        self.pool = CudaFrames(self.driver, 12)
        self.place = self.pool.reserve(12)
        self.pool.back(self.place)

    def chunks(self, offset: int = 0, length: int = SIZE, *, hashed: bool = False) -> list[Chunk]:
        hashes: tuple[bytes, ...] = ()
        if hashed:
            pages = range(offset, offset + length, PAGE_BYTES)
            hashes = tuple(blake3(self.content[page : page + PAGE_BYTES]).digest() for page in pages)
        run = Run(self.descriptor, offset, length, hashes)
        found = list(cut([Target(run, self.place.address + offset % 4096)]))
        return [chunk for chunk in found if isinstance(chunk, Chunk)]

    def came(self, offset: int = 0, length: int = SIZE) -> bool:
        begin = offset % 4096
        found = self.place.bytes_B[begin : begin + length].numpy().tobytes()
        return found == self.content[offset : offset + length]


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    made = Way(tmp_path / "weights")
    yield made
    os.close(made.descriptor)
    made.driver.check()


@pytest.mark.parametrize(("offset", "length"), [(0, SIZE), (1, 1), (4095, 2), (12_345, 3 * PAGE_BYTES)])
@pytest.mark.parametrize("keep", [0, 2 * CHUNK_BYTES, 32 * CHUNK_BYTES])
def test_every_byte_arrives_and_not_one_more(way: Way, offset: int, length: int, keep: int) -> None:
    way.place.bytes_B.fill_(7)
    landing = Staged(way.driver, keep)
    for _ in range(2):
        for chunk in way.chunks(offset, length):
            landing.land(chunk)
    assert way.came(offset, length)
    assert (way.place.bytes_B[offset % 4096 + length :] == 7).all()
    landing.kept.check_integrity()


def test_what_was_kept_is_not_read_again_and_is_known_by_its_hashes(
    way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Staged(way.driver, 8 * CHUNK_BYTES)
    chunks = way.chunks(0, 8 * PAGE_BYTES, hashed=True)
    for chunk in chunks:
        landing.land(chunk)
    way.place.bytes_B.zero_()
    monkeypatch.setattr(os, "preadv", lambda *_: pytest.fail("it was read again"))
    other = os.open(tmp_path, os.O_RDONLY)  # another file, in which the same pages would lie elsewhere
    for chunk in chunks:
        landing.land(Chunk(other, chunk.offset + PAGE_BYTES, chunk.length, chunk.address, chunk.wanted, chunk.hashes))
    os.close(other)
    assert way.came(0, 8 * PAGE_BYTES) and landing.kept.hits == len(chunks)


def test_a_file_that_was_written_to_is_another_one(way: Way, tmp_path: Path) -> None:
    landing = Staged(way.driver, 8 * CHUNK_BYTES)
    (chunk,) = way.chunks(0, 4096)
    landing.land(chunk)
    way.content = b"x" * SIZE
    (tmp_path / "weights").write_bytes(way.content)
    os.utime(tmp_path / "weights", ns=(1, 1))
    landing.land(chunk)
    assert way.came(0, 4096) and landing.kept.hits == 0


def test_what_came_wrong_is_read_anew(way: Way) -> None:
    landing = Staged(way.driver, 8 * CHUNK_BYTES)
    chunks = way.chunks()
    for chunk in chunks:
        landing.land(chunk)
    slot = landing.kept.find(_key(chunks[0]))
    assert slot is not None
    ctypes.memset(slot, 1, 100)  # bits flip in the tier
    landing.forget(chunks[0])
    for chunk in chunks:
        landing.land(chunk)
    assert way.came() and landing.kept.hits == len(chunks)
    landing.kept.check_integrity()


def test_a_page_that_is_wrong_reaches_neither_the_device_nor_the_tier(way: Way, tmp_path: Path) -> None:
    chunks = way.chunks(0, 2 * PAGE_BYTES, hashed=True)
    (tmp_path / "weights").write_bytes(b"x" * SIZE)
    way.place.bytes_B.fill_(7)
    for keep in (0, 4 * CHUNK_BYTES):
        landing = Staged(way.driver, keep)
        with pytest.raises(CheckpointInvalid, match="not what its hash says"):
            landing.land(chunks[0])
        assert (way.place.bytes_B == 7).all() and len(landing.kept) == 0
        landing.kept.check_integrity()


def test_many_threads_share_few_slots(way: Way) -> None:
    for keep in (0, 3 * CHUNK_BYTES):
        way.place.bytes_B.zero_()
        landing = Staged(way.driver, keep, slots=2, lanes=1)
        chunks = way.chunks()
        threads = [threading.Thread(target=landing.land, args=(chunk,)) for chunk in chunks * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert way.came()
        landing.kept.check_integrity()


def test_a_copy_that_fails_is_overload_and_gives_slot_and_lane_back(way: Way) -> None:
    for keep in (0, CHUNK_BYTES):
        landing = Staged(way.driver, keep, slots=1, lanes=1)
        for verb in ("copy", "record", "wait"):
            way.driver.fail(verb, 1)
            with pytest.raises(Overloaded, match="cannot be copied to cpu"):
                landing.land(way.chunks()[0])
            landing.kept.check_integrity()
        for chunk in way.chunks():
            landing.land(chunk)
        assert way.came()


@pytest.mark.parametrize(("allowed", "slots"), [(1 << 40, 8), (5, 4), (3, 2), (1, 1)])
def test_the_ring_is_what_can_be_pinned(way: Way, allowed: int, slots: int, caplog: pytest.LogCaptureFixture) -> None:
    way.driver.most_pinned = allowed * (CHUNK_BYTES + 4096)
    with caplog.at_level(logging.WARNING):
        landing = Staged(way.driver, slots=8)
    assert len(landing._ring.addresses) == slots
    assert bool(caplog.records) == (slots < 8)
    for chunk in way.chunks():
        landing.land(chunk)
    assert way.came()


def test_nothing_that_can_be_pinned_is_slower_and_is_said(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    way.driver.most_pinned = 0
    with caplog.at_level(logging.WARNING):
        landing = Staged(way.driver, 64 * CHUNK_BYTES, slots=8)
    assert len(landing._ring.addresses) == 1 and not landing._tier.addresses
    assert "through memory that is not pinned: raise the limit on locked memory" in caplog.text
    for chunk in way.chunks():
        landing.land(chunk)
    assert way.came()


def test_the_ring_is_a_quarter_of_the_memory_at_most(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    real = psutil.virtual_memory()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: real._replace(total=12 * CHUNK_BYTES))
    assert len(Staged(way.driver)._ring.addresses) == 3
    assert SLOTS == MOST_THREADS


def test_pinned_memory_goes_with_its_landing(way: Way) -> None:
    landing = Staged(way.driver, 4 * CHUNK_BYTES)
    assert len(way.driver.pinned) == 2
    del landing
    assert not way.driver.pinned


def test_a_circle_a_little_larger_than_the_tier_finds_most_of_it() -> None:
    kept = Kept(range(40))
    for turn in range(20):
        if turn == 10:
            kept.hits = 0
        for key in range(50):
            slot = kept.find(key)
            if slot is None:
                slot = kept.take()
                assert slot is not None
                kept.keep(key, slot)
            kept.done(slot)
    assert kept.hits > 0.5 * 10 * 50


class Books(RuleBasedStateMachine):
    """Readers and writers come and go in any order; no slot has two owners and none is lost."""

    @initialize(slots=integers(1, 4))
    def begin(self, slots: int) -> None:
        self.kept = Kept(range(slots))
        self.slots = slots
        self.writing: list[int] = []
        self.reading: list[int] = []
        self.content: dict[int, int] = {}

    @rule(key=integers(0, 5))
    def look(self, key: int) -> None:
        slot = self.kept.find(key)
        if slot is not None:
            assert self.content[slot] == key and slot not in self.writing
            self.reading.append(slot)

    @rule(key=integers(0, 5))
    def forget(self, key: int) -> None:
        self.kept.forget(key)
        assert self.kept.find(key) is None

    @rule()
    def take(self) -> None:
        slot = self.kept.take()
        if slot is None:
            assert len({*self.writing, *self.reading}) == self.slots
        else:
            assert slot not in self.writing and slot not in self.reading
            self.content.pop(slot, None)
            self.writing.append(slot)

    @precondition(lambda self: self.writing)
    @rule(key=integers(0, 5))
    def keep(self, key: int) -> None:
        slot = self.writing.pop()
        self.content[slot] = key
        self.kept.keep(key, slot)
        self.reading.append(slot)

    @precondition(lambda self: self.writing)
    @rule()
    def give_back(self) -> None:
        self.kept.give_back(self.writing.pop(0))

    @precondition(lambda self: self.reading)
    @rule(first=integers(0, 1))
    def done(self, first: int) -> None:
        self.kept.done(self.reading.pop(0 if first else -1))

    @invariant()
    def true(self) -> None:
        self.kept.check_integrity()


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
