"""Recurrent state in the store: states of a block are disjoint, share the budget with keys and values, and go back."""

import itertools

import pytest
import torch

from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvLayout, KvPool, KvStore
from aweigh.memory.recurrent import RecurrentPool
from aweigh.proto.dtypes import DType
from aweigh.proto.program import KeyValueState, RecurrentState

STATES = (
    RecurrentState(DType.BFLOAT16, (6, 3)),
    RecurrentState(DType.FLOAT32, (4, 5, 7)),
    RecurrentState(DType.FLOAT32, ()),
)


def test_states_of_a_block_do_not_overlap() -> None:
    pool = RecurrentPool(KvStore(HostArena(), 1 << 20), STATES)
    added = pool.grow()
    assert added is not None and len(added) > 1
    views = [pool.state(index) for index in range(3)]
    assert [view.shape for view in views] == [(pool.blocks, 6, 3), (pool.blocks, 4, 5, 7), (pool.blocks,)]
    for number, view in enumerate(views):
        for block in added:
            view[block] = 50 * number + block % 50
    for number, view in enumerate(views):
        for block in added:
            assert (view[block] == torch.tensor(50 * number + block % 50, dtype=view.dtype)).all()
            assert view[block].is_contiguous()
    pool.addresses.check_integrity()


def test_states_and_keys_never_share_a_byte() -> None:
    store = KvStore(HostArena(), 1 << 20)
    states = RecurrentPool(store, STATES)
    paged = KvPool(store, KvLayout((KeyValueState(2, 8, 8, DType.FLOAT32),), 4))
    ranges: list[tuple[int, int]] = []
    while True:
        grown = [(pool, added) for pool in (states, paged) if (added := pool.grow()) is not None]
        if not grown:
            break
        for pool, added in grown:
            ranges += [(block * pool.block_bytes, (block + 1) * pool.block_bytes) for block in added]
    ranges.sort()
    assert len(ranges) > 10
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(ranges))
    states.close()
    paged.close()
    assert store.take(paged, store.slabs) == range(store.slabs), "all is free"


@pytest.mark.parametrize("shape", [(1 << 20,), (0, 4)])
def test_states_of_odd_sizes(shape: tuple[int, ...]) -> None:
    pool = RecurrentPool(KvStore(HostArena(), 1 << 20), (RecurrentState(DType.FLOAT32, shape),))
    assert pool.state(0).shape == (pool.blocks, *shape)
    assert pool.most_blocks == (0 if shape[0] else (1 << 20) // 64)
