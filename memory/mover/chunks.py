"""How runs are cut into reads: 4 MiB each, aligned as unbuffered reads must be. Pure.

4 MiB with four in flight reach what the disk gives; 1 MiB reach two thirds of it (measured: `python -m bench.cold_load`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.mover.core import BLOCK_BYTES, Elsewhere, Making, Targets

CHUNK_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """Reads `length` bytes at `offset` to `address`, all multiples of 4096; of them `wanted` at least are in the file."""

    descriptor: int
    offset: int
    length: int
    address: int
    wanted: int
    hashes: tuple[bytes, ...] = ()
    here: bool = False
    elsewhere: Elsewhere | None = field(default=None, compare=False)


def cut(targets: Targets) -> Iterator[Chunk | Making]:
    """The chunks of some runs, in order; what is made is made at once."""
    if isinstance(targets, Making):
        yield targets
        return
    for target in targets:
        run = target.run
        lead = run.offset % BLOCK_BYTES
        assert not (run.hashes and lead), "pages with hashes are aligned"
        begin, end = run.offset - lead, run.offset + run.length
        for offset in range(begin, end, CHUNK_BYTES):
            wanted = min(CHUNK_BYTES, end - offset)
            length = -(-wanted // BLOCK_BYTES) * BLOCK_BYTES
            first = (offset - begin) // PAGE_BYTES
            hashes = run.hashes[first : first + CHUNK_BYTES // PAGE_BYTES]
            address = target.address - lead + offset - begin
            yield Chunk(run.descriptor, offset, length, address, wanted, hashes, target.here, run.elsewhere)
