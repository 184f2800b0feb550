"""Frames in places that are not regions': keys and values lie there. Whoever puts them there has taken them before (`Pager.take_frames`)."""

import threading
from collections.abc import Callable
from functools import partial

from aweigh.memory.frames.core import FramePool, Place
from aweigh.memory.paging.motion import Motion
from aweigh.memory.residency import events as ev


class Reserved:
    """Under the pager's lock. Every method may be called from any thread."""

    def __init__(
        self, lock: threading.Condition, frames: FramePool, motion: Motion, clock: Callable[[], float]
    ) -> None:
        self._lock, self._frames, self._motion, self._clock = lock, frames, motion, clock

    def place(self, count: int) -> Place:
        """Addresses that frames are taken for later. Raises MemoryError."""
        with self._lock:
            return self._frames.reserve(count)

    def is_empty(self, place: Place, first: int, count: int) -> bool:
        """Whether no frame is in a part of a place: those that could not be taken out yet are."""
        with self._lock:
            return place.backed.isdisjoint(range(first, first + count))

    def back(self, place: Place, first: int, count: int) -> None:
        """Puts frames that were taken into a reserved place. Raises OSError; some may be there then, which `give_back` takes."""
        with self._lock:
            self._frames.back(place, first, count)

    def give_back(self, place: Place, first: int, count: int) -> None:
        """Takes such frames, which nothing reads any more, out of their place and gives them back: later, where the system has no mapping left."""
        with self._lock:
            take_out = partial(self._frames.take_out, place, first, count)
            self._motion.feed(*self._motion.unfinished.do(take_out, ev.GiveFrames(count, self._clock())))
