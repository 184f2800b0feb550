"""Whose each frame is. Counts only; what to do is the manager's business.

Frames of weights are `used` from the moment a fetch starts until a drop is confirmed. An extent with pins is either there, or under way,
or `promised` a place. Since all that is pinned, there or not, fits into the budget at once (`committed`), every promise can be kept: drop
what has no pin, wait for confirmations, fetch. That one inequality is why no two tickets can wait for each other.
"""

import enum
from collections import OrderedDict
from collections.abc import Iterable

from aweigh.memory.policy.base import Item


class Place(enum.IntEnum):
    """Where an extent is; one that is nowhere in the arena has no entry."""

    FETCHING = 0
    RESIDENT = 1
    DROPPING = 2
    CANCELLING = 3
    SPOILED = 4  # its bytes are wrong, and who holds it has not let go yet


class Ledger:
    """Extents, their places and pins, and the frames that all of it takes."""

    def __init__(self) -> None:
        self.items: dict[int, Item] = {}
        self.places: dict[int, Place] = {}
        self.resident: OrderedDict[int, None] = OrderedDict()
        self.moving: set[int] = set()
        self.pins: dict[int, int] = {}
        self.budget = 0
        self.kv = 0
        self.kv_least = 0
        self.kv_most = 0
        self.used = 0
        self.leaving = 0
        self.committed = 0
        self.promised = 0

    @property
    def kv_charge(self) -> int:
        """Frames that weights cannot have: keys and values hold them, or they are reserved for those."""
        return max(self.kv, self.kv_least)

    @property
    def room(self) -> int:
        """Frames for weights."""
        return self.budget - self.kv_charge

    @property
    def free(self) -> int:
        """Frames that a fetch can have now; below 0 while a smaller budget is being reached."""
        return self.room - self.used

    @property
    def deficit(self) -> int:
        """Frames that are to be given up so that every promise can be kept."""
        return self.used - self.leaving + self.promised - self.room

    def frames(self, extent: int) -> int:
        return self.items[extent].frames

    def fresh_frames(self, ids: Iterable[int]) -> int:
        """What pinning these would add to `committed`."""
        return sum(self.items[extent].frames for extent in ids if extent not in self.pins)

    def move(self, extent: int, place: Place | None) -> None:
        """Puts an extent into another place; None is outside of the arena."""
        before = self.places.pop(extent, None)
        frames = self.items[extent].frames
        if before is Place.RESIDENT:
            del self.resident[extent]
        self.used += frames * ((place is not None) - (before is not None))
        self.leaving += frames * (_leaves(place) - _leaves(before))
        if extent in self.pins:
            self.promised += frames * (_missing(place) - _missing(before))
        self.moving.discard(extent)
        if place is None:
            return
        self.places[extent] = place
        if place is Place.RESIDENT:
            self.resident[extent] = None
        else:
            self.moving.add(extent)

    def pin(self, extent: int) -> None:
        """One holder more."""
        pins = self.pins.get(extent, 0)
        self.pins[extent] = pins + 1
        if not pins:
            self.committed += self.items[extent].frames
            self.promised += self.items[extent].frames * _missing(self.places.get(extent))

    def unpin(self, extent: int) -> bool:
        """One holder less. Returns whether it was the last."""
        pins = self.pins[extent] - 1
        if pins:
            self.pins[extent] = pins
            return False
        del self.pins[extent]
        self.committed -= self.items[extent].frames
        self.promised -= self.items[extent].frames * _missing(self.places.get(extent))
        return True

    def touch(self, extent: int) -> None:
        """It was used last."""
        if extent in self.resident:
            self.resident.move_to_end(extent)

    def check_integrity(self) -> None:
        """Proves every count anew."""
        frames = self.frames
        assert self.places.keys() <= self.items.keys() and self.pins.keys() <= self.items.keys()
        assert all(pins > 0 for pins in self.pins.values()), "pins are never negative"
        assert set(self.resident) == {extent for extent, place in self.places.items() if place is Place.RESIDENT}
        assert self.moving == self.places.keys() - self.resident.keys()
        assert self.used == sum(map(frames, self.places))
        assert self.leaving == sum(frames(extent) for extent, place in self.places.items() if _leaves(place))
        assert self.committed == sum(map(frames, self.pins))
        assert self.promised == sum(frames(extent) for extent in self.pins if _missing(self.places.get(extent)))
        assert self.kv >= 0 and self.used + self.kv_charge + self.free == self.budget, "mapped + free = total"


def _leaves(place: Place | None) -> bool:
    return place is Place.DROPPING or place is Place.CANCELLING


def _missing(place: Place | None) -> bool:
    return place is None or _leaves(place)
