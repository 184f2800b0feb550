"""The paged arena: extents have addresses from the moment they are mapped, and bytes while somebody needs them. Legend: B bytes.

`map` brings nothing. Who computes asks the pager for the regions of what it reads (`region_of`), and reads while it holds the ticket.
What is made of several tensors is made anew each time it comes. What was uploaded stays where it was put; an accelerator has a copy of it beside
the frames, in torch's own memory, as of what is too small for a frame.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

import torch
from torch import Tensor

from aweigh.memory.core import Extent
from aweigh.memory.failpoints import reach
from aweigh.memory.frames.core import FRAME_BYTES, Place, frames_for
from aweigh.memory.mapping import Anonymous
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.paging.pager import Pager
from aweigh.memory.region import Region
from aweigh.memory.sources import Source

# What is made and smaller would waste most of a frame; it lies outside of them.
SMALL_BYTES = FRAME_BYTES // 2


@dataclass(slots=True)
class _Mapped:
    """A region that extents are mapped of."""

    number: int
    region: Region
    bytes_B: Tensor
    extents: set[Extent] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class PagedFrames:
    """`aweigh.memory.arena.Frames` out of the pool: a run costs frames from `want` to `forget`."""

    pager: Pager
    place: Place
    bytes_B: Tensor

    def want(self, offset: int, length: int, before: float = inf) -> bool:
        """See `Frames.want`. Whole frames only; what cannot be mapped cannot be had."""
        first, count = offset // FRAME_BYTES, length // FRAME_BYTES
        assert offset % FRAME_BYTES == length % FRAME_BYTES == 0
        if not self.pager.reserved.is_empty(self.place, first, count) or not self.pager.take_frames(count, before):
            return False
        try:
            reach(Migration.GRANTED)
            self.pager.reserved.back(self.place, first, count)
            reach(Migration.TAKEN)
        except (OSError, MemoryError):  # no mapping is left, say: as if there were no room
            self._return(first, count)
            return False
        # Weights lay here: what they look like as keys may be no number, and nothing times that is no zero.
        self.bytes_B[offset : offset + length].zero_()
        return True

    def forget(self, offset: int, length: int) -> None:
        """See `Frames.forget`."""
        first, count = offset // FRAME_BYTES, length // FRAME_BYTES
        if (fence := self.pager.frames.fence()) is not None:
            fence.wait()  # between two steps: there is mostly nothing to wait for
        self._return(first, count)

    def _return(self, first: int, count: int) -> None:
        self.pager.reserved.give_back(self.place, first, count)
        reach(Migration.GIVEN)


class PagedArena:
    """`aweigh.memory.arena.Arena` of bounded size, over frames."""

    granule = FRAME_BYTES

    def __init__(self, pager: Pager) -> None:
        self.pager = pager
        self.device = pager.frames.device
        self._uses: dict[Extent, int] = {}
        self._region_of: dict[Extent, str] = {}
        self._mapped: dict[str, _Mapped] = {}
        self._made: dict[Extent, Tensor] = {}

    def map(self, source: Source, extent: Extent) -> Tensor:
        """See `Arena.map`."""
        if not extent.length:
            self._use(extent)
            return torch.empty(0, dtype=torch.uint8, device=self.device)
        region = source.region(extent)
        if region is not None:
            return self._view(*region, extent)
        if not self.pager.frames.is_host:
            return self._beside(extent, lambda bytes_B: bytes_B.copy_(_part(source, extent)))
        self._use(extent)
        return _part(source, extent)

    def make(self, extent: Extent, fill: Callable[[Tensor], None]) -> Tensor:
        """See `Arena.make`. What takes a frame or more is made when it is needed, and anew when it had to go."""
        if extent.length >= SMALL_BYTES:
            return self._view(Region(extent.name, extent.length, fill=fill), 0, extent)
        return self._beside(extent, fill)

    def unmap(self, extent: Extent) -> None:
        """See `Arena.unmap`."""
        self._uses[extent] -= 1
        if self._uses[extent]:
            return
        del self._uses[extent]
        self._made.pop(extent, None)
        name = self._region_of.pop(extent, None)
        if name is not None:
            mapped = self._mapped[name]
            mapped.extents.discard(extent)
            if not mapped.extents:
                del self._mapped[name]
                self.pager.remove([mapped.number])

    def region_of(self, extent: Extent) -> int | None:
        """The number of the region that a mapped extent lies in; None for what is always there."""
        name = self._region_of.get(extent)
        return None if name is None else self._mapped[name].number

    @property
    def regions(self) -> list[tuple[int, Region]]:
        """What is mapped, with the pager's numbers. May be asked on any thread."""
        return [(mapped.number, mapped.region) for mapped in list(self._mapped.values())]

    def reserve(self, size: int) -> PagedFrames:
        """See `Arena.reserve`. `size` is a multiple of 2 MiB."""
        place = self.pager.reserved.place(frames_for(size))
        return PagedFrames(self.pager, place, place.bytes_B)

    def mapped_bytes(self) -> int:
        """See `Arena.mapped_bytes`."""
        return sum(extent.length for extent in self._uses)

    def _view(self, region: Region, begin: int, extent: Extent) -> Tensor:
        mapped = self._mapped.get(region.name)
        if mapped is None:
            number = self.pager.add(region)
            mapped = self._mapped[region.name] = _Mapped(number, region, self.pager.place(number).bytes_B)
        mapped.extents.add(extent)
        self._region_of[extent] = region.name
        self._use(extent)
        first = mapped.region.lead + begin
        return mapped.bytes_B[first : first + extent.length]

    def _beside(self, extent: Extent, fill: Callable[[Tensor], object]) -> Tensor:
        """Bytes outside of the frames, that stay for as long as somebody uses them."""
        made = self._made.get(extent)
        if made is None:
            made = self._room(extent.length)
            fill(made)
            self._made[extent] = made
        self._use(extent)
        return made

    def _room(self, size: int) -> Tensor:
        if size and self.pager.frames.is_host:
            return Anonymous(size).bytes_B
        try:
            return torch.empty(size, dtype=torch.uint8, device=self.device)
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error

    def _use(self, extent: Extent) -> None:
        self._uses[extent] = self._uses.get(extent, 0) + 1


def _part(source: Source, extent: Extent) -> Tensor:
    return source.map()[extent.offset : extent.offset + extent.length]
