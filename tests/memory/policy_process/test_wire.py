"""What goes over the pipe comes out the same, and no bytes can harm the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aweigh.memory.policy.base import Drop, Fetch, Item, Pin, Prefer, Record, Suggestion, Unpin, View
from aweigh.memory.policy.process import wire

IDS = st.integers(0, (1 << 32) - 1)
NUMBERS = st.floats(allow_nan=False)
SUGGESTIONS = st.one_of(
    st.builds(Fetch, IDS, NUMBERS),
    st.builds(Drop, IDS, NUMBERS),
    st.builds(Pin, IDS, NUMBERS),
    st.builds(Unpin, IDS),
    st.builds(Prefer, IDS, st.text(max_size=50)),
)
ITEMS = st.builds(
    Item,
    id=IDS,
    frames=st.integers(1, 1000),
    bytes=st.integers(1, 1 << 40),
    models=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    order=st.integers(0, 1000),
    fetch_seconds=st.floats(0, 1e6),
)


@given(st.lists(st.builds(Record, NUMBERS, IDS, st.integers(0, 1 << 60))))
def test_records(records: list[Record]) -> None:
    assert wire.unpack_records(wire.pack_records(records)) == records


@given(st.lists(ITEMS))
def test_items(items: list[Item]) -> None:
    assert list(wire.unpack_items(wire.pack_items(items))) == items


@given(
    st.lists(st.lists(IDS, unique=True, max_size=20), min_size=4, max_size=4),
    st.dictionaries(st.text(max_size=20), IDS, max_size=4),
)
def test_questions(ids: list[list[int]], running: dict[str, int]) -> None:
    resident, held, moving, wanted = ids
    view = View(1.5, 100, 3, 2, dict.fromkeys(resident), set(held), moving, {}, running, tuple(wanted))
    number, found = wire.unpack_question(wire.pack_question(7, view), {})
    assert number == 7 and (found.time, found.budget_frames, found.free_frames, found.need_frames) == (1.5, 100, 3, 2)
    assert list(found.resident) == resident and set(found.held) == set(held) and list(found.moving) == moving
    assert found.running == running and list(found.wanted) == wanted


@given(st.lists(SUGGESTIONS, max_size=50), st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)))
def test_answers(suggestions: list[Suggestion], wakes: float | None) -> None:
    assert wire.unpack_answer(wire.pack_answer(3, wakes, suggestions)) == (3, wakes, suggestions)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_none(data: bytes) -> None:
    try:
        _, _, suggestions = wire.unpack_answer(data)
    except wire.NoAnswer:
        return
    assert len(suggestions) <= len(data) // 14


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=50)), max_size=10), st.integers(1, 30))
def test_frames_come_in_any_pieces(sent: list[tuple[int, bytes]], size: int) -> None:
    data = b"".join(wire.frame(kind, content) for kind, content in sent)
    frames = wire.Frames(50)
    assert [one for at in range(0, len(data), size) for one in frames.add(data[at : at + size])] == sent


def test_a_frame_that_is_too_long_is_refused_at_its_head() -> None:
    with pytest.raises(wire.NoAnswer, match="104857600 bytes, where 100"):
        list(wire.Frames(100).add(wire.frame(wire.ANSWER)[:1] + (100 << 20).to_bytes(4, "little")))


def test_an_answer_may_not_say_more_than_a_manager_takes() -> None:
    too_many: list[Suggestion] = [Unpin(1)] * (wire.MOST_SUGGESTIONS + 1)
    with pytest.raises(wire.NoAnswer):
        wire.unpack_answer(wire.pack_answer(1, None, too_many))
    with pytest.raises(TypeError, match="str is no suggestion"):
        wire.pack_answer(1, None, ["drop"])
