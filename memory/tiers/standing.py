"""How an origin has done of late: its speed, and whether it is passed over for a while. Pure: time is a value.

Speed is bytes per second of waiting, over what was seen lately and a little of what was assumed: evidence fades with a half-life, so that
who was slow is asked again some day. Asking in vain ("not here") is waiting without bytes, so it makes an origin slower and nothing else.

A failure opens the circuit for a second, then for twice as long each time up to a minute; who gave wrong bytes is left alone for the
minute at once (M. Nygard, Release It!, "circuit breaker"; the growth is that of Kubernetes' CrashLoopBackOff).
"""

from dataclasses import dataclass

FIRST_REST = 1.0
LONGEST_REST = 60.0
HALF_LIFE = 30.0  # seconds
_ASSUMED_BYTES = 8 << 20  # what the assumption weighs


@dataclass(slots=True)
class Standing:
    """`assumed`: bytes/s until something was seen. `bytes`, `seconds`, `failures` count from the beginning."""

    assumed: float
    bytes: int = 0
    seconds: float = 0.0
    failures: int = 0
    _seen_bytes: float = 0.0
    _seen_seconds: float = 0.0
    _seen_at: float = 0.0
    _rest: float = 0.0  # how long the next one is
    _until: float = 0.0

    def took(self, count: int, seconds: float, now: float) -> None:
        """It gave `count` bytes, 0 if it does not have what it was asked for."""
        self._fade(now)
        self.bytes += count
        self.seconds += seconds
        self._seen_bytes += count
        self._seen_seconds += seconds
        if count:
            self._rest = 0.0

    def failed(self, seconds: float, now: float, *, lied: bool = False) -> None:
        """It failed; `lied`: it gave other bytes than it was asked for."""
        self.failures += 1
        self.seconds += seconds
        self._rest = LONGEST_REST if lied else min(max(self._rest * 2, FIRST_REST), LONGEST_REST)
        self._until = now + self._rest

    def rests(self, now: float) -> bool:
        """Whether it is passed over."""
        return now < self._until

    def bytes_per_second(self, now: float) -> float:
        self._fade(now)
        assumed_seconds = _ASSUMED_BYTES / self.assumed
        return (self._seen_bytes + _ASSUMED_BYTES) / (self._seen_seconds + assumed_seconds)

    def _fade(self, now: float) -> None:
        left = 0.5 ** (max(0.0, now - self._seen_at) / HALF_LIFE)
        self._seen_bytes *= left
        self._seen_seconds *= left
        self._seen_at = now
