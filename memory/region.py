"""A region: bytes that come and go together, and where they are when they are not here.

Extents of a checkpoint file that nobody published lie wherever the file has them, many of them smaller than a frame. So neighbours in the file
form one region until a frame's padding is small beside them, or the region is as large as may be dropped at once. A published model has
been cut by the store.
"""

import bisect
import os
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from aweigh.memory.core import Extent, FileIdentity
from aweigh.memory.frames.core import FRAME_BYTES, frames_for
from aweigh.memory.mover.core import BLOCK_BYTES, Run
from aweigh.memory.mover.read import unbuffered

if TYPE_CHECKING:
    from torch import Tensor

WASTE = 32  # a region is complete when its padding is at most 1/32 of it, or when it is large
LARGE_BYTES = 16 << 20

Proof = tuple[str, int, tuple[bytes, ...]]


class OpenFile:
    """A descriptor of its own, for unbuffered reads, of a file that somebody else will close."""

    def __init__(self, descriptor: int) -> None:
        """Raises OSError."""
        self.descriptor = -1
        self.descriptor = unbuffered(descriptor)

    def __del__(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """`length` bytes named `name` (equal names mean equal bytes), read from `runs` one behind the other; `keeper` keeps their files open.

    Where there are no runs, `fill` makes the bytes: it is given their uint8 [length], on a thread of the mover, each time they come.
    """

    name: str
    length: int
    runs: tuple[Run, ...] = ()
    keeper: object = None
    fill: "Callable[[Tensor], None] | None" = None

    def __post_init__(self) -> None:
        assert bool(self.runs) != bool(self.fill) and self.length > 0, "bytes come from somewhere"

    @property
    def lead(self) -> int:
        """Bytes between the begin of its place and its own: a run keeps its place in a block."""
        return self.runs[0].offset % BLOCK_BYTES if self.runs else 0

    @property
    def placed(self) -> list[tuple[int, Run]]:
        """Its runs, each with the byte of the place that it begins at."""
        begins = accumulate((run.length for run in self.runs), initial=self.lead)
        return list(zip(begins, self.runs, strict=False))

    @property
    def proofs(self) -> list[Proof]:
        """What is known when its hashes were right, per run that has some: a file as it is, an offset, and the hashes."""
        found = []
        for run in self.runs:
            if run.hashes and run.descriptor >= 0:
                found.append((FileIdentity.of(os.fstat(run.descriptor)).name, run.offset, run.hashes))
        return found

    def is_verified(self, known: AbstractSet[Proof]) -> bool:
        """Whether its bytes were checked before in files that have not changed; true of what has no hashes."""
        return all(proof in known for proof in self.proofs)

    @property
    def frames(self) -> int:
        return frames_for(self.lead + self.length)

    @property
    def may_come_from_elsewhere(self) -> bool:
        """Whether somebody besides its files may have its bytes."""
        return any(run.elsewhere is not None for run in self.runs)

    def seconds(self, bytes_per_second: float) -> float:
        """How long it is expected to take to come. `bytes_per_second`: where nobody knows better."""
        return sum(
            run.elsewhere.seconds(run.length, on_disk=run.descriptor >= 0)
            if run.elsewhere is not None
            else run.length / bytes_per_second
            for run in self.runs
        ) or (self.length / bytes_per_second)


def spans(extents: Iterable[Extent]) -> list[Extent]:
    """Cuts a file into regions: runs of adjoining extents. Extents without bytes are in none."""
    found: list[Extent] = []
    open_span: Extent | None = None
    for extent in sorted((e for e in extents if e.length), key=lambda e: e.offset):
        if open_span is not None and not _wasteful(open_span):
            found.append(open_span)
            open_span = None
        if open_span is None:
            open_span = extent
        else:
            end = max(open_span.offset + open_span.length, extent.offset + extent.length)
            open_span = Extent(extent.source, open_span.offset, end - open_span.offset)
    return [*found, open_span] if open_span is not None else found


def span_of(extent: Extent, among: Sequence[Extent]) -> Extent:
    """The span that an extent lies in. `among` as `spans` gave it."""
    at = bisect.bisect_right(among, extent.offset, key=lambda span: span.offset) - 1
    span = among[at]
    assert at >= 0 and extent.offset + extent.length <= span.offset + span.length, (
        "an extent lies in one span of its file"
    )
    return span


def _wasteful(span: Extent) -> bool:
    taken = frames_for(span.offset % BLOCK_BYTES + span.length) * FRAME_BYTES
    return span.length < LARGE_BYTES and (taken - span.length) * WASTE > span.length
