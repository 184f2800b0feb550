"""KV storage: views of all layers are disjoint, structures of any size share one budget, nothing is lent twice."""

import itertools
import random

import pytest
import torch

from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvLayout, KvPool, KvStore
from aweigh.proto.dtypes import DType
from aweigh.proto.program import KeyValueState

SMALL = KvLayout((KeyValueState(2, 8, 8, DType.FLOAT32), KeyValueState(1, 16, 4, DType.BFLOAT16)), 4)
LARGE = KvLayout((KeyValueState(8, 64, 64, DType.BFLOAT16),) * 3, 16)


def test_layers_of_a_block_do_not_overlap() -> None:
    pool = KvPool(KvStore(HostArena(), 1 << 20), SMALL)
    added = pool.grow()
    assert added is not None and len(added) > 1
    views = [view for layer in range(2) for view in (pool.key(layer), pool.value(layer))]
    for number, view in enumerate(views):
        for block in added:
            view[block].fill_(100 * number + block % 100)
    for number, view in enumerate(views):
        for block in added:
            assert (view[block] == torch.tensor(100 * number + block % 100, dtype=view.dtype)).all()
    pool.addresses.check_integrity()


def test_views_have_the_layout_that_kernels_name() -> None:
    pool = KvPool(KvStore(HostArena(), 1 << 20), LARGE)
    key = pool.key(1)
    assert key.shape == (pool.blocks, 16, 8, 64) and key.stride(3) == 1
    assert key.stride(0) * 2 == pool.block_bytes and pool.block_bytes == 3 * 2 * 16 * 8 * 64 * 2


def _bytes_of(pool: KvPool, blocks: set[int]) -> set[tuple[int, int]]:
    return {(block * pool.block_bytes, (block + 1) * pool.block_bytes) for block in blocks}


@pytest.mark.parametrize("seed", range(5))
def test_pools_never_share_a_byte(seed: int) -> None:
    generator = random.Random(seed)
    store = KvStore(HostArena(), 4 << 20)
    pools = [KvPool(store, SMALL), KvPool(store, LARGE)]
    held: list[set[int]] = [set(), set()]
    refused = 0
    for _ in range(200):
        which = generator.randrange(2)
        if generator.random() < 0.7:
            added = pools[which].grow()
            if added is None:
                refused += 1
                continue
            assert held[which].isdisjoint(added)
            held[which].update(added)
        else:
            for gone in pools[which].shrink(set(generator.sample(sorted(held[which]), len(held[which]) * 9 // 10))):
                held[which].difference_update(gone)
        spans = sorted(_bytes_of(pools[0], held[0]) | _bytes_of(pools[1], held[1]))
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
        assert not spans or spans[-1][1] <= store.size
    assert refused, "the budget was reached"
    for pool in pools:
        pool.close()
    assert store.take(pools[0], store.slabs) == range(store.slabs), "all is free"


def test_memory_that_was_given_back_is_zero() -> None:
    store = KvStore(HostArena(), 1 << 20)
    pool = KvPool(store, SMALL)
    added = pool.grow()
    assert added is not None
    pool.key(0)[added.start].fill_(7)
    pool.shrink(set(added))
    again = KvPool(store, SMALL)
    assert again.grow() == added
    assert not again.key(0)[added.start].any()


def test_a_block_larger_than_the_store_is_refused() -> None:
    pool = KvPool(KvStore(HostArena(), 1 << 16), LARGE)
    assert pool.blocks == 0 and pool.grow() is None
