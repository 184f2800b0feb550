"""Makes tapes (`walk.py`) and plays them: tables in one piece of memory that is filled once, and copied over before each start."""

import ctypes
from array import array
from collections.abc import Sequence
from functools import cache

import torch

from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.walk import HEADER, PER_RECORD, walk

_PACKED = 2
"""Entries before the tape: see `Native.run`."""
_LINE = 8
"""Entries of a cache line: tables that threads write to share none."""


@cache
def walker() -> Native:
    """Returns the compiled walk; compiles at the first call of the process."""
    return compiled(lambda: walk, "walk")


class Tape:
    """Records, in the order in which they run."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._records: list[tuple[Native, Sequence[int]]] = []
        self._waits: list[bool] = []
        self._told: list[tuple[int, int, int]] = []

    def __len__(self) -> int:
        return len(self._records)

    def add(self, native: Native, table: Sequence[int]) -> int:
        """Appends a record and returns its number. The memory that its table names must outlast the tape."""
        self._records.append((native, table))
        self._waits.append(False)
        return len(self._records) - 1

    def wait(self) -> None:
        """What comes next begins when all that came before is done."""
        if self._waits:
            self._waits[-1] = True

    def tell(self, record: int, entry: int, other: int) -> None:
        """Lets an entry of a record's table hold the address of another record's table, which its task may write to."""
        self._told.append((record, entry, other))

    def ready(self) -> "Ready":
        """Lays the records out."""
        made = Ready(self.threads, self._records, self._waits)
        for record, entry, other in self._told:
            made.set([made.place(record, entry)], made.address(other))
        return made


class Ready:
    """A tape that can be played, any number of times, one at a time."""

    def __init__(self, threads: int, records: Sequence[tuple[Native, Sequence[int]]], waits: Sequence[bool]) -> None:
        counters = _PACKED + HEADER + PER_RECORD * len(records)
        end = counters + sum(waits) + 1
        self._starts: list[int] = []
        for _, table in records:
            start = -(-end // _LINE) * _LINE
            self._starts.append(start)
            end = start + len(table)
        self._natives = [native for native, _ in records]
        self._live = torch.empty(end, dtype=torch.int64)
        self._address = self._live.data_ptr()
        cells = self._cells = array("q", bytes(8 * end))
        cells[:4] = array("q", (self._address + 8, self._address + 16, threads, len(records)))
        done = counters
        for number, ((native, table), start) in enumerate(zip(records, self._starts, strict=True)):
            at = _PACKED + HEADER + PER_RECORD * number
            record = (native.record, self._at(start), self._at(done), waits[number])
            cells[at : at + PER_RECORD] = array("q", record)
            cells[start : start + len(table)] = array("q", table)
            done += waits[number]
        self._start = walker().start
        self._source, size = cells.buffer_info()
        self._bytes = 8 * size

    def _at(self, entry: int) -> int:
        return self._address + 8 * entry

    def address(self, record: int) -> int:
        """Of a record's table, while the tape runs."""
        return self._at(self._starts[record])

    def place(self, record: int, entry: int) -> int:
        """Where an entry of a record's table stands, for `set`."""
        return self._starts[record] + entry

    def set(self, places: Sequence[int], value: int) -> None:
        """Changes entries of tables, for all coming runs."""
        cells = self._cells
        for place in places:
            cells[place] = value

    def run(self) -> None:
        """Plays it on the threads that it was made for."""
        ctypes.memmove(self._address, self._source, self._bytes)
        self._start(self._address)
