"""What is asked for across functions: it follows what followed, is handed on, and is given up where the guess was wrong."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast

from aweigh.engine.run.ahead import Ahead, Stage


@dataclass
class Desk:
    """Stands for a pager: which tickets are soft, and which were given back."""

    soft: set[int] = field(default_factory=set)
    released: list[int] = field(default_factory=list)

    def soften(self, ticket: int, numbers: tuple[int, ...]) -> None:
        self.soft.add(ticket)

    def firm(self, ticket: int) -> bool:
        there = ticket in self.soft
        self.soft.discard(ticket)
        return there

    def release(self, ticket: int) -> None:
        self.released.append(ticket)


@dataclass(eq=False)
class Function:
    stages: list[Stage]


def function(count: int) -> Function:
    return Function([Stage(range(at, at + 1), (at,), 1) for at in range(count)])


def ahead(desk: Desk) -> Ahead:
    return Ahead(cast("Any", desk))


EMBED, BODY, HEAD = function(1), function(3), function(1)


def test_a_round_is_known_when_it_was_seen() -> None:
    one = ahead(Desk())
    one.begin(EMBED)
    assert list(one.stages(EMBED)) == EMBED.stages
    one.begin(BODY)
    one.begin(HEAD)
    one.begin(EMBED)
    assert list(one.stages(BODY)) == [*BODY.stages, *HEAD.stages, *EMBED.stages]
    one.begin(HEAD)
    assert list(one.stages(EMBED)) == [*EMBED.stages, *HEAD.stages], "what follows is what followed last"


def test_what_was_asked_for_is_handed_on() -> None:
    desk = Desk()
    one = ahead(desk)
    one.begin(EMBED)
    one.begin(BODY)
    one.begin(EMBED)
    one.keep(deque([(BODY.stages[0], 7), (BODY.stages[1], 0), (BODY.stages[2], 9)]))
    assert desk.soft == {7, 9}
    assert list(one.begin(BODY)) == [(BODY.stages[0], 7), (BODY.stages[1], 0), (BODY.stages[2], 9)]
    assert not desk.soft and not desk.released


def test_what_somebody_took_back_ends_what_is_handed_on() -> None:
    desk = Desk()
    one = ahead(desk)
    one.keep(deque([(BODY.stages[0], 7), (BODY.stages[1], 8), (BODY.stages[2], 9)]))
    desk.soft.discard(8)
    assert list(one.begin(BODY)) == [(BODY.stages[0], 7)]
    assert desk.released == [9] and not desk.soft


def test_a_wrong_guess_is_given_back() -> None:
    desk = Desk()
    one = ahead(desk)
    one.keep(deque([(BODY.stages[0], 7), (BODY.stages[1], 8)]))
    assert not one.begin(HEAD)
    assert desk.released == [7, 8]


def test_the_end_gives_all_back() -> None:
    desk = Desk()
    one = ahead(desk)
    one.keep(deque([(BODY.stages[0], 7), (BODY.stages[1], 0)]))
    one.close()
    assert desk.released == [7] and not one.begin(BODY)
