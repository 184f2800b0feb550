"""Whose call runs next, and when: calls of functions share the step thread with steps of sequences. Pure.

Calls of one lease run in order; leases take turns, so one that has many threads does not keep the others waiting. Steps and calls share
the time: after a call, steps have as long a time before the next one, and a call that waits while nobody steps runs at once. A long
call cannot be divided; what it costs a token stream is its own length, once.
"""

from collections import deque
from typing import Generic, TypeVar

Job = TypeVar("Job")

# Seconds that calls may be ahead at most: after a very long one, steps do not have the thread for minutes.
_MOST_AHEAD = 1.0


class CallQueue(Generic[Job]):
    """Calls that wait, by lease."""

    def __init__(self) -> None:
        self._leases: dict[str, deque[Job]] = {}  # in the order of their turns
        self._ahead = 0.0  # seconds that calls have had more than steps

    def __len__(self) -> int:
        return sum(map(len, self._leases.values()))

    def add(self, lease: str, job: Job) -> None:
        self._leases.setdefault(lease, deque()).append(job)

    def next(self, *, stepping: bool) -> Job | None:
        """The call that runs now, or None. `stepping`: a step ran since the last call, so more of them may wait."""
        if not self._leases or (stepping and self._ahead > 0.0):
            return None
        lease = next(iter(self._leases))
        jobs = self._leases.pop(lease)
        job = jobs.popleft()
        if jobs:
            self._leases[lease] = jobs  # behind the others
        return job

    def called(self, seconds: float) -> None:
        """A call took so long."""
        self._ahead = min(max(self._ahead, 0.0) + seconds, _MOST_AHEAD)

    def stepped(self, seconds: float) -> None:
        """A step took so long."""
        self._ahead = max(self._ahead - seconds, 0.0)
