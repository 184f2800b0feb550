"""The caps of a worker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Tokens and rows are per step; `waiting` counts `generate` and `step` calls that are not over; `draft_tokens` are per row, 0: nobody speculates.

    A group's rows decode together or not at all, so one group may exceed `rows_per_step` when it runs alone.
    """

    token_budget: int = 512
    rows_per_step: int = 256
    waiting: int = 4096
    sessions_per_lease: int = 4096
    rows_per_call: int = 1024
    draft_tokens: int = 0

    def __post_init__(self) -> None:
        assert self.draft_tokens >= 0
        assert min(self.token_budget, self.rows_per_step, self.waiting, self.sessions_per_lease, self.rows_per_call) > 0
