"""A pager in virtual time over files with known content, and bits of its memory that flip."""

import ctypes
import os
import random
from collections.abc import Callable
from pathlib import Path

import torch
from blake3 import blake3
from torch import Tensor

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.mover.core import Run
from aweigh.memory.paging.pager import Pager
from aweigh.memory.region import OpenFile, Region

PERIOD = 1000.0
WAIT = 60.0


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """`stored` regions of so many pages whose hashes are known, one `plain` one of 3 MB and some, one that is `made`."""

    def __init__(
        self,
        path: Path,
        stored: int,
        pages: int,
        *,
        map_cached: bool = False,
        period: float = PERIOD,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.draw = random.Random(0)
        self.path = path
        self.content = os.urandom(stored * pages * PAGE_BYTES + 3_000_001)
        path.write_bytes(self.content)
        with path.open("rb") as file:
            os.fsync(file.fileno())
            self.file = OpenFile(file.fileno())
        self.clock = Clock()
        self.pager = Pager(
            stored * pages + 5,
            clock=clock or self.clock,
            map_cached=map_cached,
            scrub_seconds=period,
            scrub_bytes_per_second=1e12,
        )
        size = pages * PAGE_BYTES
        self.regions = [self._stored(number * size, size) for number in range(stored)]
        end = stored * size
        self.regions.append(Region("plain", 3_000_001, (Run(self.file.descriptor, end, 3_000_001),), self.file))
        self.regions.append(Region("made", 1_500_000, fill=_fill))
        self.expected = [self.content[n * size : (n + 1) * size] for n in range(stored)]
        self.expected += [self.content[end:], bytes(range(250)) * 6000]
        self.numbers = [self.pager.add(region) for region in self.regions]

    def _stored(self, begin: int, size: int) -> Region:
        starts = range(begin, begin + size, PAGE_BYTES)
        hashes = tuple(blake3(self.content[at : at + PAGE_BYTES]).digest() for at in starts)
        return Region(f"stored {begin}", size, (Run(self.file.descriptor, begin, size, hashes),), self.file)

    def bring(self) -> None:
        """Everything is resident, and right."""
        ticket = self.pager.need(self.numbers, "m")
        assert self.pager.wait(ticket, WAIT)
        for number, expected in zip(self.numbers, self.expected, strict=True):
            assert self.bytes_of(number) == expected
        self.pager.release(ticket)
        self.pager.check_integrity()

    def bytes_of(self, number: int) -> bytes:
        lead = self.regions[self.numbers.index(number)].lead
        size = self.regions[self.numbers.index(number)].length
        return bytes(self.pager.place(number).bytes_B[lead : lead + size].numpy().tobytes())

    def flip(self, number: int, page: int = 0) -> None:
        """One bit of a page of a resident region."""
        place = self.pager.place(number)
        region = self.regions[self.numbers.index(number)]
        last = min(PAGE_BYTES, region.length - page * PAGE_BYTES)
        address = place.address + page * FRAME_BYTES + self.draw.randrange(last)
        virtual_memory.protect(place.address, place.frames * FRAME_BYTES, virtual_memory.READ | virtual_memory.WRITE)
        byte = ctypes.c_ubyte.from_address(address)
        byte.value ^= 1 << self.draw.randrange(8)
        virtual_memory.protect(place.address, place.frames * FRAME_BYTES, virtual_memory.READ)

    def period(self) -> None:
        """A period goes by, and all looks that are due are taken."""
        end = self.clock.now + PERIOD
        while (due := self.pager._motion.scrubber.turn()) is not None and due <= end:
            self.clock.now = max(self.clock.now, due)
        self.clock.now = end

    def close(self) -> None:
        self.pager.close()


def _fill(bytes_B: Tensor) -> None:
    bytes_B.copy_(torch.arange(250, dtype=torch.uint8).repeat(6000))
