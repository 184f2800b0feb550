"""What a model will read next. A model that decodes runs the same functions round after round (embedding, body, head), so what follows a function
is taken to be what followed it the last time; whoever guesses wrong has asked for weights in vain, and no more.

Tickets outlive the function that asked for them. Between two functions they are soft: whoever needs their frames takes them.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from aweigh.memory.paging.pager import Pager


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps of a function, by their index, and the regions that they read."""

    steps: range
    numbers: tuple[int, ...]
    frames: int


Asked = deque[tuple[Stage, int]]
"""Stages that were asked for, in the order in which they run, with their tickets; 0: it reads nothing."""


class Staged(Protocol):
    """A function in stages."""

    @property
    def stages(self) -> Sequence[Stage]: ...


class Ahead:
    """The functions of one model. Belongs to the step thread."""

    def __init__(self, pager: Pager) -> None:
        self._pager = pager
        self._after: dict[Staged, Staged] = {}
        self._last: Staged | None = None
        self._asked: Asked = deque()

    def begin(self, function: Staged) -> Asked:
        """A function runs now: returns what was asked for before, as far as it is what runs, and nobody took it back."""
        if self._last is not None:
            self._after[self._last] = function
        self._last = function
        asked, self._asked = self._asked, deque()
        found: Asked = deque()
        broken = False
        for (stage, ticket), expected in zip(asked, _or_none(self.stages(function)), strict=False):
            firm = not ticket or self._pager.firm(ticket)
            broken = broken or not firm or stage is not expected
            if not broken:
                found.append((stage, ticket))
            elif firm and ticket:
                self._pager.release(ticket)
        return found

    def stages(self, function: Staged) -> Iterator[Stage]:
        """The stages of a function and of those that are taken to follow it, before it runs again."""
        current: Staged | None = function
        seen: set[int] = set()
        while current is not None and id(current) not in seen:
            seen.add(id(current))
            yield from current.stages
            current = self._after.get(current)

    def keep(self, asked: Asked) -> None:
        """What is left of `asked` belongs to whoever runs next. Empties it."""
        self._asked = deque(asked)
        asked.clear()
        for _, ticket in self._asked:
            if ticket:
                self._pager.soften(ticket, ())

    def close(self) -> None:
        """Gives all back."""
        for _, ticket in self._asked:
            if ticket and self._pager.firm(ticket):
                self._pager.release(ticket)
        self._asked.clear()
        self._after.clear()
        self._last = None


def _or_none(stages: Iterable[Stage]) -> Iterator[Stage | None]:
    yield from stages
    while True:
        yield None
