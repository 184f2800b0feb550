"""Where drafts come from: the interface that every source has."""

from typing import NamedTuple, Protocol

from aweigh.engine.core import Tokens, tokens_of


class Draft(NamedTuple):
    """Tokens that may come next. `strength`: how much speaks for them, 0 to STRONGEST; drafts of one strength are about equally often right."""

    tokens: Tokens
    strength: int


NOTHING = Draft(tokens_of(()), 0)
STRONGEST = 8


class Source(Protocol):
    """Of one sequence."""

    def propose(self, tokens: Tokens, most: int) -> Draft:
        """What may follow `tokens`, which are those of the call before, or more of the same sequence. At most `most`, perhaps none."""
