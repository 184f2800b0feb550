"""Brings a region to its place, one way or another: its file's pages are mapped where the page cache holds them, read past it where not, or
the bytes are made. Called under the pager's lock.

Mapped pages have to be proved, too: a page with a hash is checked where it is mapped, once for as long as its file is what it was.
"""

from collections.abc import Callable
from functools import partial

from aweigh.memory.frames.host import HostFrames, HostPlace
from aweigh.memory.mover.cached import is_cached
from aweigh.memory.mover.core import BLOCK_BYTES, Making, Moved, NotMoved, Outcome, Target
from aweigh.memory.mover.mover import Mover
from aweigh.memory.mover.read import WrongPage
from aweigh.memory.region import Proof, Region
from aweigh.memory.residency.events import Priority
from aweigh.proto.errors import Overloaded

# Until a fetch was measured: what a disk gives.
_BYTES_PER_SECOND = 1e9
_SMOOTHING = 0.1


class Carrier:
    """`bytes_per_second` is what bringing was measured to give of late."""

    def __init__(self, frames: HostFrames, done: Callable[[Outcome], None], *, map_cached: bool) -> None:
        """`done` hears of what `bring` began, on a thread of the mover and without the lock."""
        self.bytes_per_second = _BYTES_PER_SECOND
        self.map_cached = map_cached
        self._frames = frames
        self._mover = Mover(done)
        self._moving: set[int] = set()
        self._verified: set[Proof] = set()  # what had the right hashes, in files that are still what they were

    def bring(self, number: int, region: Region, place: HostPlace, priority: Priority) -> bool:
        """Begins to bring a region, or hurries one that is on its way. True if it is there already. Raises OSError, MemoryError."""
        if number in self._moving:
            self._mover.hurry(number, priority)
            return False
        shown = self.map_cached and self._show(region, place)
        if shown and region.is_verified(self._verified):
            return True
        if not shown:
            self._back(place)
        self._begin(number, region, place, priority, shown=shown)
        return False

    def _back(self, place: HostPlace) -> None:
        try:
            self._frames.back(place)
        except OSError:
            self._frames.empty(place)
            raise

    def _begin(self, number: int, region: Region, place: HostPlace, priority: Priority, *, shown: bool) -> None:
        self._moving.add(number)
        if region.fill is not None:
            bytes_B = place.bytes_B[: region.length]
            self._mover.fetch(number, Making(partial(region.fill, bytes_B), region.length), priority)
        else:
            targets = [Target(run, place.address + at, shown) for at, run in region.placed]
            self._mover.fetch(number, targets, priority)

    def came(self, outcome: Outcome, region: Region, place: HostPlace) -> Outcome | None:
        """Takes note of how it ended: what has come is read-only, what has not is put away. Returns how it ended after that; None: it has
        not, since what was mapped is not right and is brought from where it is."""
        self._moving.discard(outcome.extent)
        if isinstance(outcome, NotMoved) and isinstance(outcome.reason, WrongPage) and region.may_come_from_elsewhere:
            try:
                self._frames.empty(place)
                self._back(place)
                self._begin(outcome.extent, region, place, Priority.NOW, shown=False)
                return None
            except (OSError, MemoryError) as error:
                outcome = NotMoved(outcome.extent, Overloaded(f"there is no room to bring weights: {error}"))
        if isinstance(outcome, Moved):
            try:
                proofs = region.proofs
                if not place.shows_file:
                    self._frames.seal(place)
            except OSError as error:
                outcome = NotMoved(outcome.extent, Overloaded(f"there is no room to bring weights: {error}"))
        if not isinstance(outcome, Moved):
            self._frames.empty(place)
            return outcome
        self._verified.update(proofs)
        if not place.shows_file:
            self.bytes_per_second += _SMOOTHING * (outcome.bytes / max(outcome.seconds, 1e-6) - self.bytes_per_second)
        return outcome

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

    def _show(self, region: Region, place: HostPlace) -> bool:
        """Maps a region's files, if the page cache holds all of it."""
        if not region.runs or not all(is_cached(run.descriptor, run.offset, run.length) for run in region.runs):
            return False
        try:
            for at, run in region.placed:
                lead = run.offset % BLOCK_BYTES
                self._frames.show(place, at - lead, run.descriptor, run.offset - lead, lead + run.length)
        except OSError:  # no more mappings, say: it can be read all the same
            self._frames.empty(place)
            return False
        return True
