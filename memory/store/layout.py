"""Which tensors share an extent: a function of their order, names and sizes, so that fine-tunes of one base share pages.

An extent begins at a page and its last page is padded. So that padding stays small:

1. A tensor whose padding is at most 1/32 of it is an extent of its own. A numbered part of a layer (an expert) counts as one tensor: it
   is used as a whole, and is never cut.
2. What is left of a layer (norms, biases, tensors that end far from a page's end) is joined in the order of use into bundles; a bundle
   ends as soon as its padding is at most 1/32 of it. Inside, every tensor begins at a multiple of 64 bytes. So the projections that a
   kernel reads as one matrix mostly lie one behind the other.
3. A bundle ends with its layer. Where that would waste more than 1/20 of the whole (layers of three and a half pages), bundles end with every
   second layer, or with every fourth, and so on: the first of these that is good enough, for the whole model. Equal layers are then cut
   alike, and a change of one layer moves nothing far behind it. Rejected: to carry an open bundle on whenever that saves a page; then
   a larger vocabulary cuts every later layer elsewhere.

Extents are ordered by the first use of any of their tensors. Tensors without bytes are in no extent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.order import layer, member

ALIGNMENT = 64
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
    """An extent: its tensors by offset."""

    tensors: tuple[Placed, ...]

    @property
    def length(self) -> int:
        """Bytes up to the end of the last tensor."""
        return self.tensors[-1].end

    @property
    def pages(self) -> int:
        return -(-self.length // PAGE_BYTES)


def pack(items: Sequence[Item]) -> list[Packed]:
    """The extents of a model in the order of use. `items`: the tensors that have bytes, in the order of use."""
    layers = _layers(items)
    useful = sum(item.length for item in items)
    every = 1
    while True:
        extents = _cut(layers, every)
        if sum(extent.pages * PAGE_BYTES for extent in extents) * (WASTE_OF_MODEL - 1) <= useful * WASTE_OF_MODEL:
            return extents
        if every >= len(layers):
            return extents
        every *= 2


def _layers(items: Sequence[Item]) -> list[list[list[Item]]]:
    """The tensors by layer, and in a layer by what stays together. What is in no layer stands between layers, where it is used first."""
    layers: dict[tuple[str, int], dict[str, list[Item]]] = {}
    passed: set[str] = set()
    for item in items:
        path = layer(item.name)
        if path:
            passed.add(path)
        parts = layers.setdefault((path, 0 if path else len(passed)), {})
        parts.setdefault(member(item.name) or f"{item.name}.", []).append(item)
    return [list(parts.values()) for parts in layers.values()]


def _cut(layers: list[list[list[Item]]], every: int) -> list[Packed]:
    """`every`: so many layers may share a bundle."""
    return [extent for first in range(0, len(layers), every) for extent in _bundles(layers[first : first + every])]


def _bundles(layers: list[list[list[Item]]]) -> list[Packed]:
    done: list[tuple[int, Packed]] = []
    waiting: list[Item] = []
    began = length = 0  # of what waits
    parts = [part for layer in layers for part in layer]
    for at, part in enumerate(parts):
        alone = _joined(part)
        if not _wasteful(alone.length):
            done.append((at, alone))
            continue
        began = began if waiting else at
        waiting += part
        length = _aligned(length) + alone.length
        if not _wasteful(length):
            done.append((began, _joined(waiting)))
            waiting, length = [], 0
    if waiting:
        done.append((began, _joined(waiting)))
    return [extent for _, extent in sorted(done, key=lambda pair: pair[0])]


def _joined(items: Sequence[Item]) -> Packed:
    return Packed(tuple(_placed(items)))


def _placed(items: Sequence[Item]) -> Iterator[Placed]:
    end = 0
    for item in items:
        offset = _aligned(end)
        yield Placed(item.name, offset, item.length)
        end = offset + item.length


def _wasteful(length: int) -> bool:
    return -length % PAGE_BYTES * WASTE_OF_EXTENT > length


def _aligned(end: int) -> int:
    return -(-end // ALIGNMENT) * ALIGNMENT
