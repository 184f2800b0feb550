"""Requests and tokens a minute, per tenant. Pure: time is a value, in seconds.

Tokens are taken before a call begins, as many as it may come to, and what it did not come to is given back at its end: taken afterwards, a thousand calls at once
would all find room. Nothing is kept over a restart: a minute's worth is all that could be lost.
"""

from dataclasses import dataclass

from aweigh.serverless.fairness.bucket import MINUTE, Bucket
from aweigh.serverless.fairness.limits import Caller

REQUESTS = "requests"
TOKENS = "tokens"
MOST_TENANTS = 4096
"""That are remembered. Beyond it those are forgotten that have taken nothing of the last minute's."""


@dataclass(frozen=True, slots=True)
class Left:
    """Of a limit of `what` a minute: what is left of it, and after how many seconds all of it is."""

    what: str
    limit: int
    left: int
    full_in: float


class Limiter:
    """See above."""

    def __init__(self) -> None:
        self._tenants: dict[str, dict[str, Bucket]] = {}  # buckets by what

    def ask(self, caller: Caller, what: str, amount: int, now: float) -> float:
        """0: so much was there and is taken. Else the seconds after which it is worth trying, and nothing was taken."""
        size = _limit(caller, what)
        if not size:
            return 0.0
        bucket = self._bucket(caller, what, now)
        wait = bucket.wait(amount, size, now)
        if not wait:
            bucket.take(amount, size, now)
        return wait

    def give_back(self, caller: Caller, what: str, amount: int, now: float) -> None:
        """What was taken and not needed."""
        if size := _limit(caller, what):
            self._bucket(caller, what, now).take(-amount, size, now)

    def left(self, caller: Caller, now: float) -> list[Left]:
        """Of every limit that this tenant has."""
        found = []
        for what in (REQUESTS, TOKENS):
            if size := _limit(caller, what):
                bucket = self._bucket(caller, what, now)
                left = bucket.left(size, now)
                found.append(Left(what, size, left, bucket.taken * MINUTE / size))
        return found

    def _bucket(self, caller: Caller, what: str, now: float) -> Bucket:
        buckets = self._tenants.get(caller.tenant)
        if buckets is None:
            self._forget(now)
            buckets = self._tenants[caller.tenant] = {REQUESTS: Bucket(), TOKENS: Bucket()}
        return buckets[what]

    def _forget(self, now: float) -> None:
        if len(self._tenants) < MOST_TENANTS:
            return
        for name, buckets in list(self._tenants.items()):
            if all(now - bucket.time > MINUTE or not bucket.taken for bucket in buckets.values()):
                del self._tenants[name]


def _limit(caller: Caller, what: str) -> int:
    return caller.limits.requests if what == REQUESTS else caller.limits.tokens
