"""How neighbouring extents are told apart in the list of a process's mappings: which ranges get a mark, and which do not.

Two adjacent ranges of one file are one mapping unless something about them differs. Ranges of whole pages that touch form a run; marks
alternate in it, and its first and last range are marked, so that what lies before and behind (which is not ours) differs too. A run of
an even number is made odd: by leaving out a page that is shared at one of its ends, else by cutting one of its ranges in two, which then
are two mappings of one extent.

Extents need not begin on a page. A page that two of them share is a range of nobody: it tells neither from the other. An extent is
watched by the pages that are its alone, and one that has none is not watched.
"""

import mmap
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from aweigh.memory.statistics.extent_map import Place

_PAGE = mmap.PAGESIZE


class Segment(NamedTuple):
    """Addresses of whole pages, from `begin` to `end`; of `place` alone, or shared."""

    begin: int
    end: int
    place: Place | None


def segments(places: Iterable[Place]) -> Iterator[Segment]:
    """Ranges in the order of addresses, without overlap. `places` come in that order."""
    shared: Segment | None = None
    last = 0
    for segment in _cut(places):
        begin = max(segment.begin, last)
        if begin >= segment.end:
            continue
        last = segment.end
        if segment.place is not None:
            if shared is not None:
                yield shared
            shared = None
            yield Segment(begin, segment.end, segment.place)
        elif shared is not None and shared.end == begin:
            shared = Segment(shared.begin, segment.end, None)
        else:
            if shared is not None:
                yield shared
            shared = Segment(begin, segment.end, None)
    if shared is not None:
        yield shared


def alone(places: Iterable[Place]) -> Iterator[Segment]:
    """The pages of each extent, those at its ends too where they hold nothing of its neighbours; `places` come in order."""
    ordered = list(places)
    for before, place, after in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        first, last = place.address // _PAGE * _PAGE, -(-place.end // _PAGE) * _PAGE
        begin = first if before is None or before.end <= first else -(-place.address // _PAGE) * _PAGE
        end = last if after is None or after.address >= last else place.end // _PAGE * _PAGE
        if begin < end:
            yield Segment(begin, end, place)


def marked(ranges: Iterable[Segment]) -> Iterator[tuple[int, int]]:
    """Which addresses are marked, so that each range is a mapping, or two, of its own."""
    for run in _runs(ranges):
        if len(run) % 2 == 0 and run[0].place is None:
            run = run[1:]
        elif len(run) % 2 == 0 and run[-1].place is None:
            run = run[:-1]
        cuts = [run[0].begin, *(segment.end for segment in run)]
        if len(run) % 2 == 0:
            widest = max(run, key=lambda segment: segment.end - segment.begin)
            middle = (widest.begin + widest.end) // 2 // _PAGE * _PAGE
            if widest.begin < middle:
                cuts = sorted([*cuts, middle])
        yield from list(pairwise(cuts))[::2]


def _cut(places: Iterable[Place]) -> Iterator[Segment]:
    for place in places:
        first, last = place.address // _PAGE * _PAGE, -(-place.end // _PAGE) * _PAGE
        begin, end = -(-place.address // _PAGE) * _PAGE, place.end // _PAGE * _PAGE
        if begin >= end:
            yield Segment(first, last, None)
            continue
        yield Segment(first, begin, None)
        yield Segment(begin, end, place)
        yield Segment(end, last, None)


def _runs(ranges: Iterable[Segment]) -> Iterator[list[Segment]]:
    run: list[Segment] = []
    for segment in ranges:
        if run and run[-1].end != segment.begin:
            yield run
            run = []
        run.append(segment)
    if run:
        yield run
