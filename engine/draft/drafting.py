"""The drafts of one group: for all of its rows at once, since they are sampled in lock step.

A draft of the group is as long as the shortest of its rows' drafts and as strong as the weakest, and right as far as all rows are that live on.
"""

from collections.abc import Sequence as Items

from aweigh.engine.core import Row, Tokens
from aweigh.engine.draft.acceptance import Acceptance
from aweigh.engine.draft.lookup import PromptLookup
from aweigh.engine.draft.source import Source


class Drafting:
    """Sources by row, and how often they were right."""

    def __init__(self) -> None:
        self._sources: dict[int, Source] = {}
        self._acceptance = Acceptance()
        self.tokens: dict[int, Tokens] = {}
        """The last draft, by row; empty: none."""
        self.length = 0
        """How much of it is tried."""
        self.rate = 0.0
        """The chance of each of its tokens, given those before."""
        self._strength = 0
        self._by_model = Acceptance()
        self.modelled = 0
        """Tokens of a draft model that are tried."""

    @property
    def model_rate(self) -> float:
        """The chance of each token of a draft model, given those before."""
        return self._by_model.rate(0)

    def draft(self, rows: Items[Row], most: int) -> int:
        """Makes a draft of at most `most` tokens for each of the rows. Returns how many there are."""
        self.tokens, self.length, self.modelled = {}, 0, 0
        drafts = []
        for row in rows:
            source = self._sources.get(row.index)
            if source is None:
                source = self._sources[row.index] = PromptLookup()
            drafts.append(source.propose(row.sequence.tokens, most))
        found = min(len(draft.tokens) for draft in drafts)
        if found:
            self.tokens = {row.index: draft.tokens for row, draft in zip(rows, drafts, strict=True)}
            self._strength = min(draft.strength for draft in drafts)
            self.rate = self._acceptance.rate(self._strength)
        return found

    def learn(self, rounds: Items[tuple[Items[int], Items[int]]]) -> None:
        """What came instead: (rows, tokens) per round. Of a draft that was not tried the first token tells."""
        if self.modelled:
            self._by_model.observe(0, len(rounds) - 1, wrong=len(rounds) <= self.modelled)
        else:
            self._by_model.forget(0)
        if not self.tokens:
            return
        right = 0
        wrong = False
        for rows, tokens in rounds[: max(self.length, 1)]:
            wrong = any(self.tokens[row][right] != token for row, token in zip(rows, tokens, strict=True))
            if wrong:
                break
            right += 1
        self._acceptance.observe(self._strength, right, wrong=wrong)
        self.tokens, self.length = {}, 0
