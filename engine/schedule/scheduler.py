"""The scheduler's front: takes events, keeps the state, gives instructions."""

from dataclasses import dataclass

from aweigh.engine.schedule.events import Event
from aweigh.engine.schedule.instructions import Counters, Instruction


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps of a worker. Tokens and rows are per step; waiting counts `generate` and `step` calls that are not over."""

    token_budget: int = 512
    rows_per_step: int = 256
    waiting: int = 4096
    sessions_per_lease: int = 4096
    rows_per_group: int = 1024


class Scheduler:
    """See `handle`. Not thread-safe: one thread feeds it, and obeys its instructions in order."""

    def __init__(self, limits: Limits | None = None) -> None:
        raise NotImplementedError

    def handle(self, event: Event) -> list[Instruction]:
        """Takes an event. Raises nothing: what is wrong with a request comes back as its Fail.

        The shell hands in whatever has happened, then Tick(now); Tick alone may answer RunStep.
        """
        raise NotImplementedError

    def next_decision_time(self) -> float | None:
        """The earliest time at which a Tick would change anything: -inf if there is work for a free device, else the next
        deadline; None if there is nothing to wait for but events."""
        raise NotImplementedError

    def counters(self) -> Counters:
        raise NotImplementedError

    def check_integrity(self) -> None:
        """Proves every invariant anew, or raises AssertionError. For tests, and for the shell when idle."""
        raise NotImplementedError
