"""Brings a region to its place, one way or another: its file's pages are mapped where the page cache holds them, read past it where not, or
the bytes are made. Called under the pager's lock. A pool that shows no files gets what the page cache holds by a read through it.

Mapped pages have to be proved, too: a page with a hash is checked where it is mapped, once for as long as its file is what it was.
"""

import contextlib
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from torch import Tensor

from aweigh.memory.failpoints import reach
from aweigh.memory.frames.core import Place, ShowsFiles
from aweigh.memory.mover.cached import is_cached
from aweigh.memory.mover.chunks import Chunk, cut
from aweigh.memory.mover.core import BLOCK_BYTES, Making, Moved, NotMoved, Outcome, Run, Target
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.mover.mover import Mover
from aweigh.memory.mover.read import WrongPage
from aweigh.memory.paging.medium import Medium
from aweigh.memory.region import Proof, Region
from aweigh.memory.residency.events import Priority
from aweigh.proto.errors import Overloaded

# Until a fetch was measured: what a disk gives.
_BYTES_PER_SECOND = 1e9
_SMOOTHING = 0.1


class Carrier:
    """`bytes_per_second` is what bringing was measured to give of late."""

    def __init__(
        self, medium: Medium, done: Callable[[Outcome], None], stuck: Callable[[int], None], *, map_cached: bool
    ) -> None:
        """`done` hears of what `bring` began, `stuck` of what does not answer, on threads of the mover and without the lock."""
        self.bytes_per_second = _BYTES_PER_SECOND
        self.map_cached = map_cached
        frames = self._frames = medium.pool
        self._shows = frames if isinstance(frames, ShowsFiles) else None
        self._landing = medium.landing
        self._mover = Mover(done, landing=medium.landing, stuck=stuck)
        self._moving: set[int] = set()
        self._through_cache: dict[int, list[int]] = {}  # by region on its way, descriptors that are closed when it came
        self._distrusted: set[int] = set()  # what was mapped was wrong: the file itself is read
        self._verified: set[Proof] = set()  # what had the right hashes, in files that are still what they were

    def bring(self, number: int, region: Region, place: Place, priority: Priority) -> bool:
        """Begins to bring a region, or hurries one that is on its way. True if it is there already.

        Raises OSError, MemoryError: then the place may have something in it, which is to be put away.
        """
        if number in self._moving:
            self._mover.hurry(number, priority)
            return False
        reach(Migration.FETCH_TOLD)
        shown = self.map_cached and number not in self._distrusted and self._show(region, place)
        if shown and region.is_verified(self._verified):
            return True
        if not shown:
            self._back(place)
        self._begin(number, region, place, priority, shown=shown)
        return False

    def _back(self, place: Place) -> None:
        self._frames.back(place)
        reach(Migration.BACKED)

    def _begin(self, number: int, region: Region, place: Place, priority: Priority, *, shown: bool) -> None:
        self._moving.add(number)
        if region.fill is not None:
            bytes_B = place.bytes_B[: region.length]
            self._mover.fetch(number, Making(partial(self._make, region.fill, bytes_B), region.length), priority)
        else:
            reads = self._reads(number, region)
            targets = [Target(run, place.address + at, shown) for at, run in reads]
            self._mover.fetch(number, targets, priority)

    def came(self, outcome: Outcome, region: Region, place: Place) -> Outcome | None:
        """Takes note of how it ended: what has come is read-only, what has not is to be put away. Returns how it ended after that; None: it
        has not, since what was mapped is not right and is brought from where it is."""
        self._moving.discard(outcome.extent)
        through_cache = self._through_cache.pop(outcome.extent, [])
        for descriptor in through_cache:
            os.close(descriptor)
        failed = isinstance(outcome, NotMoved) and outcome.reason is not None
        wrong = isinstance(outcome, NotMoved) and isinstance(outcome.reason, WrongPage)
        if (wrong and place.shows_file and region.may_come_from_elsewhere) or (failed and through_cache):
            try:
                self._distrusted.add(outcome.extent)
                if place.shows_file:
                    self._frames.empty(place)
                    self._back(place)
                self._begin(outcome.extent, region, place, Priority.NOW, shown=False)
                return None
            except (OSError, MemoryError) as error:
                outcome = NotMoved(outcome.extent, Overloaded(f"there is no room to bring weights: {error}"))
        if isinstance(outcome, Moved):
            try:
                reach(Migration.CAME)
                proofs = region.proofs
                if not place.shows_file:
                    self._frames.seal(place)
                reach(Migration.SEALED)
            except (OSError, MemoryError) as error:
                outcome = NotMoved(outcome.extent, Overloaded(f"there is no room to bring weights: {error}"))
        if not isinstance(outcome, Moved):
            return outcome
        self._distrusted.discard(outcome.extent)
        self._verified.update(proofs)
        if not place.shows_file:
            self.bytes_per_second += _SMOOTHING * (outcome.bytes / max(outcome.seconds, 1e-6) - self.bytes_per_second)
        return outcome

    def distrust(self, number: int, region: Region, place: Place) -> None:
        """What is there of a region is wrong, perhaps in the page cache: next time it is read past that."""
        self._distrusted.add(number)
        for chunk in cut([Target(run, place.address + at) for at, run in region.placed]):
            if isinstance(chunk, Chunk):
                self._landing.forget(chunk)
        for run in region.runs:
            with contextlib.suppress(OSError):
                os.posix_fadvise(run.descriptor, run.offset, run.length, os.POSIX_FADV_DONTNEED)
        with contextlib.suppress(OSError):
            self._verified.difference_update(region.proofs)

    @property
    def busy(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._moving)

    def cancel(self, number: int) -> None:
        """Stops what is on its way; `done` hears when nobody writes any more."""
        self._mover.cancel(number)

    def close(self) -> None:
        """Ends the mover's threads."""
        self._mover.close(1.0)

    def _show(self, region: Region, place: Place) -> bool:
        """Maps a region's files, if the page cache holds all of it."""
        if self._shows is None or not _is_cached(region):
            return False
        try:
            for at, run in region.placed:
                lead = run.offset % BLOCK_BYTES
                self._shows.show(place, at - lead, run.descriptor, run.offset - lead, lead + run.length)
            reach(Migration.SHOWN)
        except (OSError, MemoryError):  # no more mappings, say: it can be read all the same
            self._frames.empty(place)
            return False
        return True

    def _reads(self, number: int, region: Region) -> list[tuple[int, Run]]:
        """What is read to where. Where pages that the cache holds cannot be shown, they are read with a descriptor that goes through it."""
        trusted = self.map_cached and number not in self._distrusted
        if self._shows is not None or not trusted or not _is_cached(region):
            return region.placed
        plain: dict[int, int] = {}
        with contextlib.suppress(OSError):  # no more descriptors: it is read past the cache
            for run in region.runs:
                if run.descriptor not in plain:
                    plain[run.descriptor] = os.open(f"/proc/self/fd/{run.descriptor}", os.O_RDONLY | os.O_CLOEXEC)
        self._through_cache[number] = list(plain.values())
        return [(at, replace(run, descriptor=plain.get(run.descriptor, run.descriptor))) for at, run in region.placed]

    def _make(self, fill: Callable[[Tensor], None], bytes_B: Tensor) -> None:
        with self._frames.writing():
            fill(bytes_B)


def _is_cached(region: Region) -> bool:
    return bool(region.runs) and all(is_cached(run.descriptor, run.offset, run.length) for run in region.runs)
