"""Which tensors share an extent: a function of their order, names and sizes, so that fine-tunes of one base share pages.

An extent begins at a page and its last page is padded. So that padding stays small, and a changed tensor changes few pages:

1. A tensor whose padding is at most 1/32 of it is an extent of its own. A numbered part of a layer (an expert) counts as one tensor: it
   is used as a whole, and is never cut.
2. What has at most 64 KiB (norms, biases, scales) is bundled across layers, a page at a time: such a page is best kept while the model
   is used, and a fine-tune that changed one norm changed one page and none of a large tensor's.
3. What is left of a layer (tensors that end far from the end of a page) is joined in the order of use into bundles; a bundle
   ends as soon as its padding is at most 1/32 of it. So the projections that a kernel reads as one matrix mostly lie one behind the other.
4. A bundle ends with its layer. Where that would waste more than 1/20 of the whole (layers of three and a half pages), bundles end with every
   second layer, or with every fourth, and so on: the first of these that is good enough, for the whole model. Equal layers are then cut
   alike, and a change of one layer moves nothing far behind it. Rejected: to carry an open bundle on whenever that saves a page; then
   a larger vocabulary cuts every later layer elsewhere.

In a bundle every tensor begins at a multiple of 64 bytes. Extents are ordered by the first use of any of their tensors. Tensors without bytes
are in no extent.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.order import layer, member

ALIGNMENT = 64
SMALL = PAGE_BYTES // 32
WASTE_OF_EXTENT = 32  # at most 1/32
WASTE_OF_MODEL = 20  # at most 1/20


@dataclass(frozen=True, slots=True)
class Item:
    """A tensor as far as the layout sees it."""

    name: str
    length: int  # bytes, more than 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A tensor in an extent: bytes from the extent's begin, and its length in bytes."""

    name: str
    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Packed:
    """An extent: its tensors by offset. `borrowed`: the length of an extent of another model, which has tensors of its own between them."""

    tensors: tuple[Placed, ...]
    borrowed: int = 0

    @property
    def length(self) -> int:
        """Bytes up to the end of the last tensor."""
        return self.borrowed or self.tensors[-1].end

    @property
    def pages(self) -> int:
        return -(-self.length // PAGE_BYTES)


Part = tuple[int, list[Item]]
"""Tensors that are never cut apart, and their place in the order of use."""


def pack(items: Sequence[Item]) -> list[Packed]:
    """The extents of a model in the order of use. `items`: the tensors that have bytes, in the order of use."""
    layers = _layers(items)
    useful = sum(item.length for item in items)
    small = list(bundles(part for parts in layers for part in parts if _is_small(part)))
    large = [[part for part in parts if not _is_small(part)] for parts in layers]
    every = 1  # so many layers may share a bundle
    while True:
        groups = (itertools.chain(*large[first : first + every]) for first in range(0, len(large), every))
        found = sorted((*small, *(bundle for group in groups for bundle in bundles(group))), key=lambda one: one[0])
        extents = [extent for _, extent in found]
        padded = sum(extent.pages for extent in extents) * PAGE_BYTES
        if padded * (WASTE_OF_MODEL - 1) <= useful * WASTE_OF_MODEL or every >= len(layers):
            return extents
        every *= 2


def _layers(items: Sequence[Item]) -> list[list[Part]]:
    """The parts of a model by layer. What is in no layer stands between layers, where it is used first."""
    layers: dict[tuple[str, int], dict[str, list[Item]]] = {}
    passed: set[str] = set()
    for item in items:
        path = layer(item.name)
        if path:
            passed.add(path)
        parts = layers.setdefault((path, 0 if path else len(passed)), {})
        parts.setdefault(member(item.name) or f"{item.name}.", []).append(item)
    order = itertools.count()
    return [[(next(order), part) for part in parts.values()] for parts in layers.values()]


def bundles(parts: Iterable[Part], waste: int = WASTE_OF_EXTENT) -> Iterator[tuple[int, Packed]]:
    """Extents with the place of their first part: parts that stand alone, and bundles of the others, in no order.

    A bundle ends when its padding is at most 1/`waste` of it."""
    waiting: list[Item] = []
    began = length = 0  # of what waits
    for place, part in parts:
        alone = _joined(part)
        if not _wasteful(alone.length, waste):
            yield place, alone
            continue
        began = began if waiting else place
        waiting += part
        length = _aligned(length) + alone.length
        if not _wasteful(length, waste):
            yield began, _joined(waiting)
            waiting, length = [], 0
    if waiting:
        yield began, _joined(waiting)


def _is_small(part: Part) -> bool:
    return sum(item.length for item in part[1]) <= SMALL


def _joined(items: Sequence[Item]) -> Packed:
    return Packed(tuple(_placed(items)))


def _placed(items: Sequence[Item]) -> Iterator[Placed]:
    end = 0
    for item in items:
        offset = _aligned(end)
        yield Placed(item.name, offset, item.length)
        end = offset + item.length


def _wasteful(length: int, waste: int) -> bool:
    return -length % PAGE_BYTES * waste > length


def _aligned(end: int) -> int:
    return -(-end // ALIGNMENT) * ALIGNMENT
