"""What is kept although nobody reads it now: tickets, as long as nobody needs their frames or it is their model's turn. The shell around `Soft` and `Turns`."""

import threading
from collections.abc import Callable, Iterable
from math import inf

from aweigh.memory.paging.soft import Soft
from aweigh.memory.residency.manager import Manager
from aweigh.memory.residency.turns import MOMENT, Turns


class Keeping:
    """Under the pager's lock. The methods that say so may be called from any thread."""

    def __init__(
        self,
        lock: threading.Condition,
        manager: Manager,
        end: Callable[[int, tuple[int, ...], float], None],
        clock: Callable[[], float],
        seconds: Callable[[int], float],
        factor: float,
    ) -> None:
        """`end` gives a ticket back, with the regions that were read under it, and when; `seconds` that bringing a region takes."""
        self.soft = Soft()
        self.turns = Turns(factor)
        self._lock, self._manager, self._end, self._clock, self._seconds = lock, manager, end, clock, seconds

    def take_back(self, *, whole: bool = False) -> None:
        """Releases tickets that are kept, the longest unused first; `whole`: also those of models whose turn it is."""
        for ticket, numbers, used in self.soft.drain(lambda model: not whole and self.turns.stands(model)):
            self._end(ticket, numbers, used)

    def brings(self, model: str, numbers: Iterable[int]) -> None:
        """A model that fits computes now, and asks for what of these regions is not here. Any thread."""
        with self._lock:
            absent = [number for number in numbers if not self._manager.is_resident(number)]
            self.turns.brings(model, {number: self._seconds(number) for number in absent})

    def ran(self, model: str, seconds: float, rests: float = inf) -> None:
        """A model has computed. `rests`: seconds for which it keeps its turn although nothing more is asked of it now. Any thread."""
        with self._lock:
            now = self._clock()
            if self.turns.ran(model, seconds, now, rests) | self.turns.expire(now):
                self._others_turn()

    def idle(self) -> float:
        """Nobody computes: whoever's turn it is rests. Returns the seconds after which to ask again, if nothing happens before. Any thread."""
        with self._lock:
            now = self._clock()
            if self.turns.expire(now):
                self._others_turn()
            return self.turns.rest(now + MOMENT) - now

    def _others_turn(self) -> None:
        if self._manager.has_waiting:
            self.take_back()
