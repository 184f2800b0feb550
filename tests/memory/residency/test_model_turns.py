"""Whose weights stay while others wait for theirs."""

from math import inf

from hypothesis import given
from hypothesis.strategies import floats, lists, sampled_from, tuples

from aweigh.memory.residency.turns import LEAST, Turns


def test_a_turn_lasts_as_long_as_its_bytes_are_worth() -> None:
    turns = Turns(4.0)
    turns.brings("a", {1: 0.1, 2: 0.1})
    turns.brings("a", {2: 0.1})  # asked for twice, brought once
    assert turns.stands("a") and not turns.stands("b")
    assert not turns.ran("a", 0.7, 0.0)
    assert turns.stands("a")
    assert turns.ran("a", 0.11, 0.0)
    assert not turns.stands("a") and not turns.ran("a", 9.0, 0.0)


def test_few_bytes_are_worth_a_moment() -> None:
    turns = Turns(4.0)
    turns.brings("a", {1: 1e-6})
    assert not turns.ran("a", LEAST / 2, 0.0)
    assert turns.ran("a", LEAST / 2, 0.0)


def test_what_is_here_makes_no_turn() -> None:
    turns = Turns(4.0)
    turns.brings("a", {})
    assert not turns.stands("a")


def test_nobody_has_turns_where_the_factor_is_zero() -> None:
    turns = Turns(0.0)
    turns.brings("a", {1: 1.0})
    assert not turns.stands("a")


def test_who_waits_keeps_nothing_and_begins_when_his_weights_came() -> None:
    turns = Turns(4.0)
    turns.brings("a", {1: 0.1})
    turns.ran("a", 0.3, 0.0)
    turns.waits("a")
    assert not turns.stands("a") and turns.rest(1.0) == inf and not turns.expire(2.0)
    turns.came("a")
    assert turns.stands("a") and not turns.ran("a", 0.3, 0.0)  # the turn is a new one


def test_a_script_that_may_ask_again_has_a_moment() -> None:
    turns = Turns(4.0)
    turns.brings("a", {1: 1.0})
    turns.ran("a", 0.1, 4.0, 0.5)
    assert turns.rests_until() == 4.5 and not turns.expire(4.4) and turns.stands("a")
    turns.ran("a", 0.1, 4.5)  # it asked again
    assert turns.rests_until() == -inf and not turns.expire(5.1) and turns.stands("a")
    turns.ran("a", 0.1, 5.0, 9.0)  # for no longer than bringing would take
    assert not turns.expire(5.9) and turns.expire(6.0) and not turns.stands("a")


def test_where_nobody_computes_no_turn_lasts() -> None:
    turns = Turns(4.0)
    turns.brings("a", {1: 1.0})
    turns.brings("b", {2: 1.0})
    turns.waits("b")
    assert turns.rest(3.0) == 3.0 == turns.rest(7.0)  # later is not better
    assert turns.expire(3.0) and not turns.stands("a")
    assert turns.rest(9.0) == inf
    turns.came("b")
    assert turns.stands("b")


@given(lists(tuples(sampled_from("abc"), floats(0.0, 1.0), floats(0.0, 1.0)), max_size=60))
def test_bringing_costs_a_bounded_share(steps: list[tuple[str, float, float]]) -> None:
    """Whoever takes a turn from start to end has computed `factor` times as long as his bytes took."""
    turns, brought, spent = Turns(4.0), dict.fromkeys("abc", 0.0), dict.fromkeys("abc", 0.0)
    for number, (model, seconds, computing) in enumerate(steps):
        if seconds:
            turns.brings(model, {number: seconds})
            brought[model] += seconds
        had = turns.stands(model)
        spent[model] += computing
        if turns.ran(model, computing, 0.0):
            assert had and spent[model] >= 4.0 * brought[model] * (1 - 1e-9)
        if not turns.stands(model):
            brought[model] = spent[model] = 0.0
