"""The mover against real files: every byte arrives, urgent ones first, and what fails fails alone."""

import errno
import fcntl
import os
import queue
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, tuples

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.frames.core import FRAME_BYTES, frames_for
from aweigh.memory.frames.host import HostFrames, HostPlace
from aweigh.memory.mover.cached import is_cached
from aweigh.memory.mover.chunks import CHUNK_BYTES, Chunk, cut
from aweigh.memory.mover.core import BLOCK_BYTES, Moved, NotMoved, Outcome, Run, Target
from aweigh.memory.mover.mover import MOST_THREADS, Mover
from aweigh.memory.mover.read import unbuffered
from aweigh.memory.residency.events import Priority
from aweigh.proto.errors import CheckpointInvalid

SIZE = 5 * PAGE_BYTES + 12_345
WAIT = 60.0


class Desk:
    """A file, a pool, a mover, and what the mover said."""

    def __init__(self, path: Path, threads: int = 4) -> None:
        self.content = os.urandom(SIZE)
        path.write_bytes(self.content)
        plain = os.open(path, os.O_RDONLY)
        self.descriptor = unbuffered(plain)
        os.close(plain)
        self.pool = HostFrames(16)
        self.said: queue.Queue[Outcome] = queue.Queue()
        self.mover = Mover(self.said.put, threads)

    def place(self, offset: int, length: int) -> tuple[HostPlace, int]:
        """A backed place, and the address in it for a run of the file."""
        lead = offset % BLOCK_BYTES
        place = self.pool.reserve(frames_for(lead + length))
        self.pool.back(place)
        return place, place.address + lead

    def fetch(self, extent: int, offset: int, length: int, hashes: tuple[bytes, ...] = ()) -> HostPlace:
        place, address = self.place(offset, length)
        run = Run(self.descriptor, offset, length, hashes)
        self.mover.fetch(extent, [Target(run, address)], Priority.NOW)
        return place

    def pages(self) -> tuple[bytes, ...]:
        return tuple(blake3(self.content[i : i + PAGE_BYTES]).digest() for i in range(0, 4 * PAGE_BYTES, PAGE_BYTES))

    def close(self) -> None:
        self.mover.close(WAIT)
        os.close(self.descriptor)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path / "weights")
    yield found
    found.close()


@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, SIZE), (1, 1), (4095, 2), (SIZE - 1, 1), (12_345, 3 * PAGE_BYTES), (PAGE_BYTES, PAGE_BYTES), (8192, 4096)],
)
def test_every_byte_arrives(desk: Desk, offset: int, length: int) -> None:
    place = desk.fetch(7, offset, length)
    said = desk.said.get(timeout=WAIT)
    assert isinstance(said, Moved) and said.extent == 7 and said.bytes >= length
    lead = offset % BLOCK_BYTES
    assert place.bytes_B[lead : lead + length].numpy().tobytes() == desk.content[offset : offset + length]


def test_an_extent_of_many_runs_arrives_as_one(desk: Desk) -> None:
    place = desk.pool.reserve(3)
    desk.pool.back(place)
    hashes = desk.pages()
    order = (2, 0, 3)
    targets = [
        Target(
            Run(desk.descriptor, page * PAGE_BYTES, PAGE_BYTES, (hashes[page],)), place.address + index * FRAME_BYTES
        )
        for index, page in enumerate(order)
    ]
    desk.mover.fetch(1, targets, Priority.NOW)
    assert isinstance(desk.said.get(timeout=WAIT), Moved)
    for index, page in enumerate(order):
        found = place.bytes_B[index * FRAME_BYTES : (index + 1) * FRAME_BYTES].numpy().tobytes()
        assert found == desk.content[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]


def test_a_page_that_is_not_what_its_hash_says_fails_its_extent_alone(desk: Desk, tmp_path: Path) -> None:
    hashes = desk.pages()
    desk.fetch(1, 0, 4 * PAGE_BYTES, hashes)
    assert isinstance(desk.said.get(timeout=WAIT), Moved)
    spoiled = bytearray(desk.content)
    spoiled[3 * PAGE_BYTES + 77] ^= 4
    (tmp_path / "weights").write_bytes(spoiled)
    desk.fetch(2, 0, 4 * PAGE_BYTES, hashes)
    desk.fetch(3, 0, 2 * PAGE_BYTES, hashes[:2])
    said = {outcome.extent: outcome for outcome in (desk.said.get(timeout=WAIT), desk.said.get(timeout=WAIT))}
    failed = said[2]
    assert isinstance(failed, NotMoved) and "is not what its hash says" in str(failed.reason)
    assert isinstance(said[3], Moved)


def test_a_file_that_became_shorter_is_a_typed_error(desk: Desk, tmp_path: Path) -> None:
    os.truncate(tmp_path / "weights", PAGE_BYTES)
    desk.fetch(1, 0, SIZE)
    said = desk.said.get(timeout=WAIT)
    assert (
        isinstance(said, NotMoved)
        and isinstance(said.reason, CheckpointInvalid)
        and "ended at byte" in str(said.reason)
    )


class Gate:
    """Reads of files that stop at a gate, as those of a dead disk do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.stuck: set[int] = set()
        self.entered: queue.Queue[tuple[int, int]] = queue.Queue()
        real = os.preadv

        def preadv(descriptor: int, buffers: list[memoryview], offset: int) -> int:
            inode = os.fstat(descriptor).st_ino
            self.entered.put((inode, offset))
            if inode in self.stuck:
                assert self.open.wait(WAIT)
            return real(descriptor, buffers, offset)

        monkeypatch.setattr(os, "preadv", preadv)


def test_the_most_urgent_come_first_also_when_they_hurry_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    desk = Desk(tmp_path / "weights", threads=1)
    gate.stuck = {os.fstat(desk.descriptor).st_ino}
    desk.fetch(1, 0, 100)
    gate.entered.get(timeout=WAIT)
    for extent, priority in (
        (2, Priority.SPECULATIVE),
        (3, Priority.NEXT),
        (4, Priority.SPECULATIVE),
        (5, Priority.NOW),
    ):
        _, address = desk.place(0, 100)
        desk.mover.fetch(extent, [Target(Run(desk.descriptor, 0, 100), address)], priority)
    desk.mover.hurry(4, Priority.NOW)
    desk.mover.cancel(3)
    assert desk.said.get(timeout=WAIT) == NotMoved(3, None)
    gate.open.set()
    assert [desk.said.get(timeout=WAIT).extent for _ in range(4)] == [1, 5, 4, 2]
    desk.close()


def test_a_file_that_never_answers_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    times = iter(range(0, 10**9, 10))
    monkeypatch.setattr(
        "aweigh.memory.mover.mover.time.monotonic", lambda: float(next(times))
    )  # every read is soon overdue
    desk = Desk(tmp_path / "dead", threads=2)
    gate.stuck = {os.fstat(desk.descriptor).st_ino}
    for extent in range(MOST_THREADS - 4):
        desk.fetch(extent, 0, 4096) if desk.pool.free else None
    other = tmp_path / "other"
    other.write_bytes(b"o" * 8192)
    descriptor = os.open(other, os.O_RDONLY)
    place = HostFrames(1).reserve(1)
    pool = HostFrames(1)
    place = pool.reserve(1)
    pool.back(place)
    desk.mover.fetch(99, [Target(Run(descriptor, 0, 8192), place.address)], Priority.SPECULATIVE)
    assert desk.said.get(timeout=WAIT).extent == 99
    gate.open.set()
    desk.close()
    os.close(descriptor)


def test_a_slow_file_that_answers_is_not_stuck(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read takes two seconds and more, since four share the disk; each 0.6 s one of them ends. More at once would make all of them slower."""
    read, clock = os.preadv, [0.0]
    begun, turns = threading.Semaphore(0), threading.Semaphore(0)
    inside: list[int] = []
    most = [0]

    def slow(descriptor: int, buffers: Any, offset: int) -> int:
        inside.append(offset)
        most[0] = max(most[0], len(inside))
        begun.release()
        assert turns.acquire(timeout=WAIT)
        inside.remove(offset)
        return read(descriptor, buffers, offset)

    monkeypatch.setattr(os, "preadv", slow)
    monkeypatch.setattr("aweigh.memory.mover.mover.time.monotonic", lambda: clock[0])
    for extent in range(8):
        desk.fetch(extent, 0, 4096)
    assert all(begun.acquire(timeout=WAIT) for _ in range(4))
    for extent in range(8, 16):
        clock[0] += 0.6
        turns.release()
        desk.said.get(timeout=WAIT)
        desk.fetch(extent, 0, 4096)
        assert begun.acquire(timeout=WAIT)
    for _ in range(8):
        turns.release()
        desk.said.get(timeout=WAIT)
    assert most == [4]


def test_cancelling_waits_for_the_read_in_flight(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    gate.stuck = {os.fstat(desk.descriptor).st_ino}
    desk.fetch(1, 0, SIZE)
    gate.entered.get(timeout=WAIT)
    desk.mover.cancel(1)
    assert desk.said.empty()
    gate.open.set()
    said = desk.said.get(timeout=WAIT)
    assert said.extent == 1


@settings(max_examples=200, deadline=None)
@given(lists(tuples(integers(0, 1 << 40), integers(1, 5 * CHUNK_BYTES)), min_size=1, max_size=4))
def test_chunks_cover_their_runs_aligned_and_without_overlap(runs: list[tuple[int, int]]) -> None:
    address = 1 << 45
    for offset, length in runs:
        target = Target(Run(3, offset, length), address + offset % BLOCK_BYTES)
        chunks = list(cut([target]))
        end = offset - offset % BLOCK_BYTES
        for chunk in chunks:
            assert isinstance(chunk, Chunk)
            assert chunk.offset == end and chunk.address - address == chunk.offset - (offset - offset % BLOCK_BYTES)
            assert chunk.offset % BLOCK_BYTES == chunk.length % BLOCK_BYTES == chunk.address % BLOCK_BYTES == 0
            assert 0 < chunk.wanted <= chunk.length <= CHUNK_BYTES
            end = chunk.offset + chunk.wanted
        assert end == offset + length


def test_a_file_system_that_wants_another_alignment_is_read_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = unbuffered(desk.descriptor)
    real = os.preadv

    def strict(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(descriptor, buffers, offset)

    monkeypatch.setattr(os, "preadv", strict)
    place, address = desk.place(0, SIZE)
    desk.mover.fetch(1, [Target(Run(direct, 0, SIZE), address)], Priority.NOW)
    assert isinstance(desk.said.get(timeout=WAIT), Moved)
    assert place.bytes_B[:SIZE].numpy().tobytes() == desk.content
    os.close(direct)


def test_the_page_cache_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(os.urandom(PAGE_BYTES))
    with path.open("rb") as file:
        file.read()
        known = is_cached(file.fileno(), 0, PAGE_BYTES)
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        assert not is_cached(file.fileno(), 0, PAGE_BYTES)
        if not known:
            pytest.skip("this system does not say what its page cache holds")


def test_a_thousand_flipped_bits_of_a_thousand_are_found_on_the_way_in(desk: Desk, tmp_path: Path) -> None:
    hashes = desk.pages()
    draw = random.Random(0)
    found = 0
    place, address = desk.place(0, PAGE_BYTES)
    with (tmp_path / "weights").open("r+b", buffering=0) as file:
        for number in range(1000):
            page, at = draw.randrange(4), draw.randrange(PAGE_BYTES)
            byte = desk.content[page * PAGE_BYTES + at]
            os.pwrite(file.fileno(), bytes([byte ^ 1 << draw.randrange(8)]), page * PAGE_BYTES + at)
            run = Run(file.fileno(), page * PAGE_BYTES, PAGE_BYTES, (hashes[page],))
            desk.mover.fetch(number, [Target(run, address)], Priority.NOW)
            said = desk.said.get(timeout=WAIT)
            found += isinstance(said, NotMoved) and isinstance(said.reason, CheckpointInvalid)
            os.pwrite(file.fileno(), bytes([byte]), page * PAGE_BYTES + at)
        desk.mover.fetch(1000, [Target(run, address)], Priority.NOW)
        assert isinstance(desk.said.get(timeout=WAIT), Moved)
    assert found == 1000 and place.backed
