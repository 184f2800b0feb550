"""How fast calls are served, as far as it has been seen."""

HALF_LIFE = 10.0
"""Seconds of work after which what was seen counts half."""


class Rate:
    """Tokens of cost per second, over the time in which all places were taken: an idle cluster says nothing of what it could do."""

    def __init__(self) -> None:
        self._tokens = self._seconds = 0.0
        self._since: float | None = None

    def full(self, now: float) -> None:
        """All places are taken from now on."""
        if self._since is None:
            self._since = now

    def served(self, tokens: float, now: float) -> None:
        """So much was done."""
        if self._since is None:
            return
        self._elapse(now)
        self._tokens += tokens

    def idle(self, now: float) -> None:
        """There is a place from now on."""
        if self._since is not None:
            self._elapse(now)
            self._since = None

    @property
    def per_second(self) -> float | None:
        """None: nothing was seen yet."""
        return self._tokens / self._seconds if self._tokens and self._seconds else None

    def _elapse(self, now: float) -> None:
        assert self._since is not None
        seconds = max(0.0, now - self._since)
        fading = 0.5 ** (seconds / HALF_LIFE)
        self._tokens, self._seconds = self._tokens * fading, self._seconds * fading + seconds
        self._since = now
