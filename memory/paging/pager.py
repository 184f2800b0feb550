"""The pager: the thread-safe shell around manager, mover and frames. It decides nothing.

Events go into the manager under one lock, and what it answers is obeyed under the same: a drop is a few microseconds of `mremap`, a fetch a
queue's push. Waiting happens outside, on one condition.
Who releases a ticket has launched what reads under it, on his thread's current stream. A fence is taken there, and a drop waits for it (`departures.py`).

A step needs what its model needs. A model that fits keeps its ticket from step to step, and pays nothing for it (`soften`); the first wish that
is not fulfilled at once takes such tickets back from models that do not compute at the moment and whose turn it is not, after telling when they last did.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from math import inf

from aweigh.memory.failpoints import reach
from aweigh.memory.frames.core import FRAME_BYTES, Place
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.paging.again import Again
from aweigh.memory.paging.integrity import check
from aweigh.memory.paging.keeping import Keeping
from aweigh.memory.paging.medium import Medium, on_host
from aweigh.memory.paging.motion import Motion
from aweigh.memory.paging.paged import Paged
from aweigh.memory.paging.pressure import may_take, shortage
from aweigh.memory.paging.report import ArenaReport, report_of
from aweigh.memory.paging.reserved import Reserved
from aweigh.memory.paging.ticker import Ticker
from aweigh.memory.policy.base import Policy, Record
from aweigh.memory.policy.default import default_policy
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.region import Region
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.events import Priority
from aweigh.memory.residency.manager import Manager
from aweigh.memory.residency.turns import FACTOR
from aweigh.memory.scrub.schedule import MOST_BYTES_PER_SECOND
from aweigh.proto.errors import AweighError

_log = logging.getLogger(__name__)
_OVER = object()
_TAKING = 0.25  # seconds that keys and values wait for reads that are being cancelled
PATIENCE = 60.0  # seconds that a run waits for weights, unless others wait for the thread that it runs on


class Pager:
    """All regions of one arena. Every method may be called from any thread."""

    def __init__(
        self,
        frames: int,
        policy: Policy | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        map_cached: bool = True,
        depth: int = 2,
        guess_bytes_per_second: float = 0.0,
        turn: float = FACTOR,
        kv_least: int = 0,
        kv_most: int | None = None,
        scrub_seconds: float = 0.0,
        scrub_bytes_per_second: float = MOST_BYTES_PER_SECOND,
        open_medium: Callable[[int], Medium] = on_host,
    ) -> None:
        """
        Args:
            map_cached: regions that the page cache holds are mapped and not read.
            depth: stages that a step asks for ahead of the one that computes.
            guess_bytes_per_second: what the policy's guesses may move; 0: nothing is guessed.
            turn: seconds for which a model computes with weights that others wait for, for each second that they took to come.
            scrub_seconds: within which each resident region is looked at, at so many bytes per second at most; 0: nobody looks.
            kv_least, kv_most: frames that are kept for keys and values, and that they may take; None: all.
            open_medium: makes so many frames, and the way into them.

        Raises MemoryError, ValueError.
        """
        medium = open_medium(frames)
        self.frames, self.patience = medium.pool, PATIENCE
        self.on_ready: Callable[[int], None] = lambda ticket: None
        self.on_pressure: Callable[[Sequence[int]], None] = lambda numbers: None
        self.on_damage: Callable[[int], None] = lambda number: None
        self.others: Callable[[], bool] = lambda: False
        self.damages: list[int] = []  # regions, as they were found to be damaged; it only grows
        self._clock = clock
        self.depth = depth
        self.policy = policy or default_policy()
        self._manager = Manager(self.policy, guess_bytes_per_second)
        lock = threading.RLock()
        self._changed = threading.Condition(lock)
        scrubbing = (scrub_seconds, scrub_bytes_per_second)

        def now() -> float:
            return self._clock()

        parts = (lock, self._manager, medium, now, self._answered, self._damaged, scrubbing)
        self._motion = Motion(*parts, map_cached=map_cached)
        self._paged, self._carrier, self._departures = (
            self._motion.paged,
            self._motion.carrier,
            self._motion.departures,
        )
        self._feed = self._motion.feed
        self._tickets = itertools.count(1)
        self._ready: set[int] = set()
        self._refused: dict[int, AweighError] = {}
        self._watched: set[int] = set()
        self._least_kv = kv_least
        self._most_kv = frames // 2 if kv_most is None else kv_most
        self._again = Again()
        self.kept = Keeping(self._changed, self._manager, self._end, now, self._seconds, turn)
        self.reserved = Reserved(self._changed, self.frames, self._motion, now)
        self._closed = False
        self._ticker: Ticker | None = None
        self._feed(ev.SetBudget(frames, clock(), kv_least, kv_most))
        if guess_bytes_per_second:
            due = self._manager.next_decision_time
            self._ticker = Ticker(self._changed, due, lambda: self._feed(ev.Tick(clock())), clock)
            self._motion.on_fed = self._ticker.look

    # Regions

    def add(self, region: Region) -> int:
        """Its number. Nothing is fetched. Raises MemoryError if there are no addresses for it."""
        with self._changed:
            reach(Migration.ADDED)
            number = self._manager.numbers(1)[0]
            self._paged[number] = Paged(region, self.frames.reserve(region.frames), {})
            self._register([number])
            return number

    def place(self, number: int) -> Place:
        """Where a region is while it is resident."""
        return self._paged[number].place

    def order(self, model: str, numbers: Iterable[int]) -> None:
        """Says in which order a model uses its regions."""
        with self._changed:
            ordered = list(dict.fromkeys(numbers))
            for order, number in enumerate(ordered):
                self._paged[number].models[model] = order
                self._paged[number].loads[model] += 1
            self._register(ordered)

    def disown(self, model: str, numbers: Iterable[int]) -> None:
        """A model that was loaded as often as its regions were ordered does not use them once more; others may."""
        with self._changed:
            unique = list(dict.fromkeys(numbers))
            for number in unique:
                paged = self._paged[number]
                paged.loads[model] -= 1
                if paged.loads[model] <= 0:
                    del paged.loads[model]
                    paged.models.pop(model, None)
            self._register(unique)

    def remove(self, numbers: Sequence[int]) -> None:
        """Nobody maps these regions any more; nobody holds a ticket for them."""
        with self._changed:
            self.kept.take_back(whole=True)
            self._again.add_to(self._manager.counters, lambda number: self._paged[number].region.length)
            for number in numbers:
                self._paged[number].leaving = True
            self._feed(ev.Forget(tuple(numbers)))
            reach(Migration.FORGOTTEN)
            for number in numbers:
                self._motion.let_go(number)

    # Tickets

    def need(self, numbers: Sequence[int], model: str, priority: Priority = Priority.NOW) -> int:
        """Asks for regions, to be resident at once until `release`. Returns the ticket; see `wait`."""
        with self._changed:
            ticket = next(self._tickets)
            self._departures.asked(ticket, numbers)
            self._feed(ev.Need(ticket, tuple(numbers), priority, self._clock(), model))
            if ticket not in self._ready:
                self.kept.take_back()
            return ticket

    def hold(self, number: int, region: Region) -> int | None:
        """A ticket for a region that is resident now; None if it is not: nothing is brought for it."""
        with self._changed:
            paged = self._paged.get(number)
            if paged is None or paged.region is not region or not self._manager.is_resident(number):
                return None
            ticket = self.need([number], "")
            if ticket in self._ready:
                return ticket
            self.release(ticket)  # others wait for their frames already
            return None

    def hurry(self, ticket: int) -> None:
        """What was wanted next is wanted now."""
        with self._changed:
            if not self.has_ended(ticket):
                self._feed(ev.Raise(ticket, Priority.NOW, self._clock()))

    def wait(self, ticket: int, patience: float, *, gives_way: bool = False) -> bool:
        """Whether a ticket is ready, after so many seconds, or when somebody else could compute if it `gives_way`. Raises what it was refused with."""

        def over() -> bool:
            return self.has_ended(ticket) or (gives_way and (self.others() or self.kept.soft.has_unclaimed))

        def over_at_last() -> bool:
            if not over() and not self._manager.is_admitted(ticket):
                for unclaimed in self._ready & self.kept.soft.unclaimed():  # who was put off runs after this thread
                    self._end(unclaimed, (), self._clock())
                self.kept.take_back(whole=True)
            return over()

        with self._changed:
            rests = min(patience, self.kept.turns.rests_until() - self._clock())
            if patience and not (rests > 0.0 and self._changed.wait_for(over, rests)):
                self._changed.wait_for(over_at_last, patience)
            if ticket in self._refused:
                raise self._refused.pop(ticket)
            return ticket in self._ready

    def has_ended(self, ticket: int) -> bool:
        """Whether a ticket is ready, or was refused."""
        return ticket in self._ready or ticket in self._refused

    def nudge(self) -> None:
        """What `others` says may have changed."""
        with self._changed:
            self._changed.notify_all()

    def late(self, numbers: Iterable[int]) -> int:
        """How many of these regions are not resident at this moment."""
        with self._changed:
            return sum(not self._manager.is_resident(number) for number in numbers)

    def watch(self, ticket: int) -> bool:
        """Has `on_ready` called when a ticket that is not ready becomes so, or is refused. False if that is so already."""
        with self._changed:
            if self.has_ended(ticket):
                return False
            self._watched.add(ticket)
            self.kept.turns.waits(self._manager.model_of(ticket))
            self.kept.take_back()
            return not self.has_ended(ticket)

    def release(self, ticket: int, uses: Sequence[int] = ()) -> None:
        """Gives a ticket back, ready or not. `uses`: regions that were read under it, by what this thread has launched on its stream."""
        with self._changed:
            self.kept.soft.take(ticket)
            self._departures.launched(ticket, self.frames.fence() if ticket in self._ready else None)
            self._end(ticket, uses, self._clock())

    def soften(self, ticket: int, numbers: tuple[int, ...]) -> None:
        """Keeps a ticket until somebody else needs its frames: ask `firm` before using it again. Called by who has used it, as `release`."""
        with self._changed:
            self._departures.launched(ticket, self.frames.fence() if ticket in self._ready else None)
            self.kept.soft.keep(ticket, numbers, self._clock(), self._manager.model_of(ticket))

    def firm(self, ticket: int, *, again: bool = False) -> bool:
        """Whether a softened ticket still holds; if so, nobody takes it back from now on. `again`: another run finds its regions, which are hits."""
        with self._changed:
            numbers = self.kept.soft.take(ticket)
            if numbers is not None and again:
                self._again.used(ticket, numbers)
            return numbers is not None

    # Frames for other things

    def take_frames(self, count: int, before: float = inf) -> bool:
        """Takes frames for keys and values, if they can be had without waiting for anybody, and of weights only from those used `before`, in seconds."""
        with self._changed:
            if not may_take(count, before, self._manager, self._paged, self.kept.soft.uses()):
                return False
            ticket = next(self._tickets)
            self._feed(ev.TakeFrames(ticket, count, self._clock()))
            for whole in (False, True):
                if not self.has_ended(ticket):
                    self.kept.take_back(whole=whole)
            if not self.has_ended(ticket) and self._motion.gives_soon:
                self._changed.wait_for(lambda: self.has_ended(ticket), _TAKING)
            if ticket in self._ready:
                self._ready.discard(ticket)
                return True
            if self._refused.pop(ticket, None) is None:
                self._feed(ev.Withdraw(ticket, self._clock()))
            if ticket in self._ready:  # frames came free in this very moment
                self._ready.discard(ticket)
                return True
            return False

    def shortage(self, numbers: Sequence[int]) -> tuple[int, float]:
        """How many frames these regions lack that keys and values could give, and before when those must have been used to give way."""
        with self._changed:
            spare = self.kv_frames - self._least_kv
            return shortage(numbers, self._manager, self._paged, self.kept.soft.uses(), spare)

    def give_frames(self, count: int) -> None:
        """Gives such frames back; they are in the pool again."""
        with self._changed:
            self._feed(ev.GiveFrames(count, self._clock()))

    def touch(self) -> None:
        """Makes every frame resident, one at a time, so that no read waits for memory that the system still has to find. Takes seconds; others
        get in between two. Raises MemoryError."""
        touching = self.frames.touch()
        while not self._closed:
            with self._changed:
                if next(touching, _OVER) is _OVER:
                    return

    def set_policy(self, policy: Policy) -> None:
        """Another policy from now on. The one before, if it has a process, is ended."""
        with self._changed:
            before, self.policy = self.policy, policy
            self._feed(ev.SetPolicy(policy, self._clock()))
            reach(Migration.POLICY_SET)
        before.close()

    @property
    def resident_frames(self) -> int:
        """Frames of weights that are there or on their way."""
        with self._changed:
            return self._manager.frames_used

    @property
    def most_kv_bytes(self) -> int:
        """What keys and values may have; half of the arena, unless it was said."""
        return self._most_kv * FRAME_BYTES

    def report(self) -> ArenaReport:
        """Who has what at this moment."""
        with self._changed:
            manager = self._manager
            self._again.add_to(manager.counters, lambda number: self._paged[number].region.length)
            name = self.policy.name if isinstance(self.policy, UserPolicy) else type(self.policy).__name__
            return report_of(
                manager, self._paged, self.frames.frames, self.kv_frames, name, self._motion.scrubber.bytes
            )

    @property
    def kv_frames(self) -> int:
        """Frames that keys and values have."""
        with self._changed:
            return self.frames.frames - self._manager.frames_free - self._manager.frames_used

    def close(self) -> None:
        """Ends the threads."""
        self._closed = True
        with self._changed:
            if self._ticker is not None:
                self._ticker.close()
        self._motion.close()
        self.policy.close()

    def check_integrity(self) -> None:
        """Proves that manager and frames agree."""
        with self._changed:
            check(self._manager, self.frames, self._paged)

    # Under the lock

    def _register(self, numbers: Iterable[int]) -> None:
        speed = self._carrier.bytes_per_second
        self._feed(ev.Register(tuple([self._paged[number].item(number, speed) for number in numbers])))

    def _seconds(self, number: int) -> float:
        return self._paged[number].region.seconds(self._carrier.bytes_per_second)

    def _end(self, ticket: int, uses: Sequence[int], now: float) -> None:
        self._watched.discard(ticket)
        self._departures.ended(ticket)
        if uses:
            self._feed(ev.Used(tuple([Record(now, number, 1) for number in uses])))
            for number in uses:
                self._paged[number].used_at = now
        if ticket in self._ready:
            self._ready.discard(ticket)
            self._feed(ev.Release(ticket, now))
        elif self._refused.pop(ticket, None) is None:
            self._feed(ev.Withdraw(ticket, now))

    def _answered(self, ticket: int, error: AweighError | None) -> None:
        if error is None:
            self._ready.add(ticket)
        else:
            self._ready.discard(ticket)
            self._refused[ticket] = error
        self._changed.notify_all()
        if ticket in self._watched:
            self._watched.discard(ticket)
            self.kept.soft.came(ticket)
            if error is None:
                self.kept.turns.came(self._manager.model_of(ticket))
            self.on_ready(ticket)

    def _damaged(self, number: int) -> None:
        self.kept.take_back(whole=True)
        self.damages.append(number)
        self._motion.distrust(number)
        self.on_damage(number)
