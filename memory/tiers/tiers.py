"""All origins of a worker: brings pages from whoever has them, and proves each one. Legend: B bytes.

A chunk's pages are asked of one origin after the other, those that are still missing of the next one. Every page that somebody gave is
hashed; one that is not what its hash says counts against its giver, and is missing. So a damaged slot on the disk, a peer that lies and a cut
body of an HTTP answer are one case. When nobody is left the error names who was asked and what came of it.

What came from afar and is not on the disk, or is damaged there, is offered to the keeper, who writes it in his own time.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.mover.core import Proving, ReadFile
from aweigh.memory.store.page import is_page
from aweigh.memory.tiers.keeper import Keeper
from aweigh.memory.tiers.origin import Origin, Tier, grouped
from aweigh.memory.tiers.ranking import Ranking
from aweigh.proto.errors import AweighError, CheckpointInvalid, StoreFailed

_WRONG = "what it gave is not what its hash says"
_ABSENT = "not here"
DISK = "disk"


@dataclass(frozen=True, slots=True)
class TierCount:
    """What an origin has given since the worker began, and its speed of late."""

    name: str
    bytes: int
    seconds: float
    failures: int
    bytes_per_second: float
    rests: bool


@dataclass(frozen=True, slots=True)
class _File:
    """The slots that a chunk was opened with."""

    read: ReadFile
    tier: Tier = Tier.DISK
    name: str = DISK

    def fetch(self, hashes: Sequence[bytes], pages_B: memoryview) -> range:
        """See `Origin.fetch`; never called: whoever reads the file does so run by run."""
        raise NotImplementedError


class Tiers:
    """Thread-safe."""

    def __init__(
        self,
        origins: Iterable[Origin] = (),
        order: Sequence[Tier] = (),
        keeper: Keeper | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`origins`: besides the files that chunks were opened with."""
        self._origins = list(origins)
        self._ranking = Ranking(order)
        self._keeper = keeper
        self._clock = clock
        self._lock = threading.Lock()

    def add(self, origin: Origin) -> Origin:
        """One more origin, or the one of its name that is known. Returns it."""
        with self._lock:
            found = next((known for known in self._origins if known.name == origin.name), None)
            if found is None:
                self._origins.append(origin)
            return found or origin

    @property
    def reaches_afar(self) -> bool:
        """Whether there is an origin that is not on this disk."""
        with self._lock:
            return any(origin.tier is not Tier.DISK for origin in self._origins)

    def bring(
        self,
        hashes: Sequence[bytes],
        pages_B: memoryview,
        read_file: ReadFile | None,
        proving: Proving = nullcontext,
    ) -> None:
        """Fills a buffer with the pages of these hashes, one behind the other.

        Args:
            proving: what pages are checked in.
            read_file: reads some of them from where the catalog had them when they were opened; None: nowhere.

        Raises StoreFailed: nobody has one of them; CheckpointInvalid if only the disk was to be asked.
        """
        missing = list(range(len(hashes)))
        tried: dict[str, str] = {}
        for origin in self._ranked(read_file):
            before = missing
            missing = self._ask(origin, hashes, pages_B, missing, tried, proving)
            if isinstance(origin, _File) and missing and self._keeper is not None:
                self._keeper.doubt([hashes[number] for number in missing])  # before somebody offers a better copy
            elif origin.tier is not Tier.DISK and self._keeper is not None:
                for number in sorted(set(before).difference(missing)):
                    self._keeper.offer(hashes[number], _page(pages_B, number))
            if not missing:
                break
        if missing:
            said = "; ".join(f"{name}: {what}" for name, what in tried.items()) or "nobody was to be asked"
            kind = CheckpointInvalid if tried.keys() <= {DISK, f"{DISK} again"} else StoreFailed
            raise kind(
                f"page {hashes[missing[0]].hex()[:16]} of weights cannot be had ({said}): "
                "run `aweigh store verify`, publish or pull the model again"
            )

    def seconds(self, count: int, *, on_disk: bool) -> float:
        """How long `count` bytes are expected to take."""
        with self._lock:
            origins = [origin for origin in self._origins if on_disk or origin.tier is not Tier.DISK]
            if on_disk:
                origins = [_File(_nothing), *(origin for origin in origins if origin.tier is not Tier.DISK)]
            speed = self._ranking.bytes_per_second(origins, self._clock())
        return count / speed if speed else 0.0

    def report(self) -> tuple[TierCount, ...]:
        """By origin, those that were asked."""
        with self._lock:
            now = self._clock()
            return tuple(
                TierCount(
                    name,
                    one.bytes,
                    one.seconds,
                    one.failures,
                    one.bytes_per_second(now),
                    name != DISK and one.rests(now),
                )
                for name, one in self._ranking.standings.items()
                if one.seconds or one.failures
            )

    def close(self) -> None:
        """Writes down what was offered, and ends the thread that does it."""
        if self._keeper is not None:
            self._keeper.close()

    def _ranked(self, read_file: ReadFile | None) -> list[Origin]:
        """The slots that were opened are asked before the catalog is, where their bytes may lie by now."""
        with self._lock:
            files: list[Origin] = [] if read_file is None else [_File(read_file)]
            rest = [origin for origin in self._origins if origin.tier is not Tier.DISK]
            disk = [origin for origin in self._origins if origin.tier is Tier.DISK]
            ranked = self._ranking.ranked([*(files or disk), *rest], self._clock())
        if not files:
            return ranked
        at = next((at for at, origin in enumerate(ranked) if isinstance(origin, _File)), None)
        return ranked if at is None else [*ranked[: at + 1], *disk, *ranked[at + 1 :]]

    def _ask(
        self,
        origin: Origin,
        hashes: Sequence[bytes],
        pages_B: memoryview,
        missing: list[int],
        tried: dict[str, str],
        proving: Proving,
    ) -> list[int]:
        """Returns what is missing afterwards."""
        given: set[int] = set()
        began = self._clock()
        said = ""
        for run in grouped(missing):
            part_B = pages_B[run.start * PAGE_BYTES : run.stop * PAGE_BYTES]
            try:
                if isinstance(origin, _File):
                    origin.read(run.start * PAGE_BYTES, part_B)
                    given.update(run)
                else:
                    given.update(run[at] for at in origin.fetch(hashes[run.start : run.stop], part_B))
            except AweighError as error:
                said = str(error)
            except OSError as error:
                said = error.strerror or str(error) or type(error).__name__
        took = self._clock() - began
        with proving():
            right = {number for number in given if is_page(_page(pages_B, number), hashes[number])}
        with self._lock:
            now, standing = self._clock(), self._ranking.of(origin)
            if said or right != given:
                standing.failed(took, now, lied=right != given and origin.tier is not Tier.DISK)
            if right or not (said or origin.tier is Tier.DISK):
                standing.took(len(right) * PAGE_BYTES, 0.0 if said else took, now)
        if said or len(right) < len(missing):
            tried[_shown(origin, tried)] = said or (_WRONG if right != given else _ABSENT)
        return [number for number in missing if number not in right]


def _shown(origin: Origin, tried: Mapping[str, str]) -> str:
    """The disk is asked twice: as it was opened, and as the catalog is now."""
    return origin.name if origin.name not in tried else f"{origin.name} again"


def _page(pages_B: memoryview, number: int) -> memoryview:
    return pages_B[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]


def _nothing(offset: int, into: memoryview) -> None:
    raise NotImplementedError
