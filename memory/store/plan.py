"""What a publish will store, known before a byte of a weight is read: tensors, extents and pages, numbered through."""

import bisect
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.layout import Item, Packed, Placed, pack


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a tensor's bytes in a page."""

    tensor: str
    offset: int  # in the tensor
    length: int
    at: int  # in the page


@dataclass(frozen=True, slots=True)
class Plan:
    """Extents in the order of use; their pages are numbered through, `firsts[i]` is the first one of extent i.

    `known`: hashes of pages, by number, that need not be read: a stored model has them.
    """

    extents: tuple[Packed, ...]
    firsts: tuple[int, ...]
    digest: bytes
    known: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return self.firsts[-1] + self.extents[-1].pages if self.extents else 0

    def pages_of(self, extent: int) -> range:
        return range(self.firsts[extent], self.firsts[extent] + self.extents[extent].pages)

    @property
    def borrowed(self) -> frozenset[bytes]:
        """Hashes of pages of extents that are another model's: they cannot be made of the checkpoint."""
        numbers = (n for at, extent in enumerate(self.extents) if extent.borrowed for n in self.pages_of(at))
        return frozenset(self.known[number] for number in numbers)

    def pieces(self, page: int) -> list[Piece]:
        """What a page holds; the rest of it is zeros."""
        extent = bisect.bisect_right(self.firsts, page) - 1
        begin = (page - self.firsts[extent]) * PAGE_BYTES
        return pieces(self.extents[extent].tensors, begin)


def pieces(tensors: Sequence[Placed], begin: int) -> list[Piece]:
    """What of an extent's tensors, given by offset, lies in the page that begins `begin` bytes into the extent."""
    found = []
    end = begin + PAGE_BYTES
    for tensor in tensors[bisect.bisect_right(tensors, begin, key=lambda tensor: tensor.end) :]:
        if tensor.offset >= end:
            break
        first, last = max(tensor.offset, begin), min(tensor.end, end)
        if first < last:
            found.append(Piece(tensor.name, first - tensor.offset, last - first, first - begin))
    return found


def structure(tensors: Mapping[str, TensorEntry]) -> bytes:
    """A hash over names, dtypes and shapes."""
    hasher = blake3()
    for name in sorted(tensors):
        hasher.update(repr((name, tensors[name].dtype_name, tensors[name].shape)).encode())
    return hasher.digest()


def make_plan(tensors: Mapping[str, TensorEntry], order: Sequence[str]) -> Plan:
    """`order`: every name of `tensors`, in the order of use."""
    return plan_of(pack([Item(name, tensors[name].length) for name in order if tensors[name].length]))


def plan_of(extents: Sequence[Packed], known: Sequence[Mapping[int, bytes]] = ()) -> Plan:
    """The plan of extents that are given. `known`: for each of them, hashes of its pages by place, as far as they need not be read."""
    firsts = tuple(itertools.accumulate((extent.pages for extent in extents), initial=0))
    numbers = {first + at: page for first, pages in zip(firsts, known, strict=False) for at, page in pages.items()}
    digest = blake3(repr(([(extent.tensors, extent.borrowed) for extent in extents], sorted(numbers.items()))).encode())
    return Plan(tuple(extents), firsts[:-1], digest.digest(), numbers)
