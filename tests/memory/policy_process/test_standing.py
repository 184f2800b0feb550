"""When a policy is asked, believed, switched off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aweigh.memory.policy.process.standing import (
    BUDGET,
    IN_A_ROW,
    START,
    STUCK,
    TOO_MANY,
    UNREAD,
    Answered,
    Ask,
    Behind,
    Broke,
    Event,
    Greeted,
    Late,
    Standing,
    Started,
    SwitchOff,
    Take,
    Wanted,
)


class Life:
    """A policy that was started and greeted at 0, and what becomes of it."""

    def __init__(self) -> None:
        self.standing = Standing()
        self.time = 0.0
        self.number = 0
        self.does(Started(0.0), Greeted(0.0))

    def does(self, *events: Event) -> list[object]:
        return [instruction for event in events for instruction in self.standing.handle(event)]

    def asked(self) -> None:
        self.number += 1
        self.time += 1.0
        assert self.does(Wanted(self.time)) == [Ask(self.number, self.time + BUDGET)]

    def answers(self, after: float = 0.001, suggestions: int = 4, impossible: int = 0) -> list[object]:
        self.time += after
        return self.does(Answered(self.time, self.number, suggestions, impossible))

    def is_late(self) -> list[object]:
        self.time += BUDGET
        late = self.does(Late(self.time))
        return late + self.answers(after=0.05)


def test_it_is_asked_once_it_is_there() -> None:
    standing = Standing()
    assert standing.handle(Started(5.0)) == [] == standing.handle(Wanted(6.0))
    standing.handle(Greeted(7.0))
    assert standing.handle(Wanted(8.0)) == [Ask(1, 8.0 + BUDGET)]


def test_it_has_to_be_there_some_day() -> None:
    standing = Standing()
    standing.handle(Started(5.0))
    assert standing.handle(Wanted(5.0 + START)) == []
    assert isinstance(standing.handle(Wanted(5.1 + START))[0], SwitchOff)


def test_an_answer_in_time_is_taken() -> None:
    life = Life()
    for _ in range(300):
        life.asked()
        assert life.answers() == [Take()]


def test_a_late_answer_is_not() -> None:
    life = Life()
    life.asked()
    assert life.is_late() == []
    life.asked()
    assert life.answers() == [Take()]


def test_nothing_more_is_asked_until_the_answer_is_there() -> None:
    life = Life()
    life.asked()
    assert life.standing.waits
    assert life.does(Late(life.time + BUDGET)) == [] and not life.standing.waits
    assert life.does(Wanted(life.time + 0.1)) == []
    assert life.answers(after=0.2) == []
    life.asked()


def test_without_any_answer_it_is_over() -> None:
    life = Life()
    life.asked()
    life.does(Late(life.time + BUDGET))
    (off,) = life.does(Wanted(life.time + STUCK + 0.001))
    assert isinstance(off, SwitchOff)
    assert life.standing.off and life.does(Wanted(life.time + 9), Greeted(life.time + 9), Broke(9.0, "again")) == []


def test_one_that_does_not_read_is_not_waited_for() -> None:
    life = Life()
    assert life.does(Behind(1.0), Behind(1.0 + UNREAD)) == []
    life.asked()
    life.answers()
    assert life.does(Behind(9.0), Behind(9.0 + UNREAD)) == [], "it had caught up"
    assert [type(one) for one in life.does(Behind(9.1 + UNREAD))] == [SwitchOff]
    started = Standing()
    assert [started.handle(event) for event in (Started(0.0), Behind(1.0), Behind(START))] == [[], [], []]
    assert started.handle(Behind(1.1 + START)), "it starts slowly, and has to be there some day"


@pytest.mark.parametrize("bad", ["late", "impossible"])
def test_strikes_in_a_row_end_it(bad: str) -> None:
    life = Life()
    for strike in range(1, IN_A_ROW + 1):
        life.asked()
        found = life.is_late() if bad == "late" else life.answers(impossible=2)
        assert [type(one) for one in found] == ([SwitchOff] if strike == IN_A_ROW else [])


def test_strikes_now_and_then_end_it_when_they_are_many() -> None:
    life = Life()
    for _ in range(TOO_MANY - 1):
        for _ in range(5):
            life.asked()
            life.answers()
        life.asked()
        assert life.is_late() == []
    for _ in range(100):
        life.asked()
        assert life.answers() == [Take()]
    for _ in range(TOO_MANY - 1):
        life.asked()
        assert life.is_late() == []
        life.asked()
        life.answers()
    life.asked()
    assert [type(one) for one in life.is_late()] == [SwitchOff]


def test_little_that_is_impossible_is_forgiven() -> None:
    life = Life()
    for _ in range(50):
        life.asked()
        assert life.answers(suggestions=5, impossible=2) == [Take()]
        life.asked()
        assert life.answers(suggestions=0) == [Take()]


def test_an_answer_that_nobody_asked_for_ends_it() -> None:
    life = Life()
    life.asked()
    life.answers()
    assert [type(one) for one in life.does(Answered(life.time, 1, 1, 0))] == [SwitchOff]


EVENTS = st.one_of(
    st.just(Greeted),
    st.just(Wanted),
    st.just(Behind),
    st.just(Late),
    st.builds(
        lambda n, s, i: lambda time: Answered(time, n, s, min(i, s)),
        st.integers(0, 3),
        st.integers(0, 4),
        st.integers(0, 4),
    ),
    st.just(lambda time: Broke(time, "x")),
)


@given(st.lists(st.tuples(st.floats(0, 1), EVENTS), max_size=60))
def test_it_is_switched_off_once_and_for_good(steps: list[tuple[float, type[Wanted]]]) -> None:
    standing, time, offs = Standing(), 0.0, 0
    standing.handle(Started(0.0))
    for after, make in steps:
        time += after
        instructions = standing.handle(make(time))
        offs += sum(isinstance(one, SwitchOff) for one in instructions)
        assert len(instructions) <= 1 and offs <= 1
        assert standing.off == bool(offs)
