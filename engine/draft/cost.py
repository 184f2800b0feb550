"""What a step costs by the number of its tokens, as measured while it runs: seconds = fixed + each * tokens.

Reading the weights is the fixed part, arithmetic the other one, so each / fixed says how nearly free one more token is. The line is an
exponentially weighted least-squares fit with a prior slope, which counts as long as all steps had the same size. Only small steps are looked at: long ones
are bound by arithmetic alone and would bend the line, and with them in it nobody asks for drafts.
"""

_LARGEST = 64
_WEIGHT = 1 / 64
_PRIOR = 0.05  # of the fixed cost, per token
_PRIOR_WEIGHT = 0.1  # tokens squared
_LEAST = 0.002
_OUTLIER = 4.0  # times the mean


class StepCost:
    """Of one model."""

    def __init__(self) -> None:
        self._seen = 0
        self._tokens = self._seconds = self._variance = self._covariance = 0.0

    def observe(self, tokens: int, seconds: float) -> None:
        """A step of so many tokens took so long."""
        if seconds <= 0.0 or not 0 < tokens <= _LARGEST:
            return
        self._seen += 1
        if self._seen > 1:
            seconds = min(seconds, _OUTLIER * self._seconds)
        weight = max(_WEIGHT, 1.0 / self._seen)
        more, longer = tokens - self._tokens, seconds - self._seconds
        self._tokens += weight * more
        self._seconds += weight * longer
        self._variance = (1.0 - weight) * (self._variance + weight * more * more)
        self._covariance = (1.0 - weight) * (self._covariance + weight * more * longer)

    @property
    def per_token(self) -> float:
        """The cost of a token in a step over the fixed cost of a step."""
        if not self._seen:
            return _PRIOR
        each, fixed = self._line()
        return each / fixed

    @property
    def fixed(self) -> float:
        """Seconds of a step that its tokens do not account for; 0: unknown."""
        return self._line()[1] if self._seen else 0.0

    def _line(self) -> tuple[float, float]:
        """Seconds of each token, and the fixed ones."""
        prior = _PRIOR * self._seconds / (1.0 + _PRIOR * self._tokens)
        covariance = self._covariance + _PRIOR_WEIGHT * prior
        each = max(covariance / (self._variance + _PRIOR_WEIGHT), _LEAST * self._seconds)
        return each, max(self._seconds - each * self._tokens, 0.01 * self._seconds)
