"""The thread that looks at resident regions, under the lock of their pager. It decides nothing: `schedule.py` does.

A page is hashed without the lock. If its region is to be dropped meanwhile, the drop is put off until the look is over, half a millisecond later
(`holds`); between two pages nothing is held.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from aweigh.memory.failpoints import reach
from aweigh.memory.frames.core import Place
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.region import Region
from aweigh.memory.scrub.look import Part, files_of, hash_of, parts
from aweigh.memory.scrub.schedule import STEP_BYTES, Schedule

_LONGEST = 0.02  # of the period: so often it wakes up to see whether it should be quicker


@dataclass(slots=True)
class _Watched:
    """A resident region. `seen`: hashes at the first look, of `files` as they were, where nobody knew them before."""

    region: Region
    place: Place
    parts: list[Part]
    files: tuple[str, ...] = ()
    seen: dict[int, bytes] = field(default_factory=dict)


class Scrubber:
    """Methods but `turn` are called under the lock. `damaged` is called under it, too; `put_off` when a drop can be made that was put off."""

    def __init__(
        self,
        lock: threading.RLock,
        period: float,
        most_bytes_per_second: float,
        clock: Callable[[], float],
        damaged: Callable[[int], None],
        put_off: Callable[[int], None],
    ) -> None:
        """`period` in seconds; 0: nobody looks."""
        self.bytes = 0
        self._period = period
        self._schedule = Schedule(period or 1.0, most_bytes_per_second)
        self._clock = clock
        self._damaged = damaged
        self._put_off = put_off
        self._more = threading.Condition(lock)
        self._watched: dict[int, _Watched] = {}
        self._looking: int | None = None
        self._waited_for = False
        self._closed = False
        if period:
            threading.Thread(target=self._run, name="scrub", daemon=True).start()

    def close(self) -> None:
        """Ends the thread after the look in hand."""
        self._closed = True
        self._more.notify_all()

    def arrived(self, number: int, region: Region, place: Place) -> None:
        """A region is resident."""
        if not self._period:
            return
        was_idle = not self._watched
        found = self._watched[number] = _Watched(region, place, parts(region))
        self._schedule.arrived(number, sum(part.length for part in found.parts), self._clock())
        if was_idle:
            self._more.notify_all()

    def leaves(self, number: int) -> bool:
        """A region is to go. Returns whether it can at once; if not, `put_off` is called soon."""
        self._schedule.gone(number)
        self._watched.pop(number, None)
        if self._looking != number:
            return True
        self._waited_for = True
        return False

    @property
    def holds_up(self) -> bool:
        """Whether a drop is put off."""
        return self._waited_for

    @property
    def late(self) -> int:
        """Regions that were looked at later than they should have been, since the rate is bounded."""
        return self._schedule.late

    def turn(self) -> float | None:
        """Looks at one page if it is time. Returns when it is time for the next one; None if nothing is resident. Takes the lock."""
        with self._more:
            now = self._clock()
            due, step = self._schedule.next_time(now), self._schedule.next()
            if due is None or step is None or due > now or self._closed or self._looking is not None:
                return due
            number, begin, end = step
            watched = self._watched[number]
            index = begin // STEP_BYTES
            part = watched.parts[index]
            self._looking = number
        try:
            digest = hash_of(part, watched.place)
            reach(Migration.LOOKED)
        except (OSError, MemoryError):
            digest = None  # there will be another look
        with self._more:
            self._looking = None
            self.bytes += part.length if digest is not None else 0
            if self._waited_for:
                self._waited_for = False
                self._put_off(number)
            else:
                self._schedule.looked(number, end, self._clock())
                if digest is not None and not _is_right(watched, index, part, digest):
                    reach(Migration.DAMAGE_FOUND)
                    self._damaged(number)
                    reach(Migration.DAMAGE_TOLD)
        return self._clock()

    def _run(self) -> None:
        while not self._closed:
            due = self.turn()
            with self._more:
                if self._closed:
                    return
                wait = None if due is None else min(due - self._clock(), _LONGEST * self._period)
                if due is None and self._watched:
                    continue
                if wait is None or wait > 0:
                    self._more.wait(wait)


def _is_right(watched: _Watched, index: int, part: Part, digest: bytes) -> bool:
    if part.expected is not None:
        return digest == part.expected
    files = files_of(watched.region)
    if files != watched.files:
        watched.files, watched.seen = files, {}
    return watched.seen.setdefault(index, digest) == digest
