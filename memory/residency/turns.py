"""Whose weights stay while others wait for theirs.

Models that take turns at every token, on an arena that does not hold all of them, move every byte for every token: thrashing, as of programs whose
working sets do not fit together (Denning 1968). What helps there helps here: a quantum. A model whose weights had to be brought keeps them until it has
computed for `factor` times as long as bringing them takes, so that bringing costs at most the share 1 / (1 + factor) of the time; then whoever has waited
longest may have the frames. Models that are there go on to compute by turn, token by token: only bringing waits.

A turn ends before that when its model waits for weights itself (two that each hold half of the arena would wait for each other), and when nothing is asked of it.
A script that computes between two tokens asks again in a moment, so a model of which a session is open keeps its turn for that moment (an
anticipatory scheduler: Iyer and Druschel 2001). Who blocks the thread that all compute on, and keys and values of what runs, wait for nobody's turn.

Rejected: to count steps (a model that needs a second for its weights needs longer turns than one that needs a millisecond), and
to keep a turn in the scheduler, by not planning steps of others: most of them need no frames of anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

FACTOR = 4.0
LEAST = 0.05
"""Seconds that a turn is worth at least."""
MOMENT = 0.01
"""Seconds in which a script that goes on asks again."""


@dataclass(slots=True)
class _Turn:
    brought: dict[int, float] = field(default_factory=dict)  # seconds, by region
    spent: float = 0.0
    stands: bool = True
    until: float = inf


class Turns:
    """By model. Seconds of computing and of bringing; times of the caller's clock."""

    def __init__(self, factor: float = FACTOR) -> None:
        """`factor`: seconds of computing for each second of bringing; 0: nobody has turns."""
        self._factor = factor
        self._turns: dict[str, _Turn] = {}

    def brings(self, model: str, seconds: Mapping[int, float]) -> None:
        """A model waits for these regions, which take so long."""
        if self._factor and seconds:
            turn = self._turns.setdefault(model, _Turn())
            turn.brought.update(seconds)
            turn.until = inf

    def waits(self, model: str) -> None:
        """It was put off, and keeps nothing meanwhile."""
        if turn := self._turns.get(model):
            turn.stands, turn.until = False, inf

    def came(self, model: str) -> None:
        """What it waited for is there: its turn begins."""
        if turn := self._turns.get(model):
            turn.stands, turn.spent = True, 0.0

    def ran(self, model: str, seconds: float, now: float, rests: float = inf) -> bool:
        """It has computed. `rests`: nothing more is asked of it now, and it keeps its turn for so long at most. Returns whether the turn is over."""
        if not (turn := self._turns.get(model)):
            return False
        bringing = sum(turn.brought.values())
        turn.spent += seconds
        turn.until = inf if rests == inf else now + min(rests, bringing)  # to wait longer than that is no gain
        if turn.spent < max(LEAST, self._factor * bringing):
            return False
        del self._turns[model]
        return True

    def expire(self, now: float) -> bool:
        """Ends the turns of those that rest for too long. Returns whether there were any."""
        gone = [model for model, turn in self._turns.items() if turn.until <= now]
        for model in gone:
            del self._turns[model]
        return bool(gone)

    def rest(self, until: float) -> float:
        """Nobody computes: turns end then, if not before. Returns when the first one does."""
        standing = [turn for turn in self._turns.values() if turn.stands]
        for turn in standing:
            turn.until = min(turn.until, until)
        return min((turn.until for turn in standing), default=inf)

    def rests_until(self) -> float:
        """When the last of those who may ask again in a moment loses its turn; minus infinity: nobody rests."""
        return max((turn.until for turn in self._turns.values() if turn.until < inf), default=-inf)

    def stands(self, model: str) -> bool:
        """Whether its weights stay."""
        turn = self._turns.get(model)
        return turn is not None and turn.stands
