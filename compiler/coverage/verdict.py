"""What coverage finds of one type of model."""

from dataclasses import asdict, dataclass
from typing import Any

TOLERANCE = 1e-4
"""Greatest difference of a logit, relative to the greatest logit (at least 1), that still counts as equal in float32."""

TIE = 1e-5
"""A first divergence of greedy tokens is excused where transformers' own two best logits are closer than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Attributes:
    equal: logits within `TOLERANCE` and greedy tokens the same as transformers', or their divergence excused.
    captured: a Program was made.
    raised_share: operators that are not ATen, of all but weights, as they are executed; None without a Program.
    max_logit_error: over the tokens of the prompt; None if the engine was not reached.
    excused: sequences whose divergence is a tie of transformers' own.
    reason: why it is not equal, in one line.
    """

    equal: bool = False
    captured: bool = False
    raised_share: float | None = None
    max_logit_error: float | None = None
    excused: int = 0
    reason: str = ""
    seconds: float = 0.0
    key: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the results file holds it."""
        return asdict(self)
