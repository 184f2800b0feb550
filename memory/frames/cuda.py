"""Frames of a CUDA device: physical memory that is created once, and mapped where it is needed. Legend: B bytes.

A handle (`cuMemCreate`) is 2 MiB of the device that has no address; `cuMemMap` gives it one, `cuMemUnmap` takes it away. Creating costs more
than mapping, so all handles are made at the begin and are ours until `close`. Access is set, and mappings are taken away, for a run of frames at once:
both cost about as much for one frame as for many.

Every call may fail in the middle of a run. The books follow call by call, so `mapped + free = total` holds whatever happens.

`cuMemUnmap` waits for nobody, and a kernel that reads what is unmapped ends the context: who strips has waited for the place's last fence.
Prior art: vAttention (arXiv 2405.04437), kvcached, torch's expandable segments. Rejected: a blank frame mapped wherever nothing is (kvcached), which
turns a fault into wrong numbers.
"""

import contextlib
import itertools
import logging
import threading
import weakref
from collections import deque
from collections.abc import Iterator

from torch import Tensor

from aweigh.memory.frames.core import FRAME_BYTES, Place
from aweigh.memory.frames.driver import Access, Driver, DriverFailed

_log = logging.getLogger(__name__)


class CudaPlace:
    """`aweigh.memory.frames.core.Place` on a CUDA device. Its addresses go when it and its last view are gone."""

    shows_file = False

    def __init__(self, driver: Driver, frames: int) -> None:
        """Raises MemoryError, DriverFailed."""
        self.frames = frames
        self.address = driver.reserve(frames * FRAME_BYTES, FRAME_BYTES)
        self.handles: dict[int, int] = {}  # by index of the frame
        self._driver = driver
        end = weakref.finalize(self, _unreserve, driver, self.address, frames * FRAME_BYTES)
        end.atexit = False  # the process ends, and the context with it

    @property
    def backed(self) -> frozenset[int]:
        """See `Place.backed`."""
        return frozenset(self.handles)

    @property
    def bytes_B(self) -> Tensor:
        """See `Place.bytes_B`."""
        return self._driver.tensor(self.address, self.frames * FRAME_BYTES, self)


class CudaFence:
    """`aweigh.memory.frames.core.Fence`: an event, given back when nobody waits for it any more."""

    def __init__(self, driver: Driver, events: deque[int], stream: int, number: int) -> None:
        """Raises DriverFailed."""
        self.stream = stream
        self.number = number
        self._driver = driver
        self._events = events
        self._passed = False
        try:
            self._event = events.pop()
        except IndexError:
            self._event = driver.new_event()
        driver.record(self._event, stream)

    def has_passed(self) -> bool:
        """See `Fence.has_passed`."""
        self._passed = self._passed or self._driver.has_passed(self._event)
        return self._passed

    def wait(self) -> None:
        """See `Fence.wait`."""
        if not self._passed:
            self._driver.wait(self._event)
            self._passed = True

    def __del__(self) -> None:
        if hasattr(self, "_event"):
            self._events.append(self._event)


class CudaFrames:
    """`aweigh.memory.frames.core.FramePool` on a CUDA device. Besides it torch's own allocator has what the pool leaves."""

    is_host = False

    def __init__(self, driver: Driver, frames: int) -> None:
        """Raises ValueError for a device that has no such frames or not so many, MemoryError where others have them."""
        assert frames > 0
        size, (free, total) = frames * FRAME_BYTES, driver.memory
        if FRAME_BYTES % driver.granularity:
            raise ValueError(
                f"{driver.device} gives memory in pieces of {driver.granularity} bytes, which no frame of 2 MiB is made of: leave --arena-bytes out"
            )
        if size > total:
            raise ValueError(f"an arena of {size} bytes is more than the {total} bytes of {driver.device}")
        self.device = driver.device
        self.frames = frames
        self._driver = driver
        self._free: list[int] = []
        self._places: set[CudaPlace] = set()
        self._events: deque[int] = deque()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()  # numbers of fences are those of the order in which they were recorded
        try:
            for _ in range(frames):
                self._free.append(driver.create(FRAME_BYTES))
        except (MemoryError, OSError) as error:
            had = len(self._free)
            self.close()
            raise MemoryError(
                f"{driver.device} has room for {had} of {frames} frames of 2 MiB, {free} of its bytes were free: "
                f"give a smaller --arena-bytes ({error})"
            ) from error
        self._seals = self._can_seal()

    @property
    def free(self) -> int:
        """See `FramePool.free`."""
        return len(self._free)

    def touch(self) -> Iterator[None]:
        """See `FramePool.touch`: all of it is there from the begin."""
        return iter(())

    def reserve(self, frames: int) -> CudaPlace:
        """See `FramePool.reserve`."""
        try:
            place = CudaPlace(self._driver, frames)
        except OSError as error:
            raise MemoryError(f"addresses for {frames} frames cannot be had: {error}") from error
        self._places.add(place)
        return place

    def back(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """See `FramePool.back`. All of it or nothing, as long as the driver takes back what it gave."""
        assert isinstance(place, CudaPlace)
        span = _span(place, first, count)
        assert len(span) <= self.free and not any(index in place.handles for index in span), "a frame is there once"
        try:
            for index in span:
                self._driver.map(place.address + index * FRAME_BYTES, FRAME_BYTES, self._free[-1])
                place.handles[index] = self._free.pop()
            self._driver.allow(place.address + span.start * FRAME_BYTES, len(span) * FRAME_BYTES, Access.READ_WRITE)
        except (OSError, MemoryError):
            with contextlib.suppress(OSError):
                self._take(place, range(span.start, max(place.handles.keys() & set(span), default=span.start - 1) + 1))
            raise

    def seal(self, place: Place) -> None:
        """See `FramePool.seal`. Nothing where the driver knows no read-only memory of a device."""
        assert isinstance(place, CudaPlace) and len(place.handles) == place.frames, "a place is sealed when it is whole"
        if self._seals:
            self._driver.allow(place.address, place.frames * FRAME_BYTES, Access.READ)

    def strip(self, place: Place, first: int = 0, count: int | None = None) -> None:
        """See `FramePool.strip`. Nothing that was launched reads it any more. Raises DriverFailed; what is still there then stays there."""
        assert isinstance(place, CudaPlace)
        span = _span(place, first, count)
        assert all(index in place.handles for index in span), "what is stripped is there"
        self._take(place, span)

    def empty(self, place: Place) -> None:
        """See `FramePool.empty`."""
        self.take_out(place, 0, place.frames)

    def take_out(self, place: Place, first: int, count: int) -> None:
        """See `FramePool.take_out`."""
        assert isinstance(place, CudaPlace)
        for span in _runs(sorted(place.handles.keys() & set(range(first, first + count)))):
            self._take(place, span)

    def release(self, place: Place) -> None:
        """See `FramePool.release`."""
        assert isinstance(place, CudaPlace)
        self.empty(place)
        self._places.discard(place)

    def fence(self) -> CudaFence:
        """See `FramePool.fence`. Raises DriverFailed."""
        with self._lock:
            return CudaFence(self._driver, self._events, self._driver.current_stream(), next(self._numbers))

    def writing(self) -> contextlib.AbstractContextManager[object]:
        """See `FramePool.writing`."""
        return self._driver.aside()

    def close(self) -> None:
        """Gives the device its memory back. No place has a frame any more."""
        assert not any(place.handles for place in self._places)
        while self._free:
            self._driver.destroy(self._free.pop())
        while self._events:
            self._driver.end_event(self._events.pop())

    def check_integrity(self) -> None:
        """See `FramePool.check_integrity`."""
        mapped = [handle for place in self._places for handle in place.handles.values()]
        assert len(mapped) + len(self._free) == self.frames
        assert len({*mapped, *self._free}) == self.frames
        assert all(0 <= index < place.frames for place in self._places for index in place.handles)

    def _take(self, place: CudaPlace, span: range) -> None:
        """Unmaps frames that are there: as one range, and one by one where a driver wants its mappings back as it made them."""
        if not span:
            return
        try:
            self._driver.unmap(place.address + span.start * FRAME_BYTES, len(span) * FRAME_BYTES)
            self._free.extend(place.handles.pop(index) for index in span)
        except DriverFailed:
            if len(span) == 1:
                raise
            for index in span:
                self._take(place, range(index, index + 1))

    def _can_seal(self) -> bool:
        """Whether this driver makes memory of the device read-only: it is asked, on one frame."""
        place = self.reserve(1)
        try:
            self.back(place)
            self._driver.allow(place.address, FRAME_BYTES, Access.READ)
        except (OSError, MemoryError) as error:
            _log.info("%s: weights are not made read-only: %s", self.device, error)
            return False
        finally:
            self.release(place)
        return True


def _unreserve(driver: Driver, address: int, size: int) -> None:
    with contextlib.suppress(OSError):  # the context is lost, and its addresses with it
        driver.unreserve(address, size)


def _span(place: CudaPlace, first: int, count: int | None) -> range:
    span = range(first, place.frames if count is None else first + count)
    assert 0 <= span.start <= span.stop <= place.frames, "frames of a place lie inside it"
    return span


def _runs(indices: list[int]) -> list[range]:
    """Adjoining indices as ranges."""
    runs: list[range] = []
    for index in indices:
        if runs and runs[-1].stop == index:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs
