"""Sources that sample: a counter with a ring of its own on every thread of this process, and samples summed per extent.

One counter follows one thread (a counter that children inherit cannot be read through a ring of its own), so threads that came since
are looked for whenever records are asked for. A thread's first accesses before that are not seen.

Samples of one extent, instruction and thread become one record; its address is that of the last of them. Samples outside of all
extents (the interpreter, activations, keys and values) are counted and left out.
"""

import contextlib
import fcntl
import mmap
import os
from collections.abc import Callable, Iterator, Sequence

from aweigh.memory.statistics.extent_map import ExtentMap, Place
from aweigh.memory.statistics.perf_event import Event, in_words, open_event, why_not
from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.statistics.samples import Lost, drain, parse

_ENABLE = 0x2400  # PERF_EVENT_IOC_ENABLE
_RING_PAGES = (64, 16, 4, 1)  # of data; the memory that a user may lock decides
_MOST_GROUPS = 1 << 16  # records of one batch; what is beyond them counts as lost


class Ring:
    """A counter of one thread. Raises OSError."""

    def __init__(self, event: Event, thread: int) -> None:
        descriptor = open_event(event, thread)
        try:
            self._mapped = _map(descriptor)
            fcntl.ioctl(descriptor, _ENABLE, 0)
        finally:
            os.close(descriptor)  # the mapping holds the counter
        self._view = memoryview(self._mapped)

    def read(self) -> bytes:
        """What came since the last call."""
        return drain(self._view, mmap.PAGESIZE)

    def close(self) -> None:
        self._view.release()
        self._mapped.close()


def _map(descriptor: int) -> mmap.mmap:
    for pages in _RING_PAGES:
        with contextlib.suppress(PermissionError):
            return mmap.mmap(descriptor, (1 + pages) * mmap.PAGESIZE)
    return mmap.mmap(descriptor, 2 * mmap.PAGESIZE)


class SampledSource:
    """`aweigh.memory.statistics.source.AccessSource` over `events`, of which the first that the kernel takes is used.

    `places` is called once per batch and returns where extents lie now. `elsewhere`: samples outside of all extents.
    """

    def __init__(self, name: str, events: Sequence[Event], places: Callable[[], ExtentMap]) -> None:
        self.name = name
        self.lost = self.unwatched = 0
        self.elsewhere = 0
        self._events = events
        self._places = places
        self._event: Event | None = None
        self._rings: dict[int, Ring] = {}

    @staticmethod
    def why_not(events: Sequence[Event]) -> str | None:
        """Why none of the events works here, in one sentence; None where one does."""
        reasons = [why_not(event) for event in events]
        return None if None in reasons else reasons[0]

    def start(self) -> None:
        """See `AccessSource.start`."""
        self._event = next((event for event in self._events if why_not(event) is None), self._events[0])
        try:
            self._follow()
        except OSError as error:
            self.close()
            raise OSError(error.errno, in_words(error)) from None

    def records(self, time: float) -> Iterator[AccessRecord]:
        """See `AccessSource.records`."""
        places = self._places()
        groups: dict[tuple[Place, int, int], list[int]] = {}
        with contextlib.suppress(OSError):  # a thread beyond the limits of this user: the others go on
            self._follow()
        for ring in list(self._rings.values()):
            self._sum(ring, places, groups)
        gone = self._rings.keys() - _threads()
        for thread in gone:
            self._rings.pop(thread).close()
        for (place, instruction, thread), (uses, address) in groups.items():
            extent = place.extent
            what = (extent.name, extent.first_page, extent.pages, uses, place.model)
            yield AccessRecord(time, self.name, *what, instruction, thread, address)

    def close(self) -> None:
        """See `AccessSource.close`."""
        for ring in self._rings.values():
            ring.close()
        self._rings.clear()

    def _follow(self) -> None:
        assert self._event is not None, "the source was started"
        for thread in _threads() - self._rings.keys():
            with contextlib.suppress(ProcessLookupError):  # it ended in this moment
                self._rings[thread] = Ring(self._event, thread)

    def _sum(self, ring: Ring, places: ExtentMap, groups: dict[tuple[Place, int, int], list[int]]) -> None:
        for sample in parse(ring.read()):
            if isinstance(sample, Lost):
                self.lost += sample.samples
                continue
            place = places.find(sample.address)
            if place is None:
                self.elsewhere += 1
                continue
            key = (place, sample.instruction, sample.thread)
            group = groups.get(key)
            if group is not None:
                group[0] += 1
                group[1] = sample.address
            elif len(groups) < _MOST_GROUPS:
                groups[key] = [1, sample.address]
            else:
                self.lost += 1


def _threads() -> set[int]:
    return set(map(int, os.listdir("/proc/self/task")))
