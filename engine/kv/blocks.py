"""The blocks of one pool: free, held, or kept because somebody may ask for their content again.

Every block that the pool was given is in exactly one state: *free* (no holder, no content), *held* (references >= 1), or *cached*
(no holder, but a name: evicted least recently used). Held blocks may have a name, too. One name has at most one block.
"""

from collections import OrderedDict
from math import inf

from aweigh.engine.kv.pool import BlockPool


class Blocks:
    """Bookkeeping of one KV group of one structure."""

    def __init__(self, pool: BlockPool) -> None:
        self.pool = pool
        self.free: list[int] = []
        self.cached: OrderedDict[int, float] = OrderedDict()  # least recently used first, with the time of the last use
        self.now = 0.0
        self.references: dict[int, int] = {}  # of every block that the pool was given
        self._by_name: dict[bytes, int] = {}
        self._content: dict[int, tuple[bytes, bytes]] = {}  # block -> its name and its tokens

    @property
    def total(self) -> int:
        """Blocks that the pool has now."""
        return len(self.references)

    @property
    def unheld(self) -> int:
        """Blocks that could be taken without growing."""
        return len(self.free) + len(self.cached)

    def take(self, before: float = inf) -> int | None:
        """A block with one reference: a free one, a new one (`grow`), or the one whose content was asked for longest ago."""
        if not self.free and not self.grow(before) and not self.evict():
            return None
        block = self.free.pop()
        self.references[block] = 1
        return block

    def grow(self, before: float = inf) -> bool:
        """Asks the pool for more, for which weights may give way that were used before that time. Returns whether any came."""
        added = self.pool.grow(before)
        if not added:
            return False
        for block in reversed(added):
            assert block not in self.references, "a pool adds blocks that it has not added before"
            self.references[block] = 0
            self.free.append(block)
        return True

    def evict(self) -> bool:
        """Frees the cached block that was used longest ago. Returns whether there was one."""
        if not self.cached:
            return False
        block, _ = self.cached.popitem(last=False)
        self.forget(block)
        self.free.append(block)
        return True

    def shrink(self) -> bool:
        """Frees all that is cached and gives back to the store what can be. Returns whether anything went back."""
        while self.evict():
            pass
        return self.give_back()

    @property
    def oldest(self) -> float:
        """When the cached block was used that goes first; infinity: there is none."""
        return next(iter(self.cached.values()), inf)

    def give_back(self) -> bool:
        """Gives back to the store what is free and can be. Returns whether anything went back."""
        gone = self.pool.shrink(set(self.free))
        lost = {block for run in gone for block in run}
        if lost:
            self.free = [block for block in self.free if block not in lost]
            for block in lost:
                del self.references[block]
        return bool(lost)

    def hold(self, block: int) -> None:
        """Adds a holder to a held or cached block."""
        if self.references[block] == 0:
            del self.cached[block]
        self.references[block] += 1

    def drop(self, block: int) -> None:
        """Takes a holder away; the last one frees the block, or leaves it cached if it has a name."""
        count = self.references[block] - 1
        assert count >= 0, "nobody drops what is not held"
        self.references[block] = count
        if count == 0:
            if block in self._content:
                self.cached[block] = self.now
            else:
                self.free.append(block)

    def find(self, name: bytes, tokens: bytes) -> int | None:
        """The block of that name, if it holds just these tokens."""
        block = self._by_name.get(name)
        return block if block is not None and self._content[block][1] == tokens else None

    def name(self, block: int, name: bytes, tokens: bytes) -> None:
        """Makes a full, held block findable, unless another one has the name already."""
        if name not in self._by_name and block not in self._content:
            self._by_name[name] = block
            self._content[block] = (name, tokens)

    def forget(self, block: int) -> None:
        """Its content is about to change: nobody finds it any more."""
        content = self._content.pop(block, None)
        if content is not None:
            del self._by_name[content[0]]

    def check_integrity(self, holders: dict[int, int]) -> None:
        """Proves that references equal `holders` (block -> how many tables hold it) and every block is in one state."""
        held = {block: count for block, count in self.references.items() if count}
        assert held == holders, f"references {held} differ from holders {holders}"
        free, cached = set(self.free), set(self.cached)
        assert len(free) == len(self.free), "no block is free twice"
        assert not free & cached and not free & held.keys() and not cached & held.keys(), "a block has one state"
        assert free | cached | held.keys() == self.references.keys(), "no block is lost"
        assert cached <= self._content.keys() and not free & self._content.keys(), (
            "cached blocks have names, free ones none"
        )
        assert {name: block for block, (name, _) in self._content.items()} == self._by_name, "names and blocks agree"
