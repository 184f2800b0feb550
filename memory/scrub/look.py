"""One look at a part of a resident region: its hash now, and the one that it should have. Legend: B bytes.

Pages of a store have hashes. Of anything else (plain files, what is made of several tensors) the hash is taken at the first look after the
region came, so a bit that flips before that is not found.

A part that shows a file lies in the page cache. It is read from there by a system call and not through the mapping: a file that was cut short is then no
signal that ends the worker. What the page cache does not hold is not in memory, and is not looked at.
"""

import os
from dataclasses import dataclass

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES, FileIdentity
from aweigh.memory.frames.core import Place
from aweigh.memory.mover.cached import is_cached
from aweigh.memory.mover.core import Run
from aweigh.memory.region import Region
from aweigh.memory.scrub.schedule import STEP_BYTES

assert STEP_BYTES == PAGE_BYTES, "a step is what has a hash"


@dataclass(frozen=True, slots=True)
class Part:
    """`length` bytes at byte `at` of a region's place, of a file's `run` from its byte `offset` on. `expected`: their hash, where it is known."""

    at: int
    length: int
    run: Run | None = None
    offset: int = 0
    expected: bytes | None = None


def parts(region: Region) -> list[Part]:
    """What a region is looked at in: 2 MiB each, the last one less."""
    if not region.runs:
        return [
            Part(at, min(STEP_BYTES, region.length - at), expected=None) for at in range(0, region.length, STEP_BYTES)
        ]
    found = []
    for at, run in region.placed:
        for offset in range(0, run.length, STEP_BYTES):
            expected = run.hashes[offset // PAGE_BYTES] if run.hashes else None
            found.append(Part(at + offset, min(STEP_BYTES, run.length - offset), run, offset, expected))
    return found


def hash_of(part: Part, place: Place) -> bytes | None:
    """What lies there now, while it is resident and stays so; None if it is not in memory, or its file cannot be read any more."""
    if not place.shows_file:
        part_B = place.bytes_B[part.at : part.at + part.length].cpu()
        return blake3(memoryview(part_B.numpy().data)).digest()
    assert part.run is not None, "a file is shown of a run"
    begin = part.run.offset + part.offset
    if not is_cached(part.run.descriptor, begin, part.length):
        return None
    try:
        plain = os.open(f"/proc/self/fd/{part.run.descriptor}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            data = os.pread(plain, part.length, begin)
        finally:
            os.close(plain)
    except OSError:
        return None
    return blake3(data).digest() if len(data) == part.length else None


def files_of(region: Region) -> tuple[str, ...]:
    """Which files a region comes from, as they are now: one that was written to since is another one, and no memory went wrong."""
    return tuple(FileIdentity.of(os.fstat(run.descriptor)).name for run in region.runs if not run.hashes)
