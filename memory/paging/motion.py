"""What the manager decides, done: events go in, and regions come, go, and are said to have. Everything here happens under the pager's lock.

What is done may end later: a read, a drop that waits for a fence or a look, frames that the system will not move now. It is an event then, too.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial

from aweigh.memory.failpoints import reach
from aweigh.memory.mover.core import Moved, Outcome
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.paging.carrier import Carrier
from aweigh.memory.paging.departures import Departures
from aweigh.memory.paging.medium import Medium
from aweigh.memory.paging.paged import Paged
from aweigh.memory.paging.unfinished import Unfinished
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.manager import Manager
from aweigh.memory.scrub.scrubber import Scrubber
from aweigh.proto.errors import AweighError, Overloaded

_log = logging.getLogger(__name__)
Answered = Callable[[int, AweighError | None], None]
"""A ticket is ready, or refused."""


class Motion:
    """The regions of one arena, on their ways. `paged` by number. `close` is called without the lock."""

    def __init__(
        self,
        lock: threading.RLock,
        manager: Manager,
        medium: Medium,
        clock: Callable[[], float],
        answered: Answered,
        damaged: Callable[[int], None],
        scrubbing: tuple[float, float],
        *,
        map_cached: bool,
    ) -> None:
        """`damaged` hears of a region of which a bit has flipped, and calls `distrust`. `scrubbing`: seconds of a period, and bytes/s."""
        self.paged: dict[int, Paged] = {}
        self.on_fed: Callable[[], None] = lambda: None
        self._lock = lock
        self._manager = manager
        self._frames = medium.pool
        self._clock = clock
        self._answered = answered
        self.carrier = Carrier(medium, self._moved, self._stuck, map_cached=map_cached)
        self.departures = Departures(lock, clock, lambda gone: self.feed(*self._put_away(*gone)))
        self.unfinished = Unfinished(lock, lambda: self.feed(ev.Tick(clock())))
        self.scrubber = Scrubber(lock, *scrubbing, clock, damaged, self._drop_late)

    def feed(self, *events: ev.Event) -> None:
        """Something happened: does what follows from it."""
        pending = [*self.unfinished.again(), *events]
        while pending:
            current = pending.pop(0)
            for instruction in self._manager.handle(current):
                pending += self._obey(instruction)
            if isinstance(current, ev.Dropped | ev.Failed):
                self.let_go(current.id)
                reach(Migration.DROPPED)
            elif isinstance(current, ev.Arrived) and self._manager.is_resident(current.id):
                self.scrubber.arrived(current.id, self.paged[current.id].region, self.paged[current.id].place)
                reach(Migration.ARRIVED)
        self.on_fed()

    @property
    def gives_soon(self) -> bool:
        """Whether frames are on their way back: of a cancelled read when it ends, of a dropped region when nothing reads it."""
        return self.carrier.busy or self.scrubber.holds_up or bool(self.departures)

    def distrust(self, number: int) -> None:
        """A region has other bytes than those that came: it is brought anew, and not from where these may lie."""
        _log.error("weights in memory have other bytes than those that came: region %d is brought anew", number)
        self.carrier.distrust(number, self.paged[number].region, self.paged[number].place)
        self.feed(ev.Damaged(number, self._clock()))

    def let_go(self, number: int) -> None:
        """Gives the addresses of a region back that nobody maps and that nothing moves."""
        paged = self.paged.get(number)
        if paged is None or not paged.leaving or self._manager.knows(number):
            return
        del self.paged[number]
        self._frames.release(paged.place)
        reach(Migration.RELEASED)

    def close(self) -> None:
        """Ends the threads."""
        with self._lock:
            self.scrubber.close()
        self.departures.close(1.0)
        self.carrier.close()

    def _obey(self, instruction: ev.Instruction) -> list[ev.Event]:
        match instruction:
            case ev.Fetch(number, priority):
                paged = self.paged[number]
                try:
                    if self.carrier.bring(number, paged.region, paged.place, priority):
                        return [ev.Arrived(number, self._clock())]
                except (OSError, MemoryError) as error:
                    reason = Overloaded(f"there is no room to bring weights: {error}")
                    return self._put_away(ev.Failed(number, reason, self._clock()))
            case ev.Cancel(number):
                self.carrier.cancel(number)
            case ev.Drop(number):
                if self.scrubber.leaves(number):
                    return self._put_away(*self.departures.leave(number))
            case ev.Ready(ticket) | ev.Grant(ticket):
                self._answered(ticket, None)
            case ev.Refuse(ticket, error):
                self._answered(ticket, error)
        return []

    def _put_away(self, *answers: ev.Dropped | ev.Failed) -> list[ev.Event]:
        """Takes regions' frames before that is said."""
        calls = [(partial(self._frames.empty, self.paged[answer.id].place), answer) for answer in answers]
        return [said for call, answer in calls for said in self.unfinished.do(call, answer)]

    def _drop_late(self, number: int) -> None:
        self.feed(*self._put_away(*self.departures.leave(number)))

    def _stuck(self, number: int) -> None:
        with self._lock:
            self.feed(ev.Stalled(number, self._clock()))

    def _moved(self, outcome: Outcome) -> None:
        with self._lock:
            number, now = outcome.extent, self._clock()
            paged = self.paged[number]
            if (ended := self.carrier.came(outcome, paged.region, paged.place)) is None:
                return
            said: list[ev.Event] = [ev.Arrived(number, now)]
            if not isinstance(ended, Moved):
                reason = ended.reason
                said = self._put_away(ev.Failed(number, reason, now) if reason else ev.Dropped(number, now))
            self.feed(*said)
            self.let_go(number)
