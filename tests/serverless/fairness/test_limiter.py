"""Requests and tokens a minute: what goes, what waits how long, and what a changed limit changes."""

from hypothesis import given
from hypothesis import strategies as st

from aweigh.serverless.fairness import limiter as module
from aweigh.serverless.fairness.limiter import REQUESTS, TOKENS, Left, Limiter
from aweigh.serverless.fairness.limits import Caller, Limits


def caller(requests: int = 0, tokens: int = 0, tenant: str = "a") -> Caller:
    return Caller(tenant, Limits(requests, tokens))


def test_a_minute_s_worth_at_once_then_as_it_comes() -> None:
    limiter, three = Limiter(), caller(requests=3)
    assert [limiter.ask(three, REQUESTS, 1, 100.0) for _ in range(4)] == [0, 0, 0, 20]
    assert limiter.ask(three, REQUESTS, 1, 119.0) == 1, "who was refused has taken nothing"
    assert limiter.ask(three, REQUESTS, 1, 120.0) == 0
    assert limiter.ask(caller(requests=3, tenant="b"), REQUESTS, 1, 120.0) == 0
    assert limiter.left(three, 120.0) == [Left(REQUESTS, 3, 0, 60.0)]
    assert limiter.left(three, 150.0) == [Left(REQUESTS, 3, 1, 30.0)]
    assert limiter.ask(caller(), REQUESTS, 1, 120.0) == 0 and limiter.left(caller(), 120.0) == []


def test_tokens_that_were_not_needed_are_given_back() -> None:
    limiter, who = Limiter(), caller(tokens=100)
    assert limiter.ask(who, TOKENS, 80, 0.0) == 0
    assert limiter.ask(who, TOKENS, 80, 0.0) == 36
    limiter.give_back(who, TOKENS, 70, 0.0)
    assert limiter.ask(who, TOKENS, 80, 0.0) == 0


def test_what_is_more_than_a_minute_s_worth_needs_all_of_it() -> None:
    limiter, who = Limiter(), caller(tokens=100)
    assert limiter.ask(who, TOKENS, 250, 0.0) == 0
    assert limiter.ask(who, TOKENS, 1, 0.0) == 0.6 * 151
    assert limiter.ask(who, TOKENS, 250, 90.0) == 60
    assert limiter.ask(who, TOKENS, 250, 150.0) == 0


def test_a_limit_that_is_raised_leaves_room_at_once() -> None:
    limiter = Limiter()
    assert limiter.ask(caller(requests=1), REQUESTS, 1, 0.0) == 0
    assert limiter.ask(caller(requests=1), REQUESTS, 1, 0.0) == 60
    assert limiter.ask(caller(requests=2), REQUESTS, 1, 0.0) == 0
    assert limiter.ask(caller(requests=1), REQUESTS, 1, 0.0) == 120, "and one that is lowered remembers"


def test_tenants_that_have_taken_nothing_lately_are_forgotten() -> None:
    limiter = Limiter()
    for number in range(module.MOST_TENANTS):
        limiter.ask(caller(requests=1, tenant=str(number)), REQUESTS, 1, 0.0 if number else 50.0)
    assert limiter.ask(caller(requests=1, tenant="new"), REQUESTS, 1, 70.0) == 0
    assert set(limiter._tenants) == {"0", "new"}


@given(
    st.integers(1, 1000),
    st.lists(st.tuples(st.floats(0, 30), st.integers(1, 1000), st.floats(0, 1)), min_size=1, max_size=50),
)
def test_over_any_time_no_more_goes_than_a_minute_s_worth_and_what_came(
    size: int, asked: list[tuple[float, int, float]]
) -> None:
    limiter, who, now, had = Limiter(), caller(tokens=size), 0.0, 0.0
    for pause, amount, used in asked:
        now += pause
        amount = min(amount, size)
        wait = limiter.ask(who, TOKENS, amount, now)
        if wait:
            now += wait + 1e-6
            assert limiter.ask(who, TOKENS, amount, now) == 0, "after the time that it said it goes"
        limiter.give_back(who, TOKENS, amount - int(used * amount), now)
        had += int(used * amount)
        assert had <= size + now * size / 60 + 1e-3
