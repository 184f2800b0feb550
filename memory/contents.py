"""Contents: bytes of weights that clients put, named by their BLAKE3 digest. Legend: B bytes.

A content is kept while a lease that put it lives, or a model that reads it is loaded. A digest is as good as its bytes: a lease may
load a model over what another one put, and need not send it again. A content lies in anonymous memory and is an arena's source as a file is, so a
CPU's models read it where it arrived.

Bytes are counted before they are taken, for the lease and for everybody: what a lease holds with others counts for each of them, and
once for everybody. A content that is on its way counts as if it were here.
Thread-safe: the event loop takes contents in, the loading thread reads them, leases end on either.
"""

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

import psutil
import torch
from blake3 import blake3
from torch import Tensor

from aweigh.memory.core import Extent
from aweigh.memory.mapping import Anonymous
from aweigh.proto.errors import InvalidRequest, LeaseEnded, Overloaded

_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
MAX_LEASE_BYTES = _MEMORY // 2
MAX_BYTES = _MEMORY // 4 * 3
MAX_LEASE_CONTENTS = 100_000


class Content:
    """Bytes that have their digest. An arena's source."""

    def __init__(self, digest: bytes, bytes_B: Tensor) -> None:
        self.digest = digest
        self.name = f"content:{digest.hex()}"
        self.size = len(bytes_B)
        self._bytes_B = bytes_B

    def map(self) -> Tensor:
        """See `Source.map`."""
        return self._bytes_B

    def region(self, extent: Extent) -> None:
        """See `Source.region`."""


@dataclass(slots=True)
class _Kept:
    content: Content
    leases: set[str] = field(default_factory=set)
    readers: int = 0


@dataclass(slots=True)
class _Holder:
    """A lease: what it put, and the bytes of that and of what it has on its way."""

    digests: set[bytes] = field(default_factory=set)
    bytes: int = 0


class Arriving:
    """A content on its way: memory of its declared size, and the hash of what came. One thread at a time."""

    def __init__(self, lease: str, digest: bytes, size: int) -> None:
        self.lease = lease
        self.digest = digest
        self.size = size
        self.got = 0
        self.bytes_B = Anonymous(size).bytes_B if size else torch.empty(0, dtype=torch.uint8)
        self._hasher = blake3()

    def add(self, data: bytes) -> None:
        """Takes a chunk. Raises InvalidRequest for more bytes than were declared."""
        end = self.got + len(data)
        if end > self.size:
            raise InvalidRequest(f"more bytes came than the {self.size} that were declared for a content")
        if data:
            self._hasher.update(data)
            self.bytes_B.numpy()[self.got : end] = memoryview(data)
            self.got = end

    def proved(self) -> Content:
        """What has arrived. Raises InvalidRequest if it is not what was declared."""
        if self.got != self.size:
            raise InvalidRequest(f"{self.got} bytes of a content came, {self.size} were declared")
        if self._hasher.digest() != self.digest:
            raise InvalidRequest("a content does not have the digest that was declared: was it written to meanwhile?")
        return Content(self.digest, self.bytes_B)


class Contents:
    """All contents of a worker, by digest."""

    def __init__(self, most: int = MAX_BYTES, most_of_lease: int = MAX_LEASE_BYTES) -> None:
        """`most` bytes for everybody, `most_of_lease` for one lease."""
        self._most = most
        self._most_of_lease = most_of_lease
        self._lock = threading.Lock()
        self._kept: dict[bytes, _Kept] = {}
        self._arriving: set[Arriving] = set()
        self._leases: dict[str, _Holder] = {}
        self._bytes = 0  # of what is kept and what is on its way

    def open(self, lease: str) -> None:
        """Makes a lease known."""
        with self._lock:
            self._leases.setdefault(lease, _Holder())

    def end(self, lease: str) -> None:
        """Drops what only this lease kept. What it has on its way is refused when it arrives."""
        with self._lock:
            holder = self._leases.pop(lease, None)
            for digest in holder.digests if holder else ():
                self._kept[digest].leases.discard(lease)
                self._drop_unused(digest)

    def begin(self, lease: str, digest: bytes, size: int) -> Arriving:
        """Room for a content that comes now; give it to `arrived` or `given_up`. Raises LeaseEnded, Overloaded, InvalidRequest."""
        with self._lock:
            holder = self._of(lease)
            if digest in self._kept and self._kept[digest].content.size != size:
                raise InvalidRequest(
                    f"a content of that digest has {self._kept[digest].content.size} bytes, not {size}"
                )
            if holder.bytes + size > self._most_of_lease or len(holder.digests) >= MAX_LEASE_CONTENTS:
                raise Overloaded(
                    f"a lease may put {self._most_of_lease} bytes of weights: save them to a file that the engine can read"
                )
            coming = sum(one.size - one.got for one in self._arriving)
            available = psutil.virtual_memory().available - coming
            if self._bytes + size > self._most or size > available:
                raise Overloaded(f"the engine has no room for {size} bytes of weights more: retry later")
            try:
                arriving = Arriving(lease, digest, size)
            except MemoryError as error:
                raise Overloaded(f"the engine has no room for {size} bytes of weights more: {error}") from None
            self._arriving.add(arriving)
            self._bytes += size
            holder.bytes += size
            return arriving

    def arrived(self, arriving: Arriving, content: Content) -> None:
        """Keeps what has arrived for its lease; what is here already stays, and the copy goes. Raises LeaseEnded."""
        with self._lock:
            self._over(arriving)
            holder = self._of(arriving.lease)
            kept = self._kept.get(content.digest)
            if kept is None:
                kept = self._kept[content.digest] = _Kept(content)
                self._bytes += content.size
            if content.digest not in holder.digests:
                kept.leases.add(arriving.lease)
                holder.digests.add(content.digest)
                holder.bytes += content.size

    def given_up(self, arriving: Arriving) -> None:
        """Frees the room of what will not arrive. May be called after `arrived`."""
        with self._lock:
            self._over(arriving)

    def read(self, digests: Iterable[bytes]) -> tuple[dict[bytes, Content], list[bytes]]:
        """Contents by digest, each kept for one reader more until `release`; and the digests of those that are not here.

        Where one is missing none is kept."""
        wanted = set(digests)
        with self._lock:
            missing = sorted(wanted - self._kept.keys())
            if missing:
                return {}, missing
            for digest in wanted:
                self._kept[digest].readers += 1
            return {digest: self._kept[digest].content for digest in wanted}, []

    def release(self, digests: Iterable[bytes]) -> None:
        """Gives back what `read` kept, each digest once."""
        with self._lock:
            for digest in digests:
                self._kept[digest].readers -= 1
                self._drop_unused(digest)

    @property
    def size(self) -> int:
        """In bytes, of all that are kept and on their way."""
        return self._bytes

    def _over(self, arriving: Arriving) -> None:
        if arriving in self._arriving:
            self._arriving.discard(arriving)
            self._bytes -= arriving.size
            if arriving.lease in self._leases:
                self._leases[arriving.lease].bytes -= arriving.size

    def _drop_unused(self, digest: bytes) -> None:
        kept = self._kept[digest]
        if not kept.leases and not kept.readers:
            del self._kept[digest]
            self._bytes -= kept.content.size

    def _of(self, lease: str) -> _Holder:
        holder = self._leases.get(lease)
        if holder is None:
            raise LeaseEnded("the lease is unknown or over: connect again")
        return holder
