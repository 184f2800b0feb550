"""Which chunks a tier of host memory keeps: pure books of its slots, by whatever names a chunk.

What is read for a device is read into a slot, goes on from there, and stays until the slot is wanted for another chunk. A slot that is being written to or
copied from is nobody else's.

Which chunk goes is drawn by lot. Rejected: the one that was touched longest ago. A model that goes round through its arena comes by in a circle, and a
circle that is a little larger than the tier never finds anything in it; by lot, one that is a quarter larger finds three of five. Rejected: to leave alone what
is there (it is right for a circle, and never learns of another model).
"""

import random
from collections.abc import Hashable, Iterable


class Kept:
    """Not thread-safe."""

    def __init__(self, slots: Iterable[int]) -> None:
        self._free = list(slots)
        self._slots = len(self._free)
        self._kept: dict[Hashable, int] = {}
        self._key_of: dict[int, Hashable] = {}
        self._taken: set[int] = set()
        self._readers: dict[int, int] = {}
        self._lot = random.Random(0)
        self.hits = 0

    def __len__(self) -> int:
        """Chunks that are here."""
        return len(self._kept)

    def find(self, key: Hashable) -> int | None:
        """The slot of a chunk that is here, and its reader's until `done`."""
        slot = self._kept.get(key)
        if slot is not None:
            self.hits += 1
            self._readers[slot] = self._readers.get(slot, 0) + 1
        return slot

    def take(self) -> int | None:
        """A slot to write a chunk to; `keep` or `give_back` follows. None if all are in use."""
        if not self._free:
            idle = [slot for slot in self._key_of if slot not in self._readers]
            if not idle:
                return None
            victim = self._lot.choice(idle)
            del self._kept[self._key_of.pop(victim)]
            self._free.append(victim)
        slot = self._free.pop()
        self._taken.add(slot)
        return slot

    def keep(self, key: Hashable, slot: int) -> None:
        """A chunk is in the slot that was taken, which is its reader's until `done`. One that somebody else kept meanwhile stays instead."""
        self._taken.remove(slot)
        self._readers[slot] = 1
        if key not in self._kept:
            self._kept[key] = slot
            self._key_of[slot] = key

    def done(self, slot: int) -> None:
        """What was found, or kept, has been copied."""
        self._readers[slot] -= 1
        if not self._readers[slot]:
            del self._readers[slot]
            if slot not in self._key_of:
                self._free.append(slot)

    def give_back(self, slot: int) -> None:
        """What was to come into the slot has not come."""
        self._taken.remove(slot)
        self._free.append(slot)

    def forget(self, key: Hashable) -> None:
        """Nobody finds this chunk any more."""
        slot = self._kept.pop(key, None)
        if slot is not None:
            del self._key_of[slot]
            if slot not in self._readers:
                self._free.append(slot)

    def check_integrity(self) -> None:
        """Proves that every slot is free, taken, read by somebody, or keeps one chunk."""
        kept = set(self._kept.values())
        assert {slot: key for key, slot in self._kept.items()} == self._key_of
        nameless = set(self._readers) - kept
        assert len(self._free) + len(self._taken) + len(kept) + len(nameless) == self._slots
        assert len({*self._free, *self._taken, *kept, *nameless}) == self._slots
        assert all(readers > 0 for readers in self._readers.values())
