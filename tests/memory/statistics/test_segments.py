"""Marks that make a mapping of each extent: neighbours differ, and so do the ends of a run from what is not ours."""

import mmap
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aweigh.memory.core import Extent
from aweigh.memory.statistics.extent_map import ExtentMap, Place
from aweigh.memory.statistics.segments import Segment, alone, marked, segments

PAGE = mmap.PAGESIZE


def placed(sizes: list[tuple[int, int]]) -> list[Place]:
    """Extents of (gap, length) in units of a quarter of a page."""
    places, at = [], 16 * PAGE
    for gap, length in sizes:
        at += gap * PAGE // 4
        places.append(Place(at, Extent("f", at, length * PAGE // 4), ""))
        at += length * PAGE // 4
    return list(ExtentMap(places))


def mappings(ranges: list[Segment]) -> list[tuple[int, int]]:
    """What the kernel would list: pages of our runs and one before and behind, joined where marks are equal."""
    marks = dict.fromkeys((page for begin, end in marked(ranges) for page in range(begin, end, PAGE)), True)
    pages = sorted({at for one in ranges for at in range(one.begin - PAGE, one.end + PAGE, PAGE)})
    found: list[list[int]] = []
    for page in pages:
        mark = marks.get(page, False)
        if found and found[-1][1] == page and found[-1][2] == mark:
            found[-1][1] = page + PAGE
        else:
            found.append([page, page + PAGE, mark])
    return [(begin, end) for begin, end, _ in found]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(8, 30)), min_size=1, max_size=12))
def test_every_watched_extent_is_a_mapping(sizes: list[tuple[int, int]]) -> None:
    places = placed(sizes)
    ranges = list(segments(places))
    assert all(one.end <= other.begin for one, other in pairwise(ranges))
    found = mappings(ranges)
    apart = [one for one in ranges if one.place is not None]
    foreign = [one for one in found if all(one[1] <= part.begin or part.end <= one[0] for part in apart)]
    inside = [one for one in found if any(part.begin <= one[0] and one[1] <= part.end for part in apart)]
    assert len(foreign) + len(inside) == len(found), "no mapping holds bytes of an extent and of another"
    assert {part.place for part in apart} == {
        part.place for part in apart for one in inside if part.begin <= one[0] and one[1] <= part.end
    }, "every watched extent is one"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 30)), min_size=1, max_size=12))
def test_an_extent_is_watched_by_pages_that_are_its_alone(sizes: list[tuple[int, int]]) -> None:
    places = placed(sizes)
    watched = {one.place for one in segments(places)} - {None}
    for one in segments(places):
        if one.place is not None:
            assert one.place.address <= one.begin < one.end <= one.place.end
    assert watched == {one for one in places if -(-one.address // PAGE) < one.end // PAGE}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 30)), min_size=1, max_size=12))
def test_pages_of_an_extent_alone_hold_nothing_of_another(sizes: list[tuple[int, int]]) -> None:
    places = placed(sizes)
    for one in alone(places):
        assert one.place is not None and one.begin % PAGE == one.end % PAGE == 0
        assert all(other is one.place or other.end <= one.begin or one.end <= other.address for other in places)
    assert {one.place for one in alone(places)} >= {one.place for one in segments(places)} - {None}
