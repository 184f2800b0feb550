"""What bounds speculation: a rate, and a guard against thrashing.

The rate is a bucket of bytes that fills with time. The guard keeps a ghost list of what has just been dropped; when more than a tenth of
the recent fetches bring such extents back, memory is fought for, and guesses only make it worse (Nomad, OSDI 2024, shows every tiering
system losing so). "Just" means: within the last eighth of the budget's worth of drops. A model that streams through a smaller arena
drops more than that before it comes round again, and is no thrashing.
"""

from collections import OrderedDict, deque

MOST_REFETCHES = 0.1
FEWEST_FETCHES = 16
RECENT_FETCHES = 64
RECENT_SECONDS = 30.0
JUST_DROPPED = 0.125


class Bucket:
    """Bytes that guesses may move. It holds what `seconds` of the rate bring, and one extent may overdraw it."""

    def __init__(self, bytes_per_second: float, seconds: float = 1.0) -> None:
        self.rate = bytes_per_second
        self._most = bytes_per_second * seconds
        self._level = self._most
        self._time = 0.0

    def open(self, time: float) -> bool:
        """Whether another guess may start."""
        if time > self._time:
            self._level = min(self._most, self._level + (time - self._time) * self.rate)
            self._time = time
        return self._level > 0

    def take(self, size: int) -> None:
        """A guess of `size` bytes started."""
        self._level -= size

    def opens_at(self, time: float) -> float:
        """When `open` is true again, in seconds; inf for a rate of 0."""
        if self.open(time):
            return time
        return time + (1.0 - self._level) / self.rate if self.rate > 0 else float("inf")


class Guard:
    """Watches fetches and drops."""

    def __init__(self) -> None:
        self._ghosts: OrderedDict[int, int] = OrderedDict()
        self._dropped_frames = 0
        self._recent: deque[tuple[float, bool]] = deque()
        self._refetches = 0

    def dropped(self, extent: int, frames: int, budget: int) -> None:
        """An extent was given up."""
        self._dropped_frames += frames
        self._ghosts[extent] = self._dropped_frames
        self._ghosts.move_to_end(extent)
        horizon = self._dropped_frames - budget * JUST_DROPPED
        while self._ghosts and next(iter(self._ghosts.values())) < horizon:
            self._ghosts.popitem(last=False)

    def fetched(self, extent: int, time: float) -> bool:
        """A fetch starts. Returns whether it brings back what was just dropped."""
        again = self._ghosts.pop(extent, None) is not None
        self._recent.append((time, again))
        self._refetches += again
        if len(self._recent) > RECENT_FETCHES:
            self._forget_oldest()
        return again

    def thrashing(self, time: float) -> bool:
        """Whether too many of the recent fetches were in vain."""
        while self._recent and self._recent[0][0] < time - RECENT_SECONDS:
            self._forget_oldest()
        return len(self._recent) >= FEWEST_FETCHES and self._refetches > MOST_REFETCHES * len(self._recent)

    def forget(self, extent: int) -> None:
        """The extent is known no more."""
        self._ghosts.pop(extent, None)

    def _forget_oldest(self) -> None:
        self._refetches -= self._recent.popleft()[1]
