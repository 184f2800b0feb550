"""Making room in KV: who loses blocks when there are not enough.

First what draft models have, then sessions that nobody is computing (least recently used), then works newer than the one that asks, newest first; of its own
structure before others, since only those surely help. What loses its blocks falls back to computed = 0 and is computed again from
its log, as far as the prefix cache does not remember it. Nobody takes from an older work, so the oldest always progresses, and
then the next oldest: no livelock.
"""

from collections import OrderedDict

from aweigh.engine.core import Sequence, Session
from aweigh.engine.kv.manager import BlockManager, Copy
from aweigh.engine.schedule.work import Work


class Room:
    """All KV holders of the device, by how easily they can be asked to let go."""

    def __init__(self, blocks: BlockManager) -> None:
        self.blocks = blocks
        self.works: dict[int, Work] = {}  # all that is not over, by request, oldest first
        self.holders: dict[int, Work] = {}  # of these, those that may hold blocks
        self.idle: OrderedDict[tuple[str, int], Session] = OrderedDict()  # those with blocks, least recently used first
        self.preemptions = 0
        self.step = 0  # the step that is being planned
        self.last_preemption = 0

    def release(self, sequence: Sequence) -> None:
        """Takes a sequence's blocks away; its log stays."""
        if sequence.table is not None:
            self.blocks.release(sequence.table)
            sequence.table = None
        sequence.computed = 0
        self.drop_shadow(sequence)

    def drop_shadow(self, sequence: Sequence) -> bool:
        """Takes away what a draft model has of a sequence. Returns whether that had blocks."""
        shadow, sequence.shadow = sequence.shadow, None
        if shadow is None:
            return False
        had = _holds(shadow)
        self.release(shadow)
        return had

    def prepare(self, sequence: Sequence, reuse: int) -> int:
        """Gives a sequence without blocks a table, with what the prefix cache has of its first `reuse` tokens.

        Returns how many tokens that saved.
        """
        if sequence.table is not None:
            return 0
        model, memory = sequence.model, sequence.memory
        # What a decoder makes of its tokens depends on what it sees of the encoder's.
        identity, length = (model.identity, 0) if memory is None else (model.identity + memory.digest, memory.length)
        sequence.table = self.blocks.table(model.fingerprint, identity, model.block_size, length)
        if reuse < model.block_size or not sequence.shareable:
            return 0
        sequence.computed = self.blocks.adopt(sequence.table, sequence.tokens, reuse)
        return sequence.computed

    def computed(self, sequence: Sequence, count: int) -> None:
        """The KV of a sequence's first `count` tokens is in its blocks; others find those that are full."""
        table = sequence.table
        assert table is not None
        sequence.computed = count
        if count // table.block_size > len(table.names) and sequence.shareable:
            self.blocks.commit(table, sequence.tokens, count)

    def trim(self, sequence: Sequence) -> None:
        """Gives back the blocks behind all that a sequence knows: drafts had them."""
        if sequence.table is not None:
            self.blocks.trim(sequence.table, sequence.known)
        if sequence.shadow is not None:
            self.trim(sequence.shadow)

    def reserve(self, work: Work, sequence: Sequence, end: int, placed: set[int]) -> "tuple[Copy, ...] | None":
        """Blocks for the sequence's tokens up to `end`, at others' expense if need be; `placed` works are safe.

        Returns the copies to make before, or None if even that does not give enough.
        """
        assert sequence.table is not None
        while True:
            copies = self.blocks.reserve(sequence.table, sequence.computed, end)
            if copies is not None or not self._make_room(work, placed):
                return copies

    def reserve_memory(self, work: Work, sequence: Sequence, placed: set[int]) -> bool:
        """Blocks for the sequence's memory alone, as `reserve` finds them. Returns whether they are there."""
        assert sequence.table is not None
        while not self.blocks.reserve_memory(sequence.table):
            if not self._make_room(work, placed):
                return False
        return True

    def _make_room(self, work: Work, placed: set[int]) -> bool:
        for other in self.holders.values():
            if any(map(self.drop_shadow, other.sequences())):
                return True
        return self._evict(work, placed, same_structure=True) or self._evict(work, placed, same_structure=False)

    def preempt(self, work: Work) -> None:
        """Takes all blocks of a work away."""
        for sequence in work.sequences():
            self.release(sequence)
        self.holders.pop(work.request, None)
        work.preempted = True
        self.preemptions += 1
        self.last_preemption = self.step

    def _evict(self, work: Work, placed: set[int], *, same_structure: bool) -> bool:
        structure = work.model.spec.fingerprint
        for key, session in self.idle.items():
            if (session.sequence.model.fingerprint == structure) is same_structure:
                self.release(session.sequence)
                del self.idle[key]
                return True
        victims = [
            other
            for other in self.holders.values()
            if other.age > work.age
            and (other.model.spec.fingerprint == structure) is same_structure
            and other.request not in placed
            and any(map(_holds, other.sequences()))
        ]
        if not victims:
            return False
        self.preempt(max(victims, key=lambda other: other.age))
        return True


def _holds(sequence: Sequence) -> bool:
    return sequence.table is not None and sequence.table.holds
