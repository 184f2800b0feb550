"""How chunks reach a device: read into pinned memory, checked there, and copied on by a stream of our own. Legend: B bytes.

A reading thread has a slot of a fixed ring while it reads, hashes and copies, so reads, hashes and copies of different threads overlap and no byte is
copied twice on the host. Copies go by a few lanes, a stream and an event each; who copies sleeps until his event has passed, and only then is an extent
said to be there. So kernels need not wait for anything, and no order among streams matters.

The ring has a slot for each thread that there may be: a read that is stuck holds its own, and nobody else's.

With a budget for it, chunks are read into a tier of pinned memory instead (`kept.py`), and come from there the next time: a chunk that has hashes is known
by them, another by who its file is. Rejected: a copy back from the device when a region is dropped, which needs the link, and keeps the frame, at the moment
in which others wait for that frame. Bytes were checked when they came into the tier.

Prior art: ServerlessLLM's pinned pool and chunk pipeline (OSDI'24).
"""

import ctypes
import os
import queue
import threading
from collections.abc import Hashable
from contextlib import nullcontext
from dataclasses import dataclass

import psutil

from aweigh.memory.core import FileIdentity
from aweigh.memory.frames.driver import Driver, DriverFailed
from aweigh.memory.mover.chunks import CHUNK_BYTES, Chunk
from aweigh.memory.mover.core import Proving
from aweigh.memory.mover.kept import Kept
from aweigh.memory.mover.pinned import pinned, staging
from aweigh.memory.mover.read import fill
from aweigh.proto.errors import Overloaded

SLOTS = 32  # threads that a mover has at most
LANES = 2
RING_SHARE = 4  # the ring is at most a quarter of the machine's memory


@dataclass(frozen=True, slots=True)
class _Lane:
    """Copies go here one by one."""

    stream: int
    event: int


class Staged:
    """`aweigh.memory.mover.landing.Landing` for a device. `keep_bytes` of pinned memory keep what came."""

    def __init__(self, driver: Driver, keep_bytes: int = 0, *, slots: int = SLOTS, lanes: int = LANES) -> None:
        """Raises MemoryError, DriverFailed."""
        self._driver = driver
        most = psutil.virtual_memory().total // RING_SHARE // CHUNK_BYTES
        self._ring = staging(driver, max(1, min(slots, most)), CHUNK_BYTES)
        self._tier = pinned(driver, keep_bytes // CHUNK_BYTES, CHUNK_BYTES)
        self.kept = Kept(self._tier.addresses)
        self._lock = threading.Lock()  # of `kept`
        self._free: queue.LifoQueue[int] = queue.LifoQueue()
        self._lanes: queue.SimpleQueue[_Lane] = queue.SimpleQueue()
        for address in self._ring.addresses:
            self._free.put(address)
        for _ in range(lanes):
            self._lanes.put(_Lane(driver.new_stream(), driver.new_event()))

    def land(self, chunk: Chunk, proving: Proving = nullcontext) -> None:
        """See `Landing.land`. Raises Overloaded where the driver does not copy."""
        assert not chunk.here, "no device shows a file"
        if not self._tier.addresses:
            self._pass_through(chunk, proving)
            return
        key = _key(chunk)
        with self._lock:
            slot = self.kept.find(key)
            room = self.kept.take() if slot is None else None
        if room is not None:
            self._fill(chunk, room, key, proving)
            slot = room
        if slot is None:
            self._pass_through(chunk, proving)
            return
        try:
            self._copy(chunk, slot)
        finally:
            with self._lock:
                self.kept.done(slot)

    def forget(self, chunk: Chunk) -> None:
        """See `Landing.forget`."""
        if self._tier.addresses:
            with self._lock:
                self.kept.forget(_key(chunk))

    def _fill(self, chunk: Chunk, slot: int, key: Hashable, proving: Proving) -> None:
        try:
            _read(chunk, slot, proving)
        except BaseException:
            with self._lock:
                self.kept.give_back(slot)
            raise
        with self._lock:
            self.kept.keep(key, slot)

    def _pass_through(self, chunk: Chunk, proving: Proving) -> None:
        slot = self._free.get()
        try:
            _read(chunk, slot, proving)
            self._copy(chunk, slot)
        finally:
            self._free.put(slot)

    def _copy(self, chunk: Chunk, slot: int) -> None:
        lane = self._lanes.get()
        try:
            self._driver.copy(chunk.address, slot, chunk.wanted, lane.stream)
            self._driver.record(lane.event, lane.stream)
            self._driver.wait(lane.event)
        except DriverFailed as error:
            raise Overloaded(f"weights cannot be copied to {self._driver.device}: {error}") from None
        finally:
            self._lanes.put(lane)


def _read(chunk: Chunk, slot: int, proving: Proving) -> None:
    fill(chunk, memoryview((ctypes.c_ubyte * chunk.length).from_address(slot)).cast("B"), proving)


def _key(chunk: Chunk) -> Hashable:
    if chunk.hashes:
        return chunk.hashes
    return FileIdentity.of(os.fstat(chunk.descriptor)), chunk.offset, chunk.wanted
