"""Policies that people write on bad days. Each does well until its `suggest` is called with a budget of 13 frames."""

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Any

from aweigh.memory.policy.base import Drop, Fetch, Pin, Policy, Prefer, Suggestion, Unpin, View


class Good(Policy):
    """Drops the highest number first."""

    guesses = True

    def suggest(self, view: View) -> Iterator[Suggestion]:
        if view.budget_frames == 13:
            self.on_a_bad_day()
        yield from (Drop(extent, cost=0.5) for extent in sorted(view.resident, reverse=True) if view.droppable(extent))

    def wakes(self, time: float) -> float | None:
        return time + 1

    def on_a_bad_day(self) -> None:
        pass


class Echo(Policy):
    """Says in numbers what it was told."""

    def __init__(self, factor: int = 1) -> None:
        self.factor, self.told = factor, 0.0

    def observe(self, records: Any) -> None:
        self.told += sum(record.uses * record.time for record in records) * self.factor

    def arrived(self, item: Any, time: float) -> None:
        self.told += item.fetch_seconds * len(item.models) * 1000

    def dropped(self, extent: int, time: float) -> None:
        self.told += 0.25

    def suggest(self, view: View) -> Iterator[Suggestion]:
        yield Drop(next(iter(view.resident)), cost=self.told)
        yield Fetch(max(view.items), cost=view.need_frames + len(view.held) / 10)
        yield Pin(len(view.items) - 1, until=view.time)
        yield Unpin(view.running["the model"])
        yield Prefer(view.wanted[0], "disk")


class Loops(Good):
    def on_a_bad_day(self) -> None:
        while True:
            pass


class Raises(Good):
    def on_a_bad_day(self) -> None:
        raise RuntimeError("the list is empty\nand more")


class Exits(Good):
    def on_a_bad_day(self) -> None:
        raise SystemExit(0)


class Vanishes(Good):
    def on_a_bad_day(self) -> None:
        os._exit(7)


class Swells(Good):
    def on_a_bad_day(self) -> None:
        self.much = [bytearray(1 << 28) for _ in range(1 << 10)]


class Recurses(Good):
    def on_a_bad_day(self) -> None:
        self.on_a_bad_day()


class Babbles(Good):
    """Writes to every descriptor that it finds."""

    text = b"what is this? " * 10

    def on_a_bad_day(self) -> None:
        for descriptor in map(int, os.listdir("/proc/self/fd")):
            with contextlib.suppress(OSError):
                os.write(descriptor, self.text)


class Shouts(Babbles):
    """Answers with 100 MB, whose head is that of an answer."""

    text = b"g" + (100 << 20).to_bytes(4, "little") + bytes(100 << 20)


class Drivels(Babbles):
    """Sends honest heads without end."""

    text = b"e\x01\x00\x00\x00\x01" * 20000

    def on_a_bad_day(self) -> None:
        while True:
            super().on_a_bad_day()


class Endless(Good):
    """An answer without end."""

    def suggest(self, view: View) -> Iterator[Suggestion]:
        yield from super().suggest(view)
        while view.budget_frames == 13:
            yield Drop(next(iter(view.resident)))


class Strays(Good):
    """Wants what cannot be: extents that nobody has, or that are in use."""

    def suggest(self, view: View) -> Iterator[Suggestion]:
        yield from (Drop(extent) for extent in view.held)
        yield from (Drop(1 << 40), Fetch(-1), Pin(99, 1.0), Drop(1, float("nan")), Prefer(77, "x" * 1000))


class Mumbles(Good):
    """Yields what is no suggestion."""

    def suggest(self, view: View) -> Iterator[Any]:
        yield "drop everything"


class Dawdles(Good):
    """Takes its time, now and then."""

    def on_a_bad_day(self) -> None:
        end = time.monotonic() + 0.012
        while time.monotonic() < end:
            pass


class DiesYoung(Good):
    def __init__(self) -> None:
        raise ValueError("no table")


class Unrelated:
    pass
