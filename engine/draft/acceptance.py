"""How often drafts were right.

Per strength of draft, the share of tokens that were right of those whose predecessors were, the recent ones weighing more. What is drafted is
compared with what came whether it was tried or not: so a text that begins to repeat itself is noticed at once, at the price of a
look-up, and nobody has to try in vain to find out (no back-off, no probes).
"""

from aweigh.engine.draft.source import STRONGEST

_FIRST = 0.5  # before anything was seen
_WEIGHT = 0.125
_FORGOTTEN = 0.005


class Acceptance:
    """Of one request."""

    def __init__(self) -> None:
        self._rates = [_FIRST] * (STRONGEST + 1)

    def rate(self, strength: int) -> float:
        """The chance, 0 to 1, that a token is right, given that the drafted ones before it were."""
        return self._rates[strength]

    def forget(self, strength: int) -> None:
        """Nothing was drafted, since it would cost something: the rate drifts to where it began, so that it is tried again some day."""
        self._rates[strength] += (_FIRST - self._rates[strength]) * _FORGOTTEN

    def observe(self, strength: int, right: int, *, wrong: bool) -> None:
        """Of a draft, the first `right` tokens were; `wrong`: the next one was not, else nobody knows."""
        rate = 1.0 - (1.0 - self._rates[strength]) * (1.0 - _WEIGHT) ** right
        self._rates[strength] = rate * (1.0 - _WEIGHT) if wrong else rate
