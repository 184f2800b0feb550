"""Who is read next: urgency first, one read left to other files, nothing from files that are stuck."""

from collections import Counter

from aweigh.memory.mover.core import Run, Target
from aweigh.memory.mover.fetch import Fetch
from aweigh.memory.mover.waiting import Waiting

MIB = 1 << 20


class Line:
    """Files are 1, 2, ...; what is taken is being read from then on."""

    def __init__(self, reading: int) -> None:
        self.waiting, self.order = Waiting(reading), 0
        self.busy: Counter[int] = Counter()

    def add(self, extent: int, file: int, priority: int = 0, length: int = MIB) -> Fetch:
        fetch = Fetch(extent, [Target(Run(file, 0, length), 0)])
        self.order += 1
        fetch.key = (priority, self.order)
        self.waiting.add(fetch)
        return fetch

    def take(self, *stuck: int, tries_stuck: bool = False) -> int | None:
        fetch = self.waiting.next(self.busy, stuck, tries_stuck=tries_stuck)
        if fetch is None:
            return None
        self.busy[fetch.file] += 1
        fetch.chunks.popleft()
        return fetch.extent


def test_one_file_has_all_reads_while_nobody_else_waits() -> None:
    line = Line(4)
    for extent in range(6):
        line.add(extent, file=1)
    assert [line.take() for _ in range(7)] == [0, 1, 2, 3, 4, 5, None]


def test_a_file_leaves_one_read_to_another_one_that_is_as_urgent() -> None:
    line = Line(4)
    for extent in range(10):
        line.add(extent, file=1)
    line.add(90, file=2)
    line.add(91, file=2)
    assert [line.take() for _ in range(4)] == [0, 1, 2, 90]
    line.busy[2] -= 1
    assert line.take() == 91, "the first file has its share already"
    assert line.take() == 3, "nobody else waits"


def test_what_is_less_urgent_takes_no_read_from_what_is_urgent() -> None:
    line = Line(4)
    for extent in range(5):
        line.add(extent, file=1)
    line.add(90, file=2, priority=1)
    assert [line.take() for _ in range(6)] == [0, 1, 2, 3, 4, 90]


def test_a_fetch_that_hurries_is_taken_once() -> None:
    line = Line(1)
    line.add(1, file=1)
    late = line.add(2, file=1, priority=2)
    late.key = (0, 0)
    line.waiting.add(late)
    assert [line.take() for _ in range(3)] == [2, 1, None]


def test_a_stuck_file_is_passed_over_and_tried_when_there_is_nothing_else() -> None:
    line = Line(2)
    line.add(1, file=1)
    line.add(2, file=2)
    assert line.take(1) == 2
    assert line.take(1) is None
    assert line.take(1, tries_stuck=True) == 1


def test_who_was_cancelled_is_not_read() -> None:
    line = Line(2)
    line.add(1, file=1).over = True
    assert line.take() is None
