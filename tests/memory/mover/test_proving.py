"""Who reads and who hashes: a read does not wait for hashes, and no more read at once than may."""

import queue
import threading
from contextlib import nullcontext

import pytest

from aweigh.memory.mover.chunks import Chunk
from aweigh.memory.mover.core import Moved, Outcome, Proving, Run, Target
from aweigh.memory.mover.mover import Mover
from aweigh.memory.mover.read import WrongPage
from aweigh.memory.residency.events import Priority

WAIT = 60.0


class Slow:
    """A landing whose first chunk is hashed until another one is read."""

    def __init__(self) -> None:
        self.most, self.lock = 0, threading.Lock()
        self.now = 0
        self.begun = threading.Event()
        self.first = True

    def land(self, chunk: Chunk, proving: Proving = nullcontext) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            first, self.first = self.first, False
        if not first:
            self.begun.set()
        with self.lock:
            self.now -= 1
        with proving():
            if first:
                assert self.begun.wait(WAIT), "nobody read while this one hashed"
            if chunk.offset == 1 << 30:
                raise WrongPage("a page is not what its hash says")

    def forget(self, chunk: Chunk) -> None:
        raise AssertionError


@pytest.mark.parametrize("reading", [1, 2, 4])
def test_another_reads_while_one_hashes(reading: int) -> None:
    landing, said = Slow(), queue.Queue[Outcome]()
    mover = Mover(said.put, reading, landing)
    for extent in range(12):
        mover.fetch(extent, [Target(Run(0, extent << 22, 1 << 22), 0)], Priority.NOW)
    found = [said.get(timeout=WAIT) for _ in range(12)]
    assert {one.extent for one in found} == set(range(12)) and all(isinstance(one, Moved) for one in found)
    assert landing.most <= reading
    mover.close(WAIT)


def test_a_wrong_page_leaves_room_for_others() -> None:
    landing, said = Slow(), queue.Queue[Outcome]()
    mover = Mover(said.put, 1, landing)
    for extent, offset in enumerate((1 << 30, 0, 1 << 22)):
        mover.fetch(extent, [Target(Run(0, offset, 1 << 22), 0)], Priority.NOW)
    found = {one.extent: one for one in (said.get(timeout=WAIT) for _ in range(3))}
    assert not isinstance(found[0], Moved) and isinstance(found[0].reason, WrongPage)
    assert isinstance(found[1], Moved) and isinstance(found[2], Moved)
    mover.close(WAIT)
