"""Addresses find their extents."""

from hypothesis import given
from hypothesis import strategies as st

from aweigh.memory.core import Extent
from aweigh.memory.statistics.extent_map import ExtentMap, Place


def place(address: int, length: int, model: str = "m", name: str = "file") -> Place:
    return Place(address, Extent(name, address, length), model)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20), st.integers(0, 2100))
def test_an_address_is_in_its_extent_or_in_none(gaps: list[tuple[int, int]], address: int) -> None:
    places, at = [], 0
    for gap, length in gaps:
        places.append(place(at + gap, length))
        at += gap + length
    expected = [one for one in places if one.address <= address < one.end]
    assert ExtentMap(reversed(places)).find(address) == (expected[0] if expected else None)


def test_an_extent_of_several_models_is_of_none_in_particular() -> None:
    alone, shared, other = place(0, 10, "a"), place(20, 10, "a"), place(20, 10, "b")
    found = ExtentMap([alone, shared, other, place(20, 10, "c")])
    assert len(found) == 2
    assert found.find(5) == alone
    assert found.find(25) == Place(20, shared.extent, "")


def test_the_same_tensor_twice_in_one_model_is_one_place() -> None:
    assert list(ExtentMap([place(0, 10), place(0, 10)])) == [place(0, 10)]
