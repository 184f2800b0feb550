"""Where there is no performance counter: which extents were read at all, by the accessed bits of page tables.

Linux clears these bits for the whole process (/proc/self/clear_refs) and tells per mapping whether any is set again (/proc/self/smaps,
"Referenced"). So that a mapping is an extent, neighbours are told apart by a mark while this source runs ("not in core dumps"): the bytes
stay where they are, and nothing else reads the mark. `segments.py` says which are marked, and what of an extent is watched. Only mappings
of files are cut so: anonymous memory may be about to be moved in one piece, or be a huge page. An extent there is watched if it happens
to have mappings of its own. What cannot be told from its neighbours is counted as `unwatched`, and never guessed.

It sees that an extent was used since the last look, not how often: `uses` is 1. A page that a processor still has in its translation
cache may be read without its bit being set; these caches are emptied after the bits are cleared. Both files cost time in proportion to
the memory that the process has touched (here 20 to 30 ms each per GiB of 4 KiB pages), while new mappings wait.

Rejected: `userfaultfd`. What answers a fault would be a thread of this process; the thread that faults may hold the interpreter's lock,
and then nobody can answer. `mincore` says what the page cache holds, not who read it. Unmapping what a file holds and looking who comes
back is exact to 64 KiB, and destroys what somebody put there in the meantime.
"""

import ctypes
import errno
import mmap
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

from aweigh.memory.statistics.extent_map import ExtentMap
from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.statistics.segments import Segment, alone, marked, segments

_CLEAR = Path("/proc/self/clear_refs")
_MAPPINGS = Path("/proc/self/smaps")
_MAPPINGS_ALONE = Path("/proc/self/maps")
_ALL = "1"
_APART, _TOGETHER = 16, 17  # MADV_DONTDUMP, MADV_DODUMP
_MOST_MAPPINGS = 32_768  # a process has 65 530 mappings
_FLUSH_PAGES = 64  # unmapping more than 33 pages empties the whole translation cache
_OF_FILE = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ (?!0 )[0-9]+ ", re.MULTILINE)
_MAPPING = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) [^\n]*\n(?:[A-Z][^\n]*\n)*?Referenced: +([0-9]+) kB", re.MULTILINE)


class ReferencedSource:
    """`aweigh.memory.statistics.source.AccessSource` over accessed bits."""

    name = "referenced"

    def __init__(self, places: Callable[[], ExtentMap]) -> None:
        self.lost = 0
        self.unwatched = 0
        self._places = places
        self._map: ExtentMap | None = None
        self._parts: list[Segment] = []
        self._marked: list[tuple[int, int]] = []
        self._scratch: mmap.mmap | None = None

    @staticmethod
    def why_not() -> str | None:
        """Why it does not work here, in one sentence; None where it does."""
        try:
            with _CLEAR.open("w"), _MAPPINGS.open("rb") as mappings:
                told = _MAPPING.search(mappings.read(1 << 16)) is not None
        except OSError as error:
            return f"{error.filename} cannot be used ({errno.errorcode.get(error.errno or 0, error.errno)})"
        return (
            None
            if told
            else f"{_MAPPINGS} says nothing of references: the kernel was built without CONFIG_PROC_PAGE_MONITOR"
        )

    def start(self) -> None:
        """See `AccessSource.start`."""
        if reason := self.why_not():
            raise OSError(errno.ENOTSUP, reason)
        self._scratch = mmap.mmap(-1, _FLUSH_PAGES * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._watch()
        self._clear()

    def records(self, time: float) -> Iterator[AccessRecord]:
        """See `AccessSource.records`."""
        used = sorted(set(self._used()))
        places = [place for index in used if (place := self._parts[index].place) is not None]
        self._watch()
        self._clear()
        for place in places:
            extent = place.extent
            yield AccessRecord(time, self.name, extent.name, extent.first_page, extent.pages, 1, place.model)

    def close(self) -> None:
        """See `AccessSource.close`."""
        self._mark(_TOGETHER)
        self._parts, self._marked = [], []
        self._map = None
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None

    def _used(self) -> Iterator[int]:
        """The parts that lie in a mapping of their own, or hold some, of which one was referenced. Counts those that do not."""
        begins = [part.begin for part in self._parts]
        told = set()
        for found in _MAPPING.finditer(_MAPPINGS.read_bytes()):
            begin, end = int(found[1], 16), int(found[2], 16)
            index = bisect_right(begins, begin) - 1
            if index >= 0 and end <= self._parts[index].end:
                told.add(index)
                if int(found[3]):
                    yield index
        self.unwatched = (len(self._map) if self._map is not None else 0) - len(told)

    def _watch(self) -> None:
        """Takes up what was mapped since the last time. What was read until now is forgotten by whoever calls."""
        places = self._places()
        if places is self._map:
            return
        self._mark(_TOGETHER)
        files = [(int(found[1], 16), int(found[2], 16)) for found in _OF_FILE.finditer(_MAPPINGS_ALONE.read_bytes())]
        of_files = [segment for segment in segments(places) if _inside(segment, files)][:_MOST_MAPPINGS]
        others = [segment for segment in alone(places) if not _inside(segment, files)]
        self._map = places
        self._parts = sorted((one for one in (*of_files, *others) if one.place), key=lambda part: part.begin)
        self._marked = list(marked(of_files))
        self._mark(_APART)

    def _mark(self, advice: int) -> None:
        for begin, end in self._marked:
            _madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), advice)

    def _clear(self) -> None:
        assert self._scratch is not None, "the source was started"
        _CLEAR.write_text(_ALL)
        for page in range(_FLUSH_PAGES):
            self._scratch[page * mmap.PAGESIZE] = 1
        self._scratch.madvise(mmap.MADV_DONTNEED)


def _inside(segment: Segment, ranges: list[tuple[int, int]]) -> bool:
    """Whether one of some ranges, in the order of addresses, holds it."""
    index = bisect_right(ranges, segment.begin, key=lambda one: one[0]) - 1
    return index >= 0 and segment.end <= ranges[index][1]


def _madvise(address: ctypes.c_void_p, length: ctypes.c_size_t, advice: int) -> None:
    """A range that is gone by now is no mistake."""
    ctypes.CDLL(None).madvise(address, length, ctypes.c_int(advice))
