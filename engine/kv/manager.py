"""The block manager: every sequence's blocks, over all structures that share the device's KV memory.

A shared block is never written. Whoever must write into a block that others hold (a fork's partly filled last block) gets a copy
first; a block that only one holds but that others might find by name (after a crop) loses its name instead. Copies are told,
not made: `reserve` returns them and the step plan carries them.

Recurrent state, of models that have any, is a block per sequence in a pool of its own. A step reads the block that holds the state after
what is computed and writes another one (`reserve`), which takes its place when the step is done (`advance`): so a step that failed
or came to nothing leaves no trace, forks share a block for nothing, and both are preempted like KV. A state says nothing of any
earlier position: such models share no prefixes by name, and forks and crops in the middle start from nothing (`keeps`).

Rejected: a radix tree over prefixes. With names chained by hash a dictionary does the same, and eviction needs no tree order:
a child block whose parent was evicted is merely not found until it is evicted itself.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

from aweigh.engine.kv.blocks import Blocks
from aweigh.engine.kv.hashing import BlockNames
from aweigh.engine.kv.pool import BlockPool
from aweigh.engine.kv.table import BlockTable


class Copy(NamedTuple):
    """Block `source` of KV group `group` is to be copied to `target`."""

    group: int
    source: int
    target: int


class BlockManager:
    """Not thread-safe. A method that may take blocks says so; all others only give them back or share them."""

    def __init__(self, names: BlockNames | None = None) -> None:
        self._names = names or BlockNames()
        self._structures: dict[bytes, list[Blocks]] = {}
        self._states: dict[bytes, Blocks] = {}  # of the structures that have recurrent state
        self._memories: dict[bytes, Blocks] = {}  # of the structures that have an encoder

    def open(
        self,
        structure: bytes,
        pools: Sequence[BlockPool],
        states: BlockPool | None = None,
        memories: BlockPool | None = None,
    ) -> None:
        """Makes a structure known: one pool per KV group, one for recurrent state, one for memories. They stay the manager's until
        `close`."""
        assert structure not in self._structures
        self._structures[structure] = [Blocks(pool) for pool in pools]
        if states is not None:
            self._states[structure] = Blocks(states)
        if memories is not None:
            self._memories[structure] = Blocks(memories)

    def close(self, structure: bytes) -> None:
        """Forgets a structure, which no table uses any more. The pools' runs are given back by their owner."""
        groups = self._structures.pop(structure)
        for extra in (self._states, self._memories):
            if structure in extra:
                groups.append(extra.pop(structure))
        for blocks in groups:
            assert len(blocks.free) + len(blocks.cached) == blocks.total, "no table is left"

    def is_open(self, structure: bytes) -> bool:
        return structure in self._structures

    def table(self, structure: bytes, identity: bytes, block_size: int, memory_length: int = 0) -> BlockTable:
        """A new table without blocks, to be given back with `release`."""
        groups: list[list[int]] = [[] for _ in self._structures[structure]]
        return BlockTable(structure, identity, block_size, groups, memory_length=memory_length)

    def adopt(self, table: BlockTable, tokens: "array[int]", limit: int) -> int:
        """Shares the known blocks at the beginning of `tokens` with an empty table, at most `limit` tokens of them.

        Returns how many tokens that is: a multiple of the block size, whose KV need not be computed.
        """
        assert not table.names and not any(table.groups), "only an empty table adopts"
        groups = self._structures[table.structure]
        size = table.block_size
        name = self._names.root(table.identity)
        for index in range(limit // size if self._shares(table) else 0):
            content = tokens[index * size : (index + 1) * size].tobytes()
            name = self._names.after(name, content)
            found = [blocks.find(name, content) for blocks in groups]
            if None in found:
                break
            for blocks, held, block in zip(groups, table.groups, found, strict=True):
                assert block is not None
                blocks.hold(block)
                held.append(block)
            table.names.append(name)
        return len(table.names) * size

    def reserve(self, table: BlockTable, start: int, end: int) -> "tuple[Copy, ...] | None":
        """Makes positions start .. end - 1 writable, where everything before `start` is computed. May take blocks.

        Returns the copies that must be made before, or None if there are not enough blocks; then no KV block has changed hands.
        """
        if not self._reserve_state(table) or not self.reserve_memory(table):
            return None
        if end <= table.capacity and not table.shared_tail:
            return ()
        groups = self._structures[table.structure]
        taken: list[tuple[Blocks, int]] = []
        copies: list[Copy] = []
        fresh: list[list[int]] = []
        first = start // table.block_size
        needed = -(-end // table.block_size)
        for group, (blocks, held) in enumerate(zip(groups, table.groups, strict=True)):
            new: list[int] = []
            tail_is_others = start % table.block_size != 0 and blocks.references[held[first]] > 1
            for _ in range(needed - len(held) + tail_is_others):
                block = self._take(blocks)
                if block is None:
                    for owner, back in taken:
                        owner.drop(back)
                    return None
                taken.append((blocks, block))
                new.append(block)
            if tail_is_others:
                copies.append(Copy(group, held[first], new.pop(0)))
            fresh.append(new)
        self._privatise(table, groups, first, start, copies)
        for held, new in zip(table.groups, fresh, strict=True):
            held.extend(new)
        return tuple(copies)

    def reserve_memory(self, table: BlockTable) -> bool:
        """Sees to the blocks of the table's memory, all or none; `reserve` does so, too. They stay if the KV blocks do not come."""
        if not table.memory_length or table.memory:
            return True
        blocks = self._memories[table.structure]
        taken: list[int] = []
        for _ in range(-(-table.memory_length // table.block_size)):
            block = self._take(blocks)
            if block is None:
                for back in taken:
                    blocks.drop(back)
                return False
            taken.append(block)
        table.memory = tuple(taken)
        return True

    def commit(self, table: BlockTable, tokens: "array[int]", computed: int) -> None:
        """Names the blocks that the first `computed` tokens fill, so that others find them."""
        size = table.block_size
        groups = self._structures[table.structure]
        for index in range(len(table.names), computed // size if self._shares(table) else 0):
            content = tokens[index * size : (index + 1) * size].tobytes()
            name = self._names.after(table.names[-1] if table.names else self._names.root(table.identity), content)
            table.names.append(name)
            for blocks, held in zip(groups, table.groups, strict=True):
                blocks.name(held[index], name, content)

    def distrust(self, identity: bytes) -> None:
        """What a model has computed so far is not found by name any more; no table of it is left."""
        self._names.renew(identity)

    def advance(self, table: BlockTable) -> None:
        """The step that `reserve` was for is done: what it wrote is the sequence's recurrent state now, and its memory."""
        table.memorised = bool(table.memory)
        if table.next_state is not None:
            if table.state is not None:
                self._states[table.structure].drop(table.state)
            table.state, table.next_state = table.next_state, None

    def keeps(self, table: BlockTable, computed: int, keep: int) -> bool:
        """Whether the first `keep` of the `computed` tokens can be had by themselves, by `fork` or `crop`: a state is of all of them."""
        return table.structure not in self._states or keep == computed

    def may_crop(self, structure: bytes) -> bool:
        """Whether any tokens can be taken back: a state cannot."""
        return structure not in self._states

    def tell_time(self, now: float) -> None:
        """Blocks that are given back from now on were used at this time, in seconds."""
        for blocks in self._all():
            blocks.now = now

    def give_way(self, before: float) -> bool:
        """Gives a run of blocks back to the store, for weights: of what is free in one pool; else what is cached goes, least recently used first, as long as its
        last use was before that time in seconds. What a table holds is not touched. Returns whether a run went back."""
        if any(blocks.give_back() for blocks in self._all()):
            return True
        pools = list(self._all())
        while pools:
            blocks = min(pools, key=lambda blocks: blocks.oldest)
            if blocks.oldest >= before:
                return False
            blocks.evict()
            if blocks.give_back():
                return True
        return False

    def fork(self, table: BlockTable, computed: int) -> BlockTable:
        """A table that shares the blocks of the first `computed` tokens, all of them computed (and `keeps` them). Both copy before they
        write."""
        size = table.block_size
        count = -(-computed // size)
        child = BlockTable(table.structure, table.identity, size, [held[:count] for held in table.groups])
        child.names = table.names[: computed // size]
        if table.state is not None:
            child.state = table.state
            self._states[table.structure].hold(table.state)
        child.memory_length, child.memory, child.memorised = table.memory_length, table.memory, table.memorised
        for block in table.memory:
            self._memories[table.structure].hold(block)
        for blocks, held in zip(self._structures[table.structure], child.groups, strict=True):
            for block in held:
                blocks.hold(block)
        if computed % size:
            child.shared_tail = True
            table.shared_tail = True
        return child

    def crop(self, table: BlockTable, keep: int) -> None:
        """Gives back the blocks after the first `keep` tokens, which it `keeps`."""
        count = -(-keep // table.block_size)
        for index, (blocks, held) in enumerate(zip(self._structures[table.structure], table.groups, strict=True)):
            for block in reversed(held[count:]):
                blocks.drop(block)
            table.groups[index] = held[:count]
        del table.names[keep // table.block_size :]
        table.shared_tail = keep % table.block_size != 0

    def trim(self, table: BlockTable, known: int) -> None:
        """Gives back the blocks after the first `known` tokens, none of which are computed."""
        count = -(-known // table.block_size)
        for index, (blocks, held) in enumerate(zip(self._structures[table.structure], table.groups, strict=True)):
            if len(held) <= count:
                return
            for block in reversed(held[count:]):
                blocks.drop(block)
            table.groups[index] = held[:count]

    def release(self, table: BlockTable) -> None:
        """Gives every block back. The table may not be used afterwards. The deepest blocks become the first to be evicted."""
        assert not table.closed, "a table is released once"
        table.closed = True
        for blocks, held in zip(self._structures[table.structure], table.groups, strict=True):
            for block in reversed(held):
                blocks.drop(block)
        for state in (table.state, table.next_state):
            if state is not None:
                self._states[table.structure].drop(state)
        table.state = table.next_state = None
        for block in table.memory:
            self._memories[table.structure].drop(block)
        table.memory, table.memorised = (), False
        table.groups = [[] for _ in table.groups]
        table.names = []

    def most_blocks(self, structure: bytes) -> int:
        """An upper bound of the blocks that one table could ever have, per KV group. Without room for a state before and after a step: none."""
        states = self._states.get(structure)
        if states is not None and states.pool.most_blocks < 2:
            return 0
        return min((blocks.pool.most_blocks for blocks in self._structures[structure]), default=1 << 62)

    def most_memory_blocks(self, structure: bytes) -> int:
        """An upper bound of the blocks that all memories of a structure could ever have together."""
        memories = self._memories.get(structure)
        return 0 if memories is None else memories.pool.most_blocks

    def unheld(self, structure: bytes) -> int:
        """Blocks per group that could be taken now without growing."""
        return min((blocks.unheld for blocks in self._structures[structure]), default=1 << 62)

    @property
    def total(self) -> int:
        return sum(blocks.total for blocks in self._all())

    @property
    def free(self) -> int:
        """Blocks without a holder, cached ones included."""
        return sum(blocks.unheld for blocks in self._all())

    def check_integrity(self, tables: Iterable[BlockTable]) -> None:
        """Proves that references equal holders, given every table that is not released. Raises AssertionError."""
        holders: dict[bytes, list[dict[int, int]]] = {
            structure: [{} for _ in groups] for structure, groups in self._structures.items()
        }
        states: dict[bytes, dict[int, int]] = {structure: {} for structure in self._states}
        memories: dict[bytes, dict[int, int]] = {structure: {} for structure in self._memories}
        for table in tables:
            assert not table.closed
            for state in (table.state, table.next_state):
                if state is not None:
                    counts = states[table.structure]
                    counts[state] = counts.get(state, 0) + 1
            for block in table.memory:
                counts = memories[table.structure]
                counts[block] = counts.get(block, 0) + 1
            assert len({len(held) for held in table.groups}) <= 1, "all groups have blocks for the same tokens"
            for counts, held in zip(holders[table.structure], table.groups, strict=True):
                for block in held:
                    counts[block] = counts.get(block, 0) + 1
        for structure, groups in self._structures.items():
            for blocks, counts in zip(groups, holders[structure], strict=True):
                blocks.check_integrity(counts)
        for structure, blocks in self._states.items():
            blocks.check_integrity(states[structure])
        for structure, blocks in self._memories.items():
            blocks.check_integrity(memories[structure])

    def _all(self) -> Iterator[Blocks]:
        for groups in self._structures.values():
            yield from groups
        yield from self._states.values()
        yield from self._memories.values()

    def _shares(self, table: BlockTable) -> bool:
        """Whether blocks are found by name: there are any, and they say all that is known of their tokens."""
        return bool(table.groups) and table.structure not in self._states

    def _reserve_state(self, table: BlockTable) -> bool:
        """Sees to a block for the recurrent state after the next step. It stays with the table if the KV blocks do not come."""
        states = self._states.get(table.structure)
        if states is not None and table.next_state is None:
            table.next_state = self._take(states)
            return table.next_state is not None
        return True

    def _take(self, blocks: Blocks) -> int | None:
        """Who was used longest ago gives way: cached blocks, or weights."""
        if blocks.free:
            return blocks.take()
        before = min(each.oldest for each in self._all())
        while (block := blocks.take(before)) is None and self.give_way(inf):
            before = min(each.oldest for each in self._all())
        return blocks.take() if block is None else block

    def _privatise(
        self, table: BlockTable, groups: list[Blocks], first: int, start: int, copies: Sequence[Copy]
    ) -> None:
        """The block that `start` lies in becomes the table's own, by copy or by losing its name."""
        table.shared_tail = False
        if start % table.block_size == 0:
            return
        copied = {copy.group: copy for copy in copies}
        for group, blocks in enumerate(groups):
            held = table.groups[group]
            copy = copied.get(group)
            if copy is None:
                blocks.forget(held[first])
                continue
            blocks.drop(copy.source)
            table.groups[group] = [*held[:first], copy.target, *held[first + 1 :]]
