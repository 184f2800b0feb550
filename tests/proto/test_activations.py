"""The plan of activations: properties over drawn functions, and one written by hand."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aweigh.proto.activations import Activations, Placement, Unit, Work, described, plan, size_of, total
from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Expression, Operation, Operator, Symbol
from aweigh.proto.program import TensorType

T, S = Symbol(0), Symbol(1)
DIMS: tuple[tuple[Expression, ...], ...] = (
    (1, T, 8),
    (1, T, 3),
    (T, T),
    (5, 7),
    (Operation(Operator.MULTIPLY, T, 4), 2),
    (S, 6),
    (0, T),
)


def floats(*dims: Expression) -> TensorType:
    return TensorType(DType.FLOAT32, dims)


@st.composite
def functions(draw: st.DrawFn) -> tuple[list[Work], dict[int, TensorType], set[int], set[int]]:
    """Works in an order in which everything is made before it is read; some are views, some values leave."""
    given_count = draw(st.integers(1, 3))
    count, works = given_count, []
    types: dict[int, TensorType] = {}
    for _ in range(draw(st.integers(1, 25))):
        reads = tuple(draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3)))
        makes = tuple(range(count, count + draw(st.integers(1, 2))))
        view = draw(st.booleans()) and draw(st.booleans())
        for value in makes:
            types[value] = floats(*draw(st.sampled_from(DIMS)))
        scratch = floats(*draw(st.sampled_from(DIMS))) if draw(st.integers(0, 5)) == 0 else None
        works.append(Work(reads[: 1 if view else 3], makes, view, scratch))
        count += len(makes)
    kept = draw(st.sets(st.integers(0, count - 1), max_size=3))
    return works, types, set(range(given_count)), kept


def lives(works: Sequence[Work], given_: set[int], kept: set[int]) -> dict[int, tuple[int, int]]:
    """By another way than the planner's: from the end to the beginning, the ops at which each value's bytes are needed."""
    shows: dict[int, set[int]] = {}
    made: dict[int, int] = {}
    for at, work in enumerate(works):
        for value in work.makes:
            made[value] = at
            shows[value] = set().union(*(shows.get(read, set()) for read in work.reads)) if work.view else {value}
    ends: dict[int, int] = {}
    for value in kept:
        for root in shows.get(value, set()):
            ends.setdefault(root, len(works))
    for at in reversed(range(len(works))):
        for value in (*works[at].reads, *works[at].makes):
            for root in shows.get(value, set()):
                ends.setdefault(root, at)
    return {root: (made[root], end) for root, end in ends.items()}


def pairs_that_meet(placements: Sequence[Placement]) -> list[tuple[Placement, Placement]]:
    return [
        (one, other)
        for at, one in enumerate(placements)
        for other in placements[at + 1 :]
        if one.unit == other.unit and one.first <= other.last and other.first <= one.last
    ]


@given(functions())
def test_no_two_that_are_alive_at_once_share_a_byte(
    drawn: tuple[list[Work], dict[int, TensorType], set[int], set[int]],
) -> None:
    works, types, given_, kept = drawn
    made = plan(works, types, given_, kept)
    for one, other in pairs_that_meet(made.placements):
        assert one.offset + one.bytes <= other.offset or other.offset + other.bytes <= one.offset
    expected = lives(works, given_, kept)
    found = {one.value: (one.first, one.last) for one in made.placements if one.value >= 0}
    fresh = {value for work in works if not work.view for value in work.makes if size_of(types[value])[1]}
    assert found == {value: expected[value] for value in fresh}


@given(functions(), st.integers(1, 50), st.integers(1, 50))
def test_a_plan_is_between_what_is_alive_and_all_of_it_and_always_the_same(
    drawn: tuple[list[Work], dict[int, TensorType], set[int], set[int]], tokens: int, rows: int
) -> None:
    made = plan(*drawn)
    sizes = (tokens, rows)
    assert total(made.at_once, sizes) <= made.bytes(sizes) <= made.bytes_apart(sizes)
    for unit, end in made.shared:
        assert end == max(one.offset + one.bytes for one in made.placements if one.unit == unit)
    assert _alive(made) == dict(made.at_once)
    assert made == plan(*drawn)


def _alive(made: Activations) -> dict[Unit, int]:
    steps = range(1 + max((one.last for one in made.placements), default=0))
    units = {one.unit for one in made.placements}
    return {
        unit: max(
            sum(one.bytes for one in made.placements if one.unit == unit and one.first <= at <= one.last)
            for at in steps
        )
        for unit in units
    }


def test_a_chain_of_equal_layers_takes_two_buffers_however_long_it_is() -> None:
    works = [Work((at,), (at + 1,)) for at in range(40)]
    made = plan(works, dict.fromkeys(range(41), floats(1, T, 8)), {0}, {40})
    assert made.shared == (((T,), 64),) and made.apart == (((T,), 40 * 32),)
    assert {one.offset for one in made.placements} == {0, 32}
    assert all(one.offset != other.offset for one, other in pairwise(made.placements))


def test_a_view_keeps_what_it_shows() -> None:
    works = [Work((0,), (1,)), Work((1,), (2,), view=True), Work((0,), (3,)), Work((2, 3), (4,))]
    made = plan(works, dict.fromkeys(range(5), floats(T, 2)), {0}, {4})
    assert {one.value: (one.first, one.last) for one in made.placements} == {1: (0, 3), 3: (2, 3), 4: (3, 4)}
    assert made.bytes((10,)) == 3 * 80


def test_units_are_products_and_read_well() -> None:
    assert size_of(floats(2, Operation(Operator.MULTIPLY, T, 4), S)) == ((T, S), 32)
    pools = ((((), 12), ((S, T), 4)), ("batch", "length"))
    assert described(*pools) == "12 + 4 * length * batch"
    assert described([((Operation(Operator.ADD, T, 1),), 8)], ("T",)) == "8 * (T + 1)"
