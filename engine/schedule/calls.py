"""Whose call runs next, when, and which others go along: calls of functions share the step thread with steps of sequences. Pure.

Calls of one lease run in order; leases take turns, so one that has many threads does not keep the others waiting. Steps and calls share
the time: after a call, steps have as long a time before the next one, and a call that waits while nobody steps runs at once. A long
call cannot be divided; what it costs a token stream is its own length, once.

Calls of one kind (of one model, say, whose function takes the tokens of many) run as one: with the call whose turn it is go those of its
kind that wait at the front of their leases, one lease after the other, as long as their tokens fit into the budget. Nobody waits for company:
what has come when the thread gets free goes along. A lease that was served goes behind those that were not; one whose call was too long to
fit keeps its place, so that its turn comes.

A call whose weights do not come is put off, and with it all that wait for the same model: they are passed over until its weights are ready, and
then have the turn that they would have had. So calls of one lease run in order for each model, and nobody waits for another model's disk.
"""

import itertools
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")

# Seconds that calls may be ahead at most: after a very long one, steps do not have the thread for minutes.
_MOST_AHEAD = 1.0
MOST_TOKENS = 4096
"""Of calls that run as one, unless one alone has more."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Job]):
    number: int  # in the order of arrival
    lease: str
    job: Job
    model: Hashable
    kind: Hashable
    tokens: int


class CallQueue(Generic[Job]):
    """Calls that wait, by lease."""

    def __init__(self, budget: int = MOST_TOKENS) -> None:
        """`budget`: tokens of calls that run as one; 0: each runs alone."""
        self._budget = budget
        self._leases: dict[str, deque[_Waiting[Job]]] = {}  # in the order of their turns
        self._late: dict[Hashable, list[_Waiting[Job]]] = {}  # by model, what is passed over
        self._running: list[_Waiting[Job]] = []
        self._numbers = itertools.count()
        self._ahead = 0.0  # seconds that calls have had more than steps

    def __len__(self) -> int:
        """How many could run."""
        return sum(map(len, self._leases.values()))

    def add(self, lease: str, job: Job, model: Hashable = None, kind: Hashable = None, tokens: int = 0) -> None:
        """`model`: whose weights it needs; `kind`: calls of one kind, which are of one model, may run as one; None: this one runs alone."""
        waiting = _Waiting(next(self._numbers), lease, job, model, kind, tokens)
        if model in self._late:
            self._late[model].append(waiting)
        else:
            self._leases.setdefault(lease, deque()).append(waiting)

    def wants(self, model: Hashable) -> bool:
        """Whether calls wait for a model that could run."""
        return any(waiting.model == model for jobs in self._leases.values() for waiting in jobs)

    def put_off(self, model: Hashable) -> None:
        """What `next` gave last did not run, since weights of this model are late: that, and all that wait for them, is passed over."""
        late = [*self._running, *self._take(lambda waiting: waiting.model == model)]
        self._running = []
        self._late[model] = sorted(late, key=lambda waiting: waiting.number)

    def ready(self, model: Hashable) -> None:
        """The weights came, or will not: what was put off waits for its turn again, before what came later."""
        for waiting in self._late.pop(model, ()):
            jobs = self._leases.setdefault(waiting.lease, deque())
            place = sum(other.number < waiting.number for other in jobs)
            jobs.insert(place, waiting)

    def prune(self, is_over: Callable[[Job], bool]) -> list[Hashable]:
        """Forgets calls that nobody waits for any more. Returns the late models that nothing waits for now; they are late no longer."""
        self._take(lambda waiting: is_over(waiting.job))
        for model, jobs in self._late.items():
            self._late[model] = [waiting for waiting in jobs if not is_over(waiting.job)]
        left = [model for model, jobs in self._late.items() if not jobs]
        for model in left:
            del self._late[model]
        return left

    def clear(self) -> list[Job]:
        """Takes out every call, late or not."""
        jobs = [waiting.job for waiting in (*self._take(lambda _: True), *itertools.chain(*self._late.values()))]
        self._late.clear()
        return jobs

    def next(self, *, stepping: bool) -> list[Job]:
        """The calls that run now, as one; none where it is the steps' turn. `stepping`: a step ran since the last call, so more may wait."""
        if not self._leases or (stepping and self._ahead > 0.0):
            return []
        order = list(self._leases)
        first = self._leases[order[0]].popleft()
        taken, served = [first], {order[0]: None}
        if first.kind is not None:
            for lease, waiting in self._companions(first, [*order[1:], order[0]]):
                taken.append(waiting)
                served[lease] = None
        for lease in served:
            jobs = self._leases.pop(lease)
            if jobs:
                self._leases[lease] = jobs  # behind the others
        self._running = taken
        return [waiting.job for waiting in taken]

    def _take(self, which: Callable[[_Waiting[Job]], bool]) -> list[_Waiting[Job]]:
        """Takes waiting calls out; leases keep their turns."""
        taken = []
        for lease, jobs in list(self._leases.items()):
            taken += [waiting for waiting in jobs if which(waiting)]
            left = deque(waiting for waiting in jobs if not which(waiting))
            if left:
                self._leases[lease] = left
            else:
                del self._leases[lease]
        return taken

    def _companions(self, first: _Waiting[Job], order: list[str]) -> list[tuple[str, _Waiting[Job]]]:
        """Takes out what goes along, one call of each lease in turn."""
        room, found, going = self._budget - first.tokens, [], True
        while going:
            going = False
            for lease in order:
                jobs = self._leases[lease]
                if jobs and jobs[0].kind == first.kind and jobs[0].tokens <= room:
                    room -= jobs[0].tokens
                    found.append((lease, jobs.popleft()))
                    going = True
        return found

    def called(self, seconds: float) -> None:
        """What `next` gave last is over, or was put off, and took so long."""
        self._running = []
        self._ahead = min(max(self._ahead, 0.0) + seconds, _MOST_AHEAD)

    def stepped(self, seconds: float) -> None:
        """A step took so long."""
        self._ahead = max(self._ahead - seconds, 0.0)
