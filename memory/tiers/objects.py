"""An object store as an origin of pages: ranges of packs. Legend: B bytes."""

import threading
from collections.abc import Collection, Iterable, Sequence

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.mover.chunks import CHUNK_BYTES
from aweigh.memory.tiers.bucket import Bucket, check
from aweigh.memory.tiers.origin import Tier
from aweigh.memory.tiers.packs import Pack, Place, places, runs


class Objects:
    """`aweigh.memory.tiers.origin.Origin`."""

    tier = Tier.OBJECTS

    def __init__(self, url: str, packs: Iterable[Pack] = ()) -> None:
        """Raises InvalidRequest. Nobody is asked before the first page is."""
        self.name = check(url)
        self._places: dict[bytes, Place] = {}
        self._bucket: Bucket | None = None
        self._lock = threading.Lock()
        self.learn(packs)

    def learn(self, packs: Iterable[Pack]) -> None:
        """Says where more pages are."""
        self._places |= places(packs)

    def fetch(self, hashes: Sequence[bytes], pages_B: memoryview) -> Collection[int]:
        """See `Origin.fetch`."""
        given: list[int] = []
        for at, place, count in runs(list(hashes), self._places, CHUNK_BYTES // PAGE_BYTES):
            into_B = pages_B[at * PAGE_BYTES : (at + count) * PAGE_BYTES]
            if self._open().get_range(place.pack.path, place.slot * PAGE_BYTES, into_B):
                given += range(at, at + count)
        return given

    def _open(self) -> Bucket:
        with self._lock:
            if self._bucket is None:
                self._bucket = Bucket(self.name)
            return self._bucket
