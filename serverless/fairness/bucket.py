"""A token bucket, told by what was taken of it.

So the size may change between two calls, and what was taken stays taken: a limit that is raised leaves room at once.
"""

from dataclasses import dataclass

MINUTE = 60.0  # seconds; a bucket holds what comes in them


@dataclass(slots=True)
class Bucket:
    """`taken`: of the last minute's, as of `time` (seconds of the caller's clock)."""

    taken: float = 0.0
    time: float = 0.0

    def wait(self, amount: float, size: int, now: float) -> float:
        """Seconds until so much is there, to microseconds, 0: now. What is more than the bucket holds needs a full one."""
        self._elapse(size, now)
        return round(max(0.0, self.taken + min(amount, size) - size) * MINUTE / size, 6)

    def take(self, amount: float, size: int, now: float) -> None:
        """Takes so much, also what is not there; a negative amount gives back."""
        self._elapse(size, now)
        self.taken = max(0.0, self.taken + amount)

    def left(self, size: int, now: float) -> int:
        """What is there."""
        self._elapse(size, now)
        return max(0, int(size - self.taken))

    def _elapse(self, size: int, now: float) -> None:
        self.taken = max(0.0, self.taken - (now - self.time) * size / MINUTE)
        self.time = now
