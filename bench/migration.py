"""Pages on their way to a CUDA device: how near they come to the link, and what a step of another model notices of it.

    PYTHONPATH=src python -m bench.migration [--rounds 7] [--gib 1]

Needs a card, torch and cuda-bindings; the part that goes through the pager needs what the engine needs, and is left out where that is missing. In each round
every side has its turn:

- the limit: one copy of all bytes from pinned memory into memory of torch's, by the driver;
- copies in pages of 64 KiB to 64 MiB over 1 to 4 streams, into frames that are mapped;
- migration as an arena does it: regions of 16 MiB, for each of which frames are taken from the one that came longest ago, unmapped, mapped here, and copied to in
  pages of 2 MiB, with a few regions in flight;
- the same bytes through pager, mover and landing: out of the page cache, and out of the tier of pinned memory;
- steps (matrix products, of 4 GiB of weights one after the other) alone, and while another thread migrates;
- what mapping, granting access, making read-only and unmapping cost a frame, in runs of 1 to 32.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import os
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.frames.cuda_driver import CudaDriver
from aweigh.memory.frames.driver import Access, Driver
from bench.record import Goal, Record, Series

PAGES = [1 << shift for shift in range(16, 27, 2)]
PAGE = 2 << 20
assert PAGE in (*PAGES, PAGE)
STREAMS = (1, 2, 3, 4)
REGION_FRAMES = 8
IN_FLIGHT = 4
RUNS = (1, 8, 32)
STEPS = 50
Times = dict[str, list[float]]


class Card:
    """A driver, pinned bytes to copy from, streams, and an event each."""

    def __init__(self, driver: Driver, size: int) -> None:
        self.driver = driver
        self.size = size
        self.source = driver.pin(size)
        ctypes.memset(self.source, 1, size)
        self.streams = [driver.new_stream() for _ in STREAMS]
        self.events = [driver.new_event() for _ in STREAMS]
        self.pool = CudaFrames(driver, size // FRAME_BYTES)
        self.target = torch.empty(size, dtype=torch.uint8, device=driver.device)

    def wait(self, streams: int) -> None:
        """Until the first so many streams have done all."""
        for event, stream in zip(self.events[:streams], self.streams[:streams], strict=True):
            self.driver.record(event, stream)
        for event in self.events[:streams]:
            self.driver.wait(event)

    def synchronize(self) -> None:
        """Until torch's operators are done."""
        event = self.driver.new_event()
        self.driver.record(event, self.driver.current_stream())
        self.driver.wait(event)
        self.driver.end_event(event)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def limit(card: Card) -> float:
    """One copy of everything."""

    def copy() -> None:
        card.driver.copy(card.target.data_ptr(), card.source, card.size, card.streams[0])
        card.wait(1)

    return seconds(copy)


def pages(card: Card, address: int, page: int, streams: int) -> float:
    """Everything in pages, over some streams."""

    def copy() -> None:
        for number, at in enumerate(range(0, card.size, page)):
            card.driver.copy(address + at, card.source + at, page, card.streams[number % streams])
        card.wait(streams)

    return seconds(copy)


class Migration:
    """Regions that push each other out. Twice as many as there is room for."""

    def __init__(self, card: Card, pool: CudaFrames) -> None:
        self.card = card
        self.pool = pool
        self.room = pool.frames // REGION_FRAMES
        self.places = [pool.reserve(REGION_FRAMES) for _ in range(2 * self.room)]
        self.here: deque[int] = deque()
        self.next = itertools.cycle(range(len(self.places)))
        self.lanes = [(card.driver.new_stream(), card.driver.new_event()) for _ in range(2)]
        self.moving: deque[tuple[int, int]] = deque()
        self.count = 0

    def move(self, regions: int) -> None:
        """Brings so many, and returns when they are there."""
        driver, size = self.card.driver, REGION_FRAMES * FRAME_BYTES
        for _ in range(regions):
            if self.pool.free < REGION_FRAMES:
                if not self.here:
                    self._end(len(self.moving) - 1)
                self.pool.strip(self.places[self.here.popleft()])
            number = next(self.next)
            place = self.places[number]
            self.pool.back(place)
            stream, _ = self.lanes[self.count % len(self.lanes)]
            source = self.card.source + self.count * size % (self.card.size - size + 1) // FRAME_BYTES * FRAME_BYTES
            for at in range(0, size, PAGE):
                driver.copy(place.address + at, source + at, PAGE, stream)
            event = driver.new_event()
            driver.record(event, stream)
            self.moving.append((number, event))
            self.count += 1
            self._end(IN_FLIGHT)
        self._end(0)

    def _end(self, most: int) -> None:
        while len(self.moving) > most:
            number, event = self.moving.popleft()
            self.card.driver.wait(event)
            self.card.driver.end_event(event)
            self.pool.seal(self.places[number])
            self.here.append(number)

    def close(self) -> None:
        """Gives its frames back."""
        for place in self.places:
            self.pool.release(place)


def costs(card: Card, count: int) -> dict[str, float]:
    """Microseconds a frame of each verb, for runs of `count` frames."""
    driver, size = card.driver, count * FRAME_BYTES
    address = driver.reserve(size, FRAME_BYTES)
    handles = [card.pool._free[number] for number in range(count)]

    def map_all() -> None:
        for number, handle in enumerate(handles):
            driver.map(address + number * FRAME_BYTES, FRAME_BYTES, handle)

    found = {
        "map": seconds(map_all),
        "allow": seconds(lambda: driver.allow(address, size, Access.READ_WRITE)),
        "seal": seconds(lambda: driver.allow(address, size, Access.READ)) if card.pool._seals else 0.0,
        "unmap": seconds(lambda: driver.unmap(address, size)),
    }
    driver.unreserve(address, size)
    return {f"{name} of {count}": 1e6 * value / count for name, value in found.items()}


class Steps:
    """Products of one row after the other with weights that do not fit any cache."""

    def __init__(self, card: Card, size: int) -> None:
        self.card = card
        width = 8192 if size >= 1 << 30 else 256
        kind = torch.bfloat16
        count = max(2, size // (width * width * 2))
        self.weights = [torch.randn(width, width, device=card.driver.device).to(kind) for _ in range(count)]
        self.x = torch.randn(1, width, device=card.driver.device).to(kind)

    def step(self) -> None:
        """One, to its end."""
        x = self.x
        for weight in self.weights:
            x = torch.nn.functional.linear(x, weight) * 0.01
        self.card.synchronize()

    def seconds(self) -> float:
        """Of one, the mean of some."""
        begin = time.perf_counter()
        for _ in range(STEPS):
            self.step()
        return (time.perf_counter() - begin) / STEPS


def with_streaming(migration: Migration, work: Callable[[], float]) -> tuple[float, int]:
    """What `work` returns while regions come and go on another thread, and how many came."""
    stop, begun = threading.Event(), threading.Event()

    def stream() -> None:
        while not stop.is_set():
            migration.move(4)
            begun.set()

    before = migration.count
    thread = threading.Thread(target=stream)
    thread.start()
    begun.wait()
    try:
        found = work()
    finally:
        stop.set()
        thread.join()
    return found, migration.count - before


class Paged:
    """A file's regions through pager, mover and landing; half of them have room."""

    def __init__(self, driver: Driver, size: int, host_bytes: int) -> None:
        from aweigh.memory.mover.core import Run
        from aweigh.memory.paging.medium import on_driver
        from aweigh.memory.paging.pager import Pager
        from aweigh.memory.region import Region

        self.file = tempfile.TemporaryFile(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)  # noqa: SIM115  closed by `close`
        block = os.urandom(REGION_FRAMES * FRAME_BYTES)
        regions = size // len(block)
        for _ in range(regions):
            self.file.write(block)
        self.file.flush()
        self.bytes = regions * len(block)
        self.pager = Pager(
            max(2, regions // 2) * REGION_FRAMES, open_medium=lambda frames: on_driver(driver, frames, host_bytes)
        )
        self.numbers = [
            self.pager.add(Region(f"r{i}", len(block), (Run(self.file.fileno(), i * len(block), len(block)),)))
            for i in range(regions)
        ]

    def round(self) -> None:
        """Every region is needed once, with some asked for ahead."""
        tickets: deque[int] = deque()
        for number in [*self.numbers, *[-1] * IN_FLIGHT]:
            if number >= 0:
                tickets.append(self.pager.need([number], "m"))
            if len(tickets) > IN_FLIGHT or (number < 0 and tickets):
                ticket = tickets.popleft()
                assert self.pager.wait(ticket, 60)
                self.pager.release(ticket)

    def close(self) -> None:
        """Ends the threads, and gives everything back."""
        self.pager.remove(self.numbers)
        self.pager.close()
        close: Any = getattr(self.pager.frames, "close", None)
        if close is not None:
            close()
        self.file.close()


def measure(driver: Driver, size: int, weights: int, rounds: int) -> Record:
    """All of it, in turns, after one round that does not count."""
    card = Card(driver, size)
    times: Times = {}
    rates: Times = {}
    missing = ""

    def took(name: str, value: float) -> None:
        times.setdefault(name, []).append(value)

    def gave(name: str, value: float, moved: int = size) -> None:
        rates.setdefault(name, []).append(moved / value / 1e9)

    steps = Steps(card, weights)
    paged: dict[str, Paged] = {}
    for number in range(rounds + 1):
        if number == 1:
            times.clear()
            rates.clear()
        gave("limit", limit(card))
        place = card.pool.reserve(card.pool.frames)
        card.pool.back(place)
        for page in sorted({*PAGES, PAGE}):
            for streams in STREAMS:
                gave(f"pages of {page >> 10} KiB, {streams} streams", pages(card, place.address, page, streams))
        card.pool.release(place)
        for count in RUNS:
            for name, value in costs(card, min(count, card.pool.frames)).items():
                took(f"{name}, a frame", value / 1e6)
        migration = Migration(card, card.pool)
        migration.move(2 * migration.room)
        regions = 4 * migration.room
        gave("migration", seconds(partial(migration.move, regions)), regions * REGION_FRAMES * FRAME_BYTES)
        took("step alone", steps.seconds())
        beside, moved = with_streaming(migration, steps.seconds)
        took("step beside migration", beside)
        took("regions that came meanwhile", float(moved))
        migration.close()
        gave("limit again", limit(card))
    try:
        paged = {"page cache": Paged(driver, size, 0), "pinned tier": Paged(driver, size, 2 * size)}
    except ImportError as error:
        missing = f"the part through the pager was left out: {error}"
    for name, one in paged.items():
        for number in range(rounds + 1):
            value = seconds(one.round)
            if number:
                gave(f"through the pager, {name}", value, one.bytes)
        one.close()
    series = {name: Series(unit="s", values=values) for name, values in times.items() if "regions" not in name}
    series |= {name: Series(unit="GB/s", values=values) for name, values in rates.items()}
    top = series["limit"].median
    shares = {name: round(one.median / top, 3) for name, one in series.items() if one.unit == "GB/s"}
    return Record(
        name="migration",
        series=series,
        goals={
            "migration, share of the limit": Goal(value=series["migration"].median / top, at_least=0.85),
            "step beside migration, times alone": Goal(
                value=series["step beside migration"].median / series["step alone"].median, at_most=1.05
            ),
        },
        facts={
            "device": torch.cuda.get_device_name(driver.device) if driver.device.type == "cuda" else str(driver.device),
            "bytes": size,
            "bytes_of_a_step": sum(weight.nbytes for weight in steps.weights),
            "read_only": card.pool._seals,
            "shares_of_the_limit": shares,
            "regions_that_came_beside_a_step": times["regions that came meanwhile"],
            "missing": missing,
        },
    )


def main() -> None:
    """Measure and write `results/migration.json`."""
    parser = argparse.ArgumentParser(description="Pages on their way to a CUDA device.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--gib", type=float, default=1.0, help="how much is copied at a time")
    parser.add_argument("--device", default="cuda:0")
    options = parser.parse_args()
    size = int(options.gib * (1 << 30)) // (64 << 20) * (64 << 20)
    record = measure(CudaDriver(torch.device(options.device)), size, 4 << 30, options.rounds)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
