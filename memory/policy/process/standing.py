"""Whether a user's policy is asked, believed, or switched off: a pure decider, times are seconds of the caller's clock.

A policy is asked and has a budget to answer. Without an answer the default decides this time, and a strike is written down; so it is for
an answer of which half cannot be done. Three strikes in a row, or ten of the last hundred, are too many. While an answer is still
missing nothing more is asked; after STUCK it is not waited for any longer, and so with UNREAD for one that does not read. What cannot come from an honest mistake of timing (an
exception, the end of the process, bytes that are no answer) ends it at once. Off is for good: a policy that comes back decides otherwise
than its author has seen it decide.
"""

from collections import deque
from dataclasses import dataclass

BUDGET = 0.010  # seconds
STUCK = 0.25  # seconds
UNREAD = 2.0  # seconds
START = 30.0  # seconds until it has to be there
IN_A_ROW = 3
OF_THE_LAST, TOO_MANY = 100, 10


@dataclass(frozen=True, slots=True)
class Started:
    """The process was started."""

    time: float


@dataclass(frozen=True, slots=True)
class Greeted:
    """The policy was made, and can be asked."""

    time: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Suggestions are wanted now."""

    time: float


@dataclass(frozen=True, slots=True)
class Behind:
    """Suggestions are wanted, and it has not read yet what it was told."""

    time: float


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer came, to the question of this number, with so many suggestions, of which so many cannot be done."""

    time: float
    number: int
    suggestions: int
    impossible: int


@dataclass(frozen=True, slots=True)
class Late:
    """The budget is over, and there is no answer. One that still comes is not believed: it is about another moment."""

    time: float


@dataclass(frozen=True, slots=True)
class Broke:
    """It is over: an exception, the end of the process, nonsense."""

    time: float
    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question with this number, and wait until then for its answer."""

    number: int
    until: float


@dataclass(frozen=True, slots=True)
class Take:
    """Do what the answer says that can be done."""


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Kill the process, say why in one line, and never ask again."""

    reason: str


Event = Started | Greeted | Wanted | Behind | Answered | Late | Broke
Instruction = Ask | Take | SwitchOff


class Standing:
    """What is thought of one policy. `budget`: seconds for an answer."""

    def __init__(self, budget: float = BUDGET) -> None:
        self.off = False
        self._budget = budget
        self._ready = False
        self._began = 0.0
        self._number = 0
        self._asked: float | None = None  # when the question that has no answer yet was put
        self._behind: float | None = None  # since when it has not read all
        self._missed = False  # and whether it is not waited for any more
        self._strikes: deque[bool] = deque(maxlen=OF_THE_LAST)

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for."""
        return self._asked is not None and not self._missed and not self.off

    @property
    def busy(self) -> bool:
        """Whether an answer is missing, waited for or not."""
        return self._asked is not None

    def handle(self, event: Event) -> list[Instruction]:
        """Returns what to do now."""
        if self.off:
            return []
        match event:
            case Started():
                self._began = event.time
            case Greeted():
                self._ready = True
            case Wanted():
                return self._wanted(event.time)
            case Behind():
                return self._lags(event.time)
            case Answered():
                return self._answered(event)
            case Late():
                self._missed = True
                return self._strike(True, f"it did not answer within {self._budget * 1e3:.0f} ms again and again")
            case Broke():
                return self._switch_off(event.reason)
        return []

    def _wanted(self, time: float) -> list[Instruction]:
        if not self._ready:
            return self._switch_off(f"it was not there after {START:.0f} s") if time > self._began + START else []
        if self._asked is not None:
            return self._switch_off(f"it did not answer for {STUCK} s") if time > self._asked + STUCK else []
        self._number += 1
        self._behind = None
        self._asked, self._missed = time, False
        return [Ask(self._number, time + self._budget)]

    def _lags(self, time: float) -> list[Instruction]:
        self._behind = time if self._behind is None else self._behind
        patience = UNREAD if self._ready else START
        return self._switch_off("it does not read what it is told") if time > self._behind + patience else []

    def _answered(self, event: Answered) -> list[Instruction]:
        if self._asked is None or event.number != self._number:
            return self._switch_off("it answered what nobody had asked")
        self._asked = None
        if self._missed:
            return []
        bad = event.impossible * 2 >= max(event.suggestions, 1)
        return self._strike(bad, "it asks for the impossible again and again") or ([] if bad else [Take()])

    def _strike(self, bad: bool, reason: str) -> list[Instruction]:
        self._strikes.append(bad)
        recent = list(self._strikes)[-IN_A_ROW:]
        if bad and (recent == [True] * IN_A_ROW or sum(self._strikes) >= TOO_MANY):
            return self._switch_off(reason)
        return []

    def _switch_off(self, reason: str) -> list[Instruction]:
        self.off = True
        return [SwitchOff(reason)]
