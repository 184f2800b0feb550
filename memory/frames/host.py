"""Frames of a CPU: anonymous huge pages that `mremap` moves, 7 us a frame. Legend: B bytes.

The pool is one range of addresses, of which each slot holds a frame or is empty because its frame is in a place. Memory that was touched
once stays ours: on a virtual machine memory that went back to the host costs ten times as much to touch as the disk takes to fill it.

Rejected: a memfd whose pages are mapped where they are needed. It could be mapped twice, but where shared memory has no huge pages
(`shmem_enabled` is mostly `never`) a disk reads into it at half the speed. `MADV_DONTNEED` and touching anew: see above.
"""

import contextlib
import ctypes
import weakref
from collections.abc import Iterator
from pathlib import Path

import psutil
import torch
from torch import Tensor

from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.core import FRAME_BYTES, Place
from aweigh.memory.frames.virtual_memory import NONE, READ, WRITE

# Each frame may become a mapping of its own, in its slot and in its place; the rest of the process has some, too.
_MAPPINGS_PER_FRAME = 3


class HostPlace:
    """`aweigh.memory.frames.core.Place` on a CPU. Its addresses are unmapped when it and its last view are gone."""

    def __init__(self, frames: int) -> None:
        """Raises OSError."""
        self.frames = frames
        self.address = virtual_memory.reserve(frames * FRAME_BYTES, FRAME_BYTES)
        self.held: set[int] = set()
        self.shows_file = False
        end = weakref.finalize(self, virtual_memory.unmap, self.address, frames * FRAME_BYTES)
        end.atexit = False  # threads that still read when the interpreter leaves may do so

    @property
    def backed(self) -> frozenset[int]:
        """See `Place.backed`."""
        return frozenset(self.held)

    @property
    def bytes_B(self) -> Tensor:
        """See `Place.bytes_B`."""
        buffer = (ctypes.c_ubyte * (self.frames * FRAME_BYTES)).from_address(self.address)
        buffer.place = self  # type: ignore[attr-defined]  # views of the tensor hold the buffer, and so the addresses
        return torch.frombuffer(buffer, dtype=torch.uint8)


class HostFrames:
    """`aweigh.memory.frames.core.FramePool` on a CPU, and `ShowsFiles`."""

    device = torch.device("cpu")
    is_host = True

    def __init__(self, frames: int) -> None:
        """Raises MemoryError if the addresses cannot be had; ValueError where the system allows fewer mappings than frames may need."""
        assert frames > 0
        memory = psutil.virtual_memory().total
        if frames * FRAME_BYTES > memory:
            raise ValueError(
                f"an arena of {frames * FRAME_BYTES} bytes is more than the {memory} bytes of this machine"
            )
        most = most_frames()
        if frames > most:
            raise ValueError(
                f"{frames} frames may need more mappings than this system allows a process, which do for {most}: raise vm.max_map_count"
            )
        self.frames = frames
        try:
            self._slots = HostPlace(frames)
            virtual_memory.protect(self._slots.address, frames * FRAME_BYTES, READ | WRITE)
            virtual_memory.advise(self._slots.address, frames * FRAME_BYTES, virtual_memory.HUGE_PAGES)
        except OSError as error:
            raise MemoryError(f"{frames} frames of 2 MiB cannot be had: {error}") from error
        self._full = list(range(frames - 1, -1, -1))
        self._empty: list[int] = []
        self._places: set[HostPlace] = (
            set()
        )  # a place that nobody released keeps its addresses: a disk may be writing to them

    @property
    def free(self) -> int:
        """See `FramePool.free`."""
        return len(self._full)

    def touch(self) -> Iterator[None]:
        """See `FramePool.touch`."""
        for slot in range(self.frames):
            if slot not in self._empty:
                try:
                    virtual_memory.advise(self._slot(slot), FRAME_BYTES, virtual_memory.POPULATE_WRITE)
                except OSError as error:
                    raise MemoryError(f"the system has no memory for {self.frames} frames of 2 MiB: {error}") from error
            yield

    def reserve(self, frames: int) -> HostPlace:
        """See `FramePool.reserve`."""
        try:
            place = HostPlace(frames)
        except OSError as error:
            raise MemoryError(f"addresses for {frames} frames cannot be had: {error}") from error
        self._places.add(place)
        return place

    def back(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """See `FramePool.back`."""
        assert isinstance(place, HostPlace) and not place.shows_file
        for index in _span(place, first, count):
            assert index not in place.held, "a frame is there once"
            slot = self._full[-1]
            virtual_memory.move(self._slot(slot), FRAME_BYTES, place.address + index * FRAME_BYTES)
            self._full.pop()
            self._empty.append(slot)
            place.held.add(index)

    def seal(self, place: Place) -> None:
        """See `FramePool.seal`."""
        assert isinstance(place, HostPlace) and len(place.held) == place.frames, "a place is sealed when it is whole"
        virtual_memory.protect(place.address, place.frames * FRAME_BYTES, READ)

    def strip(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """See `FramePool.strip`."""
        assert isinstance(place, HostPlace)
        span = _span(place, first, count)
        virtual_memory.protect(place.address + span.start * FRAME_BYTES, len(span) * FRAME_BYTES, READ | WRITE)
        for index in span:
            assert index in place.held, "what is stripped is there"
            slot = self._empty[-1]
            virtual_memory.move(place.address + index * FRAME_BYTES, FRAME_BYTES, self._slot(slot))
            self._empty.pop()
            place.held.remove(index)
            self._full.append(slot)
        virtual_memory.protect(place.address + span.start * FRAME_BYTES, len(span) * FRAME_BYTES, NONE)

    def show(self, place: Place, at: int, descriptor: int, offset: int, length: int) -> None:
        """See `ShowsFiles.show`."""
        assert isinstance(place, HostPlace) and not place.held and at + length <= place.frames * FRAME_BYTES
        place.shows_file = True
        virtual_memory.show_file(place.address + at, length, descriptor, offset)

    def empty(self, place: Place) -> None:
        """See `FramePool.empty`. Ends `show`."""
        assert isinstance(place, HostPlace)
        if place.shows_file:
            virtual_memory.hide(place.address, place.frames * FRAME_BYTES)
            place.shows_file = False
        else:
            self.take_out(place, 0, place.frames)

    def take_out(self, place: Place, first: int, count: int) -> None:
        """See `FramePool.take_out`."""
        assert isinstance(place, HostPlace)
        there = [index for index in range(first, first + count) if index in place.held]
        if len(there) == count:
            self.strip(place, first, count)
        else:
            for index in there:
                self.strip(place, index, 1)

    def release(self, place: Place) -> None:
        """See `FramePool.release`."""
        assert isinstance(place, HostPlace)
        self.empty(place)
        self._places.discard(place)

    def fence(self) -> None:
        """See `FramePool.fence`."""

    def writing(self) -> contextlib.AbstractContextManager[object]:
        """See `FramePool.writing`."""
        return contextlib.nullcontext()

    def check_integrity(self) -> None:
        """See `FramePool.check_integrity`."""
        assert len(self._full) + len(self._empty) == self.frames
        assert set(self._full).isdisjoint(self._empty) and len(set(self._full)) == len(self._full)
        assert sum(len(place.held) for place in self._places) == len(self._empty)

    def _slot(self, slot: int) -> int:
        return self._slots.address + slot * FRAME_BYTES


def most_frames() -> int:
    """How many frames the limit on a process's mappings allows."""
    try:
        mappings = int(Path("/proc/sys/vm/max_map_count").read_text())
    except (OSError, ValueError):
        mappings = 65_530
    return mappings // _MAPPINGS_PER_FRAME


def _span(place: HostPlace, first: int, count: int | None) -> range:
    span = range(first, place.frames if count is None else first + count)
    assert 0 <= span.start <= span.stop <= place.frames, "frames of a place lie inside it"
    return span
