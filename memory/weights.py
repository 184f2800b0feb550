"""The weights of a model: one view per Program slot, reached through an address table, over extents that models share.

Legend: A entries of the address table, one per slot.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from blake3 import blake3
from torch import Tensor

from aweigh.memory.addresses import AddressTable
from aweigh.memory.arena import Arena
from aweigh.memory.core import Extent
from aweigh.memory.expression import Plan, evaluate, plan
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.pager import Pager
from aweigh.memory.sources import Leaf, Sources
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.program import Manifest, Slot, WeightExpression


@dataclass(frozen=True, slots=True)
class Paging:
    """How a model's weights come and go: `regions[i]` is the pager's number of what slot i lies in, None for what is always there."""

    pager: Pager
    model: str
    regions: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's weights while it is loaded. `extents[i]` is what slot i reads, its first byte first."""

    addresses: AddressTable
    extents: tuple[Extent, ...]
    uses: tuple[Extent, ...]  # of the arena, one per slot
    arena: Arena
    digest: bytes  # of all slots' expressions over the identities of what they read
    paging: Paging | None = None  # where weights come and go

    def tensor(self, slot: int) -> Tensor:
        """The view of a slot, on the arena's device. Valid until `close`."""
        return self.addresses.tensor(slot)

    @property
    def bytes(self) -> int:
        """Bytes of distinct extents."""
        return sum(extent.length for extent in set(self.extents))

    def close(self) -> None:
        """Gives every extent back. Call once; no view may be used by a kernel afterwards."""
        if self.paging is not None:
            numbers = [number for number in self.paging.regions if number is not None]
            self.paging.pager.disown(self.paging.model, numbers)
        for extent in self.uses:
            self.arena.unmap(extent)


def load(
    manifest: Manifest,
    slots: tuple[Slot, ...],
    sources: Sources,
    arena: Arena,
    tell: Callable[[int, int], None] = lambda done, total: None,
    digest: bytes = b"",
) -> Weights:
    """Maps or makes every slot. Everything is proved before the first byte is mapped.

    `digest`: of the same weights in another place, which is theirs; empty: it is made of where they are. `tell` hears before the first slot and after each one how many bytes of slots are in place, and of how many.

    Raises:
        CheckpointInvalid: manifest, Program slots and sources do not fit; the sentence names the slot or the tensor.
        MemoryError: the device has no room.
    """
    plans = check(manifest, slots, sources)
    uses: list[Extent] = []
    extents: list[Extent] = []
    tensors: list[Tensor] = []
    total = sum(map(_span, plans))
    done = 0
    tell(done, total)
    try:
        for expression, planned in zip(manifest.slots, plans, strict=True):
            tensor, use, extent = _place(expression, planned, arena, sources)
            done += _span(planned)
            tell(done, total)
            uses.append(use)
            extents.append(extent)
            tensors.append(tensor)
    except BaseException:
        for use in uses:
            arena.unmap(use)
        raise
    table = AddressTable(len(tensors), arena.device)
    table.place_all(tensors)
    digest = digest or digest_of(plans)
    paging = _paging(arena, uses, digest.hex()) if isinstance(arena, PagedArena) else None
    return Weights(table, tuple(extents), tuple(uses), arena, digest, paging)


def digest_of(plans: list[Plan]) -> bytes:
    """Names weights by their expressions and by who the sources are."""
    return blake3(b"".join(planned.digest for planned in plans)).digest(16)


def _paging(arena: PagedArena, uses: list[Extent], model: str) -> Paging:
    """Slots stand in the order in which a Program uses them first, and so do their regions."""
    regions = tuple(arena.region_of(use) for use in uses)
    arena.pager.order(model, [number for number in regions if number is not None])
    return Paging(arena.pager, model, regions)


def check(manifest: Manifest, slots: tuple[Slot, ...], sources: Sources) -> list[Plan]:
    """The plan of every slot. Raises CheckpointInvalid as `load` does."""
    if len(manifest.slots) != len(slots):
        raise CheckpointInvalid(f"the manifest has {len(manifest.slots)} slots, the Program has {len(slots)}")
    plans: list[Plan] = []
    for index, (expression, slot) in enumerate(zip(manifest.slots, slots, strict=True)):
        planned = plan(expression, sources)
        if planned.shape != tuple(slot.shape) or planned.dtype is not slot.dtype:
            name = repr(expression) if isinstance(expression, str) else "an expression"
            raise CheckpointInvalid(
                f"slot {index} wants {slot.dtype.torch_name} {list(slot.shape)}, {name} of the checkpoint is "
                f"{planned.dtype.torch_name} {list(planned.shape)}: it does not fit the model's configuration"
            )
        plans.append(planned)
    return plans


def _place(
    expression: WeightExpression, planned: Plan, arena: Arena, sources: Sources
) -> tuple[Tensor, Extent, Extent]:
    """Returns the slot's view, the extent that the arena counts, and the extent that the slot reads."""
    dtype = getattr(torch, planned.dtype.torch_name)
    if planned.source is not None and planned.kernel_ready:
        use = planned.source.extent
        whole = arena.map(planned.source.source, use)
        tensor = whole.view(dtype).as_strided(
            planned.shape, planned.strides, whole.storage_offset() // planned.dtype.size + planned.offset
        )
        return tensor, use, use.part(planned.offset * planned.dtype.size, _span(planned))

    def fill(bytes_B: Tensor) -> None:
        bytes_B.view(dtype).view(planned.shape).copy_(evaluate(expression, _HostReader(sources).read))

    made = arena.make(planned.extent, fill)
    return made.view(dtype).view(planned.shape), planned.extent, planned.extent


class _HostReader:
    """Reads leaves on the host while something is made of them; the mapping goes with the last view."""

    def __init__(self, sources: Sources) -> None:
        from aweigh.memory.host_arena import HostArena

        self._sources = sources
        self._arena = HostArena()

    def read(self, leaf: Leaf) -> Tensor:
        place = self._sources.place(leaf)
        raw = self._arena.map(place.source, place.extent)
        if place.extent.offset % place.dtype.size:
            raw = raw.clone()
        return raw.view(getattr(torch, place.dtype.torch_name)).view(place.shape)


def _span(planned: Plan) -> int:
    """Bytes from the first to the last element of a view."""
    if 0 in planned.shape:
        return 0
    last = sum((dim - 1) * stride for dim, stride in zip(planned.shape, planned.strides, strict=True))
    return (last + 1) * planned.dtype.size
