"""The block manager under random use: no leak, no double free, references equal holders, every state counted once."""

from array import array
from dataclasses import dataclass, field
from math import inf

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from aweigh.engine.kv.hashing import BlockNames
from aweigh.engine.kv.manager import BlockManager
from aweigh.engine.kv.table import BlockTable

B, SLABS = 4, 6


class Store:
    def __init__(self, slabs: int) -> None:
        self.owner: list[object] = [None] * slabs


class Pool:
    """A slab holds two blocks; block numbers of a pool overlap with those of others, as real ones do."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def most_blocks(self) -> int:
        return 2 * len(self._store.owner)

    def grow(self, before: float = inf) -> range | None:
        for slab, owner in enumerate(self._store.owner):
            if owner is None:
                self._store.owner[slab] = self
                return range(2 * slab, 2 * slab + 2)
        return None

    def shrink(self, unused: set[int]) -> list[range]:
        gone = [
            slab for slab, owner in enumerate(self._store.owner) if owner is self and {2 * slab, 2 * slab + 1} <= unused
        ]
        for slab in gone:
            self._store.owner[slab] = None
        return [range(2 * slab, 2 * slab + 2) for slab in gone]


@dataclass(eq=False)
class Holder:
    table: BlockTable
    tokens: "array[int]" = field(default_factory=lambda: array("q"))
    computed: int = 0


class BlockManagerMachine(RuleBasedStateMachine):
    """Tables of two structures and three models, with a model of what every block must contain."""

    holders = Bundle("holders")

    @initialize()
    def start(self) -> None:
        self.manager = BlockManager(BlockNames(b"key"))
        self.store = store = Store(SLABS)
        self.now = 0.0
        self.manager.open(b"one", [Pool(store)])
        self.manager.open(b"two", [Pool(store), Pool(store)])
        self.live: list[Holder] = []
        self.content: dict[tuple[bytes, int, int], list[int]] = {}

    @rule(
        target=holders,
        model=st.sampled_from([(b"one", b"a"), (b"one", b"b"), (b"two", b"c")]),
        length=st.integers(1, 20),
        seed=st.integers(0, 3),
    )
    def open(self, model: tuple[bytes, bytes], length: int, seed: int) -> Holder:
        holder = Holder(self.manager.table(*model, B))
        holder.tokens.extend((seed * index) % 3 for index in range(length))
        holder.computed = self.manager.adopt(holder.table, holder.tokens, length - 1)
        assert holder.computed % B == 0 and holder.computed < length
        self.live.append(holder)
        return holder

    @rule(holder=holders, count=st.integers(1, 17), value=st.integers(0, 2))
    def compute(self, holder: Holder, count: int, value: int) -> None:
        end = holder.computed + count
        holder.tokens.extend([value] * max(0, end - len(holder.tokens)))
        groups = [list(held) for held in holder.table.groups]
        copies = self.manager.reserve(holder.table, holder.computed, end)
        if copies is None:
            assert [list(held) for held in holder.table.groups] == groups, "a refusal changes nothing"
            return
        structure = holder.table.structure
        for copy in copies:
            self.content[structure, copy.group, copy.target] = list(self.content[structure, copy.group, copy.source])
        for group, held in enumerate(holder.table.groups):
            for position in range(holder.computed, end):
                block = held[position // B]
                assert self.manager._structures[structure][group].references[block] == 1, (
                    "shared blocks are not written"
                )
                rows = self.content.setdefault((structure, group, block), [])
                rows[position % B :] = [holder.tokens[position]]
        holder.computed = end
        self.manager.commit(holder.table, holder.tokens, end)

    @rule(target=holders, holder=holders, part=st.integers(0, 100))
    def fork(self, holder: Holder, part: int) -> Holder:
        keep = holder.computed * part // 100
        child = Holder(self.manager.fork(holder.table, keep), holder.tokens[:keep], keep)
        self.live.append(child)
        return child

    @rule(holder=holders, part=st.integers(0, 100))
    def crop(self, holder: Holder, part: int) -> None:
        keep = holder.computed * part // 100
        del holder.tokens[keep:]
        if keep < holder.computed:
            self.manager.crop(holder.table, keep)
            holder.computed = keep

    @rule(target=holders, holder=consumes(holders))
    def release(self, holder: Holder) -> object:
        self.manager.release(holder.table)
        self.live.remove(holder)
        return multiple()

    @rule(seconds=st.integers(1, 5))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds
        self.manager.tell_time(self.now)

    @rule(ago=st.integers(-1, 20))
    def give_way(self, ago: int) -> None:
        """What was used later stays findable, what a table holds is not touched (`sound`), and slabs are free that went."""
        before = self.now - ago
        pools = list(self.manager._all())
        later = [{block for block, used in blocks.cached.items() if used >= before} for blocks in pools]
        had = self.store.owner.count(None)
        went = self.manager.give_way(before)
        assert (self.store.owner.count(None) > had) == went
        for blocks, kept in zip(pools, later, strict=True):
            assert kept <= blocks.cached.keys()
            slabs = sum(owner is blocks.pool for owner in self.store.owner)
            assert blocks.total == 2 * slabs, "no block without a slab"
        if not went and ago == -1:
            assert not any(blocks.cached for blocks in pools), "all that is cached has gone"

    @invariant()
    def sound(self) -> None:
        if not hasattr(self, "manager"):
            return
        self.manager.check_integrity(holder.table for holder in self.live)
        for holder in self.live:
            for group, held in enumerate(holder.table.groups):
                for position in range(holder.computed):
                    rows = self.content[holder.table.structure, group, held[position // B]]
                    assert rows[position % B] == holder.tokens[position], "everybody reads what they wrote"

    def teardown(self) -> None:
        if hasattr(self, "manager"):
            for holder in self.live:
                self.manager.release(holder.table)
            self.manager.check_integrity([])
            assert self.manager.free == self.manager.total


BlockManagerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBlockManager = BlockManagerMachine.TestCase


def tokens(count: int, value: int = 1) -> "array[int]":
    return array("q", [value] * count)


def manager(slabs: int = 8) -> BlockManager:
    made = BlockManager()
    made.open(b"s", [Pool(Store(slabs))])
    return made


def computed(blocks: BlockManager, identity: bytes, text: "array[int]") -> BlockTable:
    table = blocks.table(b"s", identity, B)
    assert blocks.reserve(table, 0, len(text)) == ()
    blocks.commit(table, text, len(text))
    return table


def test_prefixes_are_shared_by_content_and_never_across_models() -> None:
    blocks = manager()
    first = computed(blocks, b"a", tokens(10))
    second = blocks.table(b"s", b"a", B)
    assert blocks.adopt(second, tokens(10), 9) == 8
    assert second.groups[0] == first.groups[0][:2]
    other = blocks.table(b"s", b"b", B)
    assert blocks.adopt(other, tokens(10), 9) == 0
    different = blocks.table(b"s", b"a", B)
    assert blocks.adopt(different, tokens(4) + tokens(6, 2), 9) == 4


def test_a_hit_needs_equal_tokens_not_only_an_equal_name() -> None:
    class Colliding(BlockNames):
        def after(self, previous: bytes, tokens: bytes) -> bytes:
            return b"same"

    blocks = BlockManager(Colliding())
    blocks.open(b"s", [Pool(Store(8))])
    computed(blocks, b"a", tokens(4))
    assert blocks.adopt(blocks.table(b"s", b"a", B), tokens(8, 2), 8) == 0


def test_released_blocks_are_found_until_they_are_needed() -> None:
    blocks = manager(slabs=2)
    blocks.release(computed(blocks, b"a", tokens(8)))
    assert blocks.free == blocks.total == 2
    again = blocks.table(b"s", b"a", B)
    assert blocks.adopt(again, tokens(12), 11) == 8
    blocks.release(again)
    big = computed(blocks, b"a", tokens(16, 7))
    assert blocks.adopt(blocks.table(b"s", b"a", B), tokens(12), 11) == 0
    assert blocks.reserve(big, 16, 17) is None


def test_a_fork_in_mid_block_copies_once_and_the_last_writes_in_place() -> None:
    blocks = manager()
    parent = computed(blocks, b"a", tokens(6))
    child = blocks.fork(parent, 6)
    tail = parent.groups[0][1]
    (copy,) = blocks.reserve(child, 6, 7) or ()
    assert copy.source == tail and child.groups[0] == [parent.groups[0][0], copy.target]
    assert blocks.reserve(parent, 6, 7) == () and parent.groups[0][1] == tail


def test_a_cropped_block_is_no_longer_found_by_its_old_content() -> None:
    blocks = manager()
    table = computed(blocks, b"a", tokens(8))
    blocks.crop(table, 6)
    assert blocks.reserve(table, 6, 8) == ()
    assert blocks.adopt(blocks.table(b"s", b"a", B), tokens(9), 8) == 4


def test_one_structure_takes_what_another_merely_remembers() -> None:
    store = Store(4)
    blocks = BlockManager()
    blocks.open(b"s", [Pool(store)])
    blocks.open(b"t", [Pool(store)])
    blocks.release(computed(blocks, b"a", tokens(8 * B)))
    table = blocks.table(b"t", b"z", B)
    assert blocks.reserve(table, 0, 8 * B) == ()
    assert blocks.total == 8


def test_names_need_the_key() -> None:
    assert BlockNames().root(b"m") != BlockNames().root(b"m")
    assert BlockNames(b"k").after(b"x", b"y") == BlockNames(b"k").after(b"x", b"y")
