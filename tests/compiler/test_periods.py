"""Where a sequence repeats."""

from hypothesis import given
from hypothesis import strategies as st

from aweigh.compiler.passes.periods import Period, periods

ANCHOR = 0


def anchors_of(tokens: list[int]) -> list[int]:
    return [index for index, token in enumerate(tokens) if token == ANCHOR]


def test_equal_layers_between_a_beginning_and_an_end() -> None:
    tokens = [7, 8, *[1, ANCHOR, 2] * 4, 9]
    assert periods(tokens, anchors_of(tokens))[0] == Period(first=2, length=3, count=4, slack=0)


def test_five_local_layers_and_a_global_one() -> None:
    local, world = [1, ANCHOR, 2], [3, ANCHOR, 4]
    tokens = ([*local * 5, *world]) * 3
    best = periods(tokens, anchors_of(tokens))[0]
    assert (best.first, best.length, best.count) == (0, 18, 3)


def test_a_first_layer_that_lacks_its_beginning_moves_the_boundary() -> None:
    tokens = [5, ANCHOR, 2, *[1, ANCHOR, 2] * 3]
    best = periods(tokens, anchors_of(tokens))[0]
    assert best == Period(first=1, length=3, count=3, slack=2)


def test_nothing_repeats() -> None:
    assert periods([1, ANCHOR, 2, 3, ANCHOR + 9, 4], [1, 4]) == []
    assert periods([1, ANCHOR, 2], [1]) == []


@given(
    st.lists(st.integers(1, 3), max_size=4),
    st.lists(st.integers(1, 3), max_size=3),
    st.integers(2, 6),
    st.lists(st.integers(1, 3), max_size=4),
)
def test_what_is_found_does_repeat_and_nothing_longer_is_missed(
    head: list[int], layer: list[int], count: int, tail: list[int]
) -> None:
    tokens = [*head, *[ANCHOR, *layer] * count, *tail]
    found = periods(tokens, anchors_of(tokens))
    for period in found:
        end = period.first + period.count * period.length + period.slack
        assert end <= len(tokens) and period.slack < period.length
        assert all(tokens[i] == tokens[i + period.length] for i in range(period.first, end - period.length))
    assert found and found[0].saved >= (count - 1) * (len(layer) + 1)
