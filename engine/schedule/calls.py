"""Whose call runs next, when, and which others go along: calls of functions share the step thread with steps of sequences. Pure.

Calls of one lease run in order; leases take turns, so one that has many threads does not keep the others waiting. Steps and calls share
the time: after a call, steps have as long a time before the next one, and a call that waits while nobody steps runs at once. A long
call cannot be divided; what it costs a token stream is its own length, once.

Calls of one kind (of one model, say, whose function takes the tokens of many) run as one: with the call whose turn it is go those of its
kind that wait at the front of their leases, one lease after the other, as long as their tokens fit into the budget. Nobody waits for company:
what has come when the thread gets free goes along. A lease that was served goes behind those that were not; one whose call was too long to
fit keeps its place, so that its turn comes.
"""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")

# Seconds that calls may be ahead at most: after a very long one, steps do not have the thread for minutes.
_MOST_AHEAD = 1.0
MOST_TOKENS = 4096
"""Of calls that run as one, unless one alone has more."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Job]):
    job: Job
    kind: Hashable
    tokens: int


class CallQueue(Generic[Job]):
    """Calls that wait, by lease."""

    def __init__(self, budget: int = MOST_TOKENS) -> None:
        """`budget`: tokens of calls that run as one; 0: each runs alone."""
        self._budget = budget
        self._leases: dict[str, deque[_Waiting[Job]]] = {}  # in the order of their turns
        self._ahead = 0.0  # seconds that calls have had more than steps

    def __len__(self) -> int:
        return sum(map(len, self._leases.values()))

    def add(self, lease: str, job: Job, kind: Hashable = None, tokens: int = 0) -> None:
        """`kind`: calls of one kind may run as one; None: this one runs alone."""
        self._leases.setdefault(lease, deque()).append(_Waiting(job, kind, tokens))

    def next(self, *, stepping: bool) -> list[Job]:
        """The calls that run now, as one; none where it is the steps' turn. `stepping`: a step ran since the last call, so more may wait."""
        if not self._leases or (stepping and self._ahead > 0.0):
            return []
        order = list(self._leases)
        first = self._leases[order[0]].popleft()
        taken, served = [first.job], {order[0]: None}
        if first.kind is not None:
            for lease, waiting in self._companions(first, [*order[1:], order[0]]):
                taken.append(waiting.job)
                served[lease] = None
        for lease in served:
            jobs = self._leases.pop(lease)
            if jobs:
                self._leases[lease] = jobs  # behind the others
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
        """A call took so long."""
        self._ahead = min(max(self._ahead, 0.0) + seconds, _MOST_AHEAD)

    def stepped(self, seconds: float) -> None:
        """A step took so long."""
        self._ahead = max(self._ahead - seconds, 0.0)
