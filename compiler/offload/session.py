"""What a cache's rows are on the worker: a log of tokens here, and a session there that holds the keys and values of a part of it.

A row is forked, cropped and dropped without a call: each is remembered and travels with the next step. Sessions are reference counted
by Python itself: when the last row that needs one is gone its id lands in `garbage`, and the next step closes it.

Rows are values: a step makes new ones, and a cache takes them all in one assignment. So an interrupt leaves a cache as it was before the
step or as it is after it.
"""

import itertools
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Log = array[int]  # typecode "q"
else:
    Log = array  # it cannot be subscripted before Python 3.12

_ids = itertools.count(1)


def log_of(values: Iterable[int] = ()) -> Log:
    """A new log."""
    return array("q", values)


class Session:
    """One session of `lease`. `crops` counts how often it lost tokens: a fork that was planned before is then made from the log.

    `unsure`: a step was sent to it whose end nobody waited for. What it holds is not known then, nor when that is over: the step may
    even arrive after later ones. So it is not used any more."""

    __slots__ = ("crops", "garbage", "lease", "number", "unsure")

    def __init__(self, garbage: list[int], lease: str) -> None:
        self.number = next(_ids)
        self.lease = lease
        self.crops = 0
        self.unsure = False
        self.garbage = garbage

    def __del__(self) -> None:
        self.garbage.append(self.number)


@dataclass(frozen=True, slots=True)
class Row:
    """`tokens` and `positions` are its log. `held`: tokens of `session` on the worker.

    `parent` with `parent_crops`: the session to fork from before the next step, and what its `crops` was when that was planned."""

    tokens: Log = field(default_factory=log_of)
    positions: Log = field(default_factory=log_of)
    session: Session | None = None
    held: int = 0
    parent: Session | None = None
    parent_crops: int = 0

    @property
    def length(self) -> int:
        return len(self.tokens)

    def cropped(self, count: int) -> "Row":
        """Without the last `count` tokens; their keys and values go with the next step."""
        end = self.length - count
        return replace(self, tokens=self.tokens[:end], positions=self.positions[:end]) if count else self

    def fork(self) -> "Row":
        """A row with the same log, which shares this one's keys and values from its next step on."""
        if self.session is not None and self.held >= self.length > 0:
            return Row(self.tokens, self.positions, parent=self.session, parent_crops=self.session.crops)
        return Row(self.tokens, self.positions, parent=self.parent, parent_crops=self.parent_crops)

    def known(self, lease: str, garbage: list[int]) -> "Row":
        """Without a session of another lease (this process was forked) or of another model (the cache was handed on), or one in
        doubt; without a parent that can be forked no more."""
        parent = self.parent
        if parent is not None and (parent.crops != self.parent_crops or not _fits(parent, lease, garbage)):
            return self.forgotten()
        if self.session is not None and not _fits(self.session, lease, garbage):
            return self.forgotten()
        return self

    def forgotten(self) -> "Row":
        """The worker's side is lost: the next step sends the whole log."""
        return Row(self.tokens, self.positions)

    def after(self, tokens: Log, positions: Log, session: Session) -> "Row":
        """The row after a step that appended to it."""
        return Row(self.tokens + tokens, self.positions + positions, session, self.length + len(tokens))


def _fits(session: Session, lease: str, garbage: list[int]) -> bool:
    return session.lease == lease and session.garbage is garbage and not session.unsure


def reorder(rows: list[Row], order: list[int]) -> list[Row]:
    """The rows `order` points at; the first that points at one takes it over, further ones fork it."""
    taken: set[int] = set()
    made = []
    for source in order:
        made.append(rows[source].fork() if source in taken else rows[source])
        taken.add(source)
    return made
