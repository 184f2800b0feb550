"""Sources, on this machine's kernel: what was touched is told, what was not is not, and what cannot be says why."""

import ctypes
import errno
import json
import mmap
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aweigh.memory.core import PAGE_BYTES, Extent
from aweigh.memory.statistics import counters, perf_event
from aweigh.memory.statistics.extent_map import ExtentMap, Place
from aweigh.memory.statistics.perf_event import HARDWARE, Event
from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.statistics.referenced import ReferencedSource
from aweigh.memory.statistics.runner import ExactSource
from aweigh.memory.statistics.sampled import SampledSource
from aweigh.memory.statistics.sources import KINDS, kind_named
from aweigh.proto.errors import InvalidRequest

SMALL = 4096
EXTENTS = 8
works = {name: kind.why_not() is None for name, kind in KINDS.items()}


class Memory:
    """`EXTENTS` extents side by side in one private mapping of a file; each begins `skew` bytes into a page."""

    def __init__(self, skew: int = 0) -> None:
        self.skew = skew
        self.extent_bytes = 64 * SMALL
        size = EXTENTS * self.extent_bytes + SMALL
        with tempfile.TemporaryFile() as file:
            file.truncate(size)
            self.mapped = mmap.mmap(file.fileno(), size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
        self.mapped.madvise(mmap.MADV_RANDOM)  # no neighbours are mapped along with a page that faults
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.mapped))
        self.extents = [Extent("file", skew + n * self.extent_bytes, self.extent_bytes) for n in range(EXTENTS)]
        self.map = ExtentMap(Place(self.address + extent.offset, extent, "model") for extent in self.extents)

    def touch(self, number: int, pages: int = 1) -> None:
        begin = self.skew + number * self.extent_bytes
        for page in range(pages):
            _ = self.mapped[begin + (page + 1) * SMALL]


@pytest.fixture(params=[0, 100])
def memory(request: pytest.FixtureRequest) -> Iterator[Memory]:
    yield Memory(request.param)


def uses(records: Iterator[AccessRecord]) -> dict[str, int]:
    found: dict[str, int] = {}
    for record in records:
        found[record.extent] = found.get(record.extent, 0) + record.uses
    return found


@pytest.mark.skipif(not works["page-faults"], reason="perf events are not allowed here")
def test_page_faults_name_extent_thread_and_address(memory: Memory) -> None:
    source = KINDS["page-faults"].make(lambda source: None, lambda: memory.map)
    source.start()
    memory.touch(2, pages=5)
    thread = threading.Thread(target=memory.touch, args=(5, 3))
    memory.touch(2, pages=5)  # there already: no fault
    (record,) = source.records(1.0)
    assert (record.extent, record.uses, record.source, record.model) == (
        memory.extents[2].name,
        5,
        "page-faults",
        "model",
    )
    assert record.thread == threading.get_native_id() and record.instruction
    assert record.address == memory.address + memory.skew + 2 * memory.extent_bytes + 5 * SMALL
    assert uses(source.records(2.0)) == {}
    thread.start()
    thread.join()
    source.close()
    source.close()


@pytest.mark.skipif(not works["page-faults"], reason="perf events are not allowed here")
def test_threads_that_came_later_are_followed() -> None:
    memory = Memory()
    source = KINDS["page-faults"].make(lambda source: None, lambda: memory.map)
    source.start()
    followed, touched = threading.Event(), threading.Event()

    def late() -> None:
        followed.wait()
        memory.touch(5, pages=3)
        touched.set()
        ended.wait()

    ended = threading.Event()
    thread = threading.Thread(target=late, daemon=True)
    thread.start()
    assert uses(source.records(1.0)) == {}
    followed.set()
    touched.wait()
    assert uses(source.records(2.0)) == {memory.extents[5].name: 3}
    ended.set()
    thread.join()
    assert uses(source.records(3.0)) == {} and isinstance(source, SampledSource)
    assert thread.native_id not in source._rings, "threads that are gone are not followed"
    source.close()


@pytest.mark.skipif(not works["page-faults"], reason="perf events are not allowed here")
def test_samples_that_find_no_room_are_counted() -> None:
    size = 7000 * SMALL
    mapped = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    mapped.madvise(mmap.MADV_NOHUGEPAGE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
    places = ExtentMap([Place(address, Extent("anonymous", 0, size), "")])
    source = KINDS["page-faults"].make(lambda source: None, lambda: places)
    source.start()
    for page in range(7000):
        mapped[page * SMALL] = 1
    found = uses(source.records(1.0))
    mapped.madvise(mmap.MADV_DONTNEED)
    mapped[0] = 1
    later = uses(source.records(2.0))  # the kernel says how many with the next sample that finds room
    assert found["anonymous@0+1b58000"] < 7000 and later["anonymous@0+1b58000"] == 1
    assert found["anonymous@0+1b58000"] + source.lost >= 7000, "those of other memory were lost, too"
    source.close()


@pytest.mark.skipif(not works["referenced"], reason="this kernel does not show references")
def test_referenced_names_what_was_read_and_nothing_else(memory: Memory) -> None:
    for number in range(EXTENTS):
        memory.touch(number, pages=60)
    before = Path("/proc/self/maps").read_text()
    source = ReferencedSource(lambda: memory.map)
    source.start()
    assert uses(source.records(1.0)) == {}
    for wanted in ({0}, {3, 4}, set(), {7}, {1, 6}):
        for number in wanted:
            memory.touch(number)
        assert uses(source.records(1.0)) == {memory.extents[number].name: 1 for number in wanted}
    source.close()
    assert Path("/proc/self/maps").read_text().count("\n") <= before.count("\n") + 2, "the marks are gone"
    source.close()


@pytest.mark.skipif(not works["referenced"], reason="this kernel does not show references")
def test_referenced_takes_up_what_is_mapped_later() -> None:
    first, second = Memory(), Memory(100)
    maps = [first.map]
    source = ReferencedSource(lambda: maps[-1])
    source.start()
    maps.append(ExtentMap([*first.map, *second.map]))
    second.touch(1)
    assert uses(source.records(1.0)) == {}
    second.touch(1)
    first.touch(0)
    assert uses(source.records(2.0)) == {first.extents[0].name: 1, second.extents[1].name: 1}
    source.close()


@pytest.mark.skipif(not works["referenced"], reason="this kernel does not show references")
def test_referenced_cuts_no_anonymous_memory_and_says_what_it_does_not_see() -> None:
    size = 64 * SMALL
    apart = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    two = mmap.mmap(-1, 2 * size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    apart.madvise(mmap.MADV_DONTFORK)  # so that this one is a mapping of its own, and the next two are not
    places = []
    for number, (memory, offset) in enumerate([(apart, 0), (two, 0), (two, size)]):
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory)) + offset
        places.append(Place(address, Extent("anonymous", number * size, size - 100), ""))
    found = ExtentMap(places)
    before = Path("/proc/self/maps").read_text().count("\n")
    source = ReferencedSource(lambda: found)
    source.start()
    assert Path("/proc/self/maps").read_text().count("\n") <= before + 1
    apart[5000] = two[5000] = two[size + 5000] = 1
    assert uses(source.records(1.0)) == {places[0].extent.name: 1}
    assert source.unwatched == 2
    source.close()


def test_the_runner_tells_what_came_on_top() -> None:
    totals = {Extent("f", 0, PAGE_BYTES + 1): 5, Extent("f", 3 * PAGE_BYTES, 1): 0}

    def count(source: ExactSource) -> None:
        for extent, total in totals.items():
            source.add(extent, total, "m")

    source = ExactSource(count)
    source.start()
    assert list(source.records(1.0)) == []
    one, other = totals
    totals[one], totals[other] = 7, 1
    assert list(source.records(2.0)) == [
        AccessRecord(2.0, "runner", one.name, 0, 2, 2, "m"),
        AccessRecord(2.0, "runner", other.name, 3, 1, 1, "m"),
    ]
    totals[one] = 3
    assert uses(source.records(3.0)) == {one.name: 3}, "a model that was loaded anew begins from nothing"


def test_a_counter_that_is_not_there_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    impossible = Event(HARDWARE, 12345, 1000, precise=2)
    reason = perf_event.why_not(impossible)
    assert reason is not None and "(E" in reason
    source = SampledSource("nothing", [impossible], ExtentMap)
    with pytest.raises(OSError, match=r"\(E[A-Z]+\)"):
        source.start()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOENT, "often a virtual one"),
        (errno.EACCES, "kernel.perf_event_paranoid is"),
        (errno.EOPNOTSUPP, "do not give precise samples"),
        (errno.ENOSYS, "a sandbox hides them"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EINVAL, "Invalid argument"),
    ],
)
def test_errors_in_words(code: int, words: str) -> None:
    said = perf_event.in_words(OSError(code, os.strerror(code)))
    assert words in said and said.endswith(f"({errno.errorcode[code]})")


def test_a_source_that_does_not_work_is_refused_and_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidRequest, match="choose one of runner, pebs, ibs, page-faults, referenced"):
        kind_named("vtune")
    for name, kind in KINDS.items():
        if works[name]:
            assert kind_named(name) is kind
        else:
            with pytest.raises(InvalidRequest, match=r"does not work here: .*\(E"):
                kind_named(name)


def test_events_are_read_from_sysfs(tmp_path: Path) -> None:
    """As a Skylake and a Zen 4 show them."""
    for name, text in {
        "cpu/type": "4\n",
        "cpu/events/mem-loads": "event=0xcd,umask=0x1,ldlat=3\n",
        "cpu/format/event": "config:0-7\n",
        "cpu/format/umask": "config:8-15\n",
        "cpu/format/ldlat": "config1:0-15\n",
        "ibs_op/type": "11\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    loads, all_loads = counters.intel(tmp_path)
    assert (loads.type, loads.config, loads.config1, loads.precise) == (4, 0x1CD, 3, 2)
    assert all_loads.config == 0x81D0
    (operations,) = counters.amd(tmp_path)
    assert (operations.type, operations.config, operations.kernel) == (11, 1 << 19, True)
    assert operations.period % 16 == 0


def test_split_fields_are_spread() -> None:
    assert counters._spread(0x1CD, "0-7,32-35") == 0x1_0000_00CD


def test_the_list_of_sources_loads_nothing_heavy() -> None:
    code = "import sys, aweigh.memory.statistics.sources; print([m for m in ('torch', 'numpy', 'grpc') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    done = subprocess.run(
        [sys.executable, "-m", "aweigh.memory.statistics"], capture_output=True, text=True, check=True
    )
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == list(KINDS)
