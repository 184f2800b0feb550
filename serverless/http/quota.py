"""The shell around `Limiter`: what a key may have a minute, as clients of OpenAI's interface know it."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from math import ceil

from aweigh.serverless.fairness.limiter import REQUESTS, TOKENS, Limiter
from aweigh.serverless.fairness.limits import Caller
from aweigh.serverless.http.errors import RateLimited


class Quota:
    """Belongs to the event loop."""

    def __init__(self, refused: Counter[str], clock: Callable[[], float] = time.monotonic) -> None:
        """`refused`: counts by reason."""
        self._limiter = Limiter()
        self._refused = refused
        self._clock = clock
        for what in (REQUESTS, TOKENS):
            refused[_reason(what)] += 0

    def request(self, caller: Caller) -> None:
        """Counts a request. Raises RateLimited where there were enough."""
        self._ask(caller, REQUESTS, 1)

    @contextlib.contextmanager
    def tokens(self, caller: Caller, most: int, used: Callable[[], int]) -> Iterator[None]:
        """A call that may come to `most` tokens, and in the end has come to those that `used` says. Raises RateLimited."""
        self._ask(caller, TOKENS, most)
        try:
            yield
        finally:
            self._limiter.give_back(caller, TOKENS, most - used(), self._clock())

    def headers(self, caller: Caller) -> list[tuple[bytes, bytes]]:
        """What is left, in OpenAI's names; nothing of what has no limit."""
        found: list[tuple[bytes, bytes]] = []
        for left in self._limiter.left(caller, self._clock()):
            told = {"limit": left.limit, "remaining": left.left, "reset": f"{ceil(left.full_in * 1000) / 1000:g}s"}
            found += [(f"x-ratelimit-{name}-{left.what}".encode(), str(value).encode()) for name, value in told.items()]
        return found

    def _ask(self, caller: Caller, what: str, amount: int) -> None:
        seconds = self._limiter.ask(caller, what, amount, self._clock())
        if not seconds:
            return
        self._refused[_reason(what)] += 1
        limit = caller.limits.requests if what == REQUESTS else caller.limits.tokens
        raise RateLimited(f"this key has {limit} {what} a minute: retry in {ceil(seconds)} s", seconds)


def _reason(what: str) -> str:
    return f"{what}_per_minute"
