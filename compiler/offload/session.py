"""What a cache's rows are on the worker: a log of tokens here, and a session there that holds the keys and values of a part of it.

A row is forked, cropped and dropped without a call: each is remembered and travels with the next step. Sessions are reference counted
by Python itself: when the last row that needs one is gone its id lands in `garbage`, and the next step closes it.
"""

import itertools
from dataclasses import dataclass, field

_ids = itertools.count(1)


class Session:
    """One session of `lease`. `crops` counts how often it lost tokens: a fork that was planned before is then made from the log."""

    __slots__ = ("crops", "garbage", "lease", "number")

    def __init__(self, garbage: list[int], lease: str) -> None:
        self.number = next(_ids)
        self.lease = lease
        self.crops = 0
        self.garbage = garbage

    def __del__(self) -> None:
        self.garbage.append(self.number)


@dataclass(slots=True)
class Row:
    """`tokens` and `positions` are its log. `held`: tokens of `session` on the worker; -1 where that is not known.

    `parent` with `parent_crops`: the session to fork from before the next step, and what its `crops` was when that was planned."""

    tokens: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    session: Session | None = None
    held: int = 0
    parent: Session | None = None
    parent_crops: int = 0

    @property
    def length(self) -> int:
        return len(self.tokens)

    def crop(self, count: int) -> None:
        """Forgets the last `count` tokens; their keys and values go with the next step."""
        if count:
            del self.tokens[-count:], self.positions[-count:]

    def fork(self) -> "Row":
        """A row with the same log, which shares this one's keys and values from its next step on."""
        made = Row(list(self.tokens), list(self.positions))
        if self.session is not None and self.held >= self.length > 0:
            made.parent, made.parent_crops = self.session, self.session.crops
        elif self.parent is not None:
            made.parent, made.parent_crops = self.parent, self.parent_crops
        return made

    def keep_to(self, lease: str, garbage: list[int]) -> None:
        """Forgets sessions of another lease (this process was forked) or of another model (the cache was handed on)."""
        for session in (self.session, self.parent):
            if session is not None and (session.lease != lease or session.garbage is not garbage):
                self.forget()

    def forget(self) -> None:
        """The worker's side is lost: the next step sends the whole log."""
        self.session, self.parent, self.held = None, None, 0


def reorder(rows: list[Row], order: list[int]) -> list[Row]:
    """The rows `order` points at; the first that points at one takes it over, further ones fork it."""
    taken: set[int] = set()
    made = []
    for source in order:
        made.append(rows[source].fork() if source in taken else rows[source])
        taken.add(source)
    return made
