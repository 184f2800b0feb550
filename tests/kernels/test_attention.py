"""Attention and KV write of the CPU masters against their definition, over a pool that is NaN wherever nothing was written."""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kernels.memories import check_a_memory_is_read_whole

from aweigh.kernels import load
from aweigh.kernels.base import KvLayer, Ragged

NAMES = [
    "plain",
    "window",
    "window of one",
    "chunk",
    "window and chunk",
    "softcap",
    "sinks",
    "alibi",
    "bias",
    "both ways",
    "both ways in a window",
    "all",
]
MIXED = [(1, 1), (1, 9), (7, 7), (3, 11), (5, 17), (0, 6), (1, 4), (9, 9)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value_size", [16, 8])
def test_equals_the_definition(lab: Any, master: str, name: str, value_size: int) -> None:
    shape = lab.shape(MIXED, value_size=value_size)
    rules = lab.rules(name, shape.heads)
    batch = lab.batch(shape).hide(lab.first_visible(shape, rules))
    kernels = load(master)
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    for _ in range(2):  # the second call runs on what the first kept in the scratch
        out = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, **rules)
        expected = lab.attend(batch, scale=0.3, **rules)
        assert out.dtype == torch.float32 and out.shape == expected.shape
        torch.testing.assert_close(out.double(), expected, atol=1e-5, rtol=1e-5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sequences=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 20)).map(lambda pair: (pair[0], max(1, sum(pair)))),
        min_size=1,
        max_size=5,
    ),
    heads=st.sampled_from([(1, 1), (4, 1), (4, 2), (6, 3), (5, 5)]),
    block_size=st.sampled_from([1, 3, 4, 16]),
    name=st.sampled_from(NAMES),
    seed=st.integers(0, 99),
)
def test_equals_the_definition_on_random_batches(
    lab: Any, master: str, sequences: Any, heads: Any, block_size: int, name: str, seed: int
) -> None:
    shape = lab.shape(sequences, heads[0], heads[1], 8, 8, block_size, seed=seed)
    if not any(queries for queries, _ in sequences):
        return
    rules = lab.rules(name, shape.heads)
    batch = lab.batch(shape).hide(lab.first_visible(shape, rules))
    kernels = load(master)
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    out = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.5, **rules)
    torch.testing.assert_close(out.double(), lab.attend(batch, scale=0.5, **rules), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", NAMES)
def test_half_precision_rounds_only_at_its_casts(lab: Any, master: str, name: str, dtype: torch.dtype) -> None:
    shape = lab.shape(MIXED, dtype=dtype)
    batch = lab.batch(shape)
    rules = lab.rules(name, shape.heads)
    kernels = load(master)
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    out = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, **rules)
    step = 2**-8 if dtype == torch.bfloat16 else 2**-11
    assert out.dtype == dtype
    torch.testing.assert_close(out.double(), lab.attend(batch, scale=0.3, **rules), atol=12 * step, rtol=4 * step)


def test_batch_mates_do_not_change_a_bit(lab: Any, master: str) -> None:
    shape = lab.shape(MIXED)
    batch = lab.batch(shape)
    kernels = load(master)
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    together = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3)
    for index, (queries, context) in enumerate(MIXED):
        start = batch.ragged.query_starts[index]
        alone = Ragged.of([queries], [context], [batch.ragged.blocks[index]], shape.block_size)
        out = kernels.attend(batch.query_THD[start : start + queries], batch.layer, alone, scale=0.3)
        assert torch.equal(out, together[start : start + queries])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("both")])
@pytest.mark.parametrize("heads", [4, 2])
def test_chunks_do_not_change_a_bit(lab: Any, master: str, name: str, dtype: torch.dtype, heads: int) -> None:
    total, block_size = 83, 16
    shape = lab.shape([(total, total)], heads, 2, 24, 24, block_size, dtype=dtype)
    batch, rules, kernels = lab.batch(shape), lab.rules(name, heads), load(master)
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    at_once = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, **rules)
    for chunks in ([1] * total, [2] * 41 + [1], [7] * 11 + [6], [64, 19], [1, 81, 1]):
        other, done, parts = lab.batch(shape), 0, []
        for chunk in chunks:
            now = slice(done, done + chunk)
            done += chunk
            row = list(batch.ragged.blocks[0])
            first = lab.first_visible(lab.shape([(chunk, done)]), rules)[0]
            row = [-1 if (i + 1) * block_size <= first else block for i, block in enumerate(row)]
            part = Ragged.of([chunk], [done], [row], block_size)
            kernels.write_kv(batch.key_TKD[now], batch.value_TKE[now], other.layer, part)
            parts.append(kernels.attend(batch.query_THD[now], other.layer, part, scale=0.3, **rules))
        assert torch.equal(torch.cat(parts), at_once), chunks


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize(("key_size", "value_size"), [(64, 64), (96, 72), (40, 16)])
@pytest.mark.parametrize("rules", [{}, {"window": 45}, {"chunk": 64}, {"causal": False}])
def test_tiles_of_queries_give_what_single_ones_give(
    dtype: torch.dtype, key_size: int, value_size: int, rules: dict[str, Any]
) -> None:
    """So many queries that native code takes them in tiles, of sequences that begin and end within one; keys that are infinite or NaN too."""
    queries, contexts, size, heads, kv_heads = [150, 1, 37, 100], [150, 60, 100, 210], 7, 8, 4
    generator = torch.Generator().manual_seed(key_size)
    counts = [-(-context // size) for context in contexts]
    free = torch.randperm(sum(counts), generator=generator).tolist()
    tables = [[free.pop() for _ in range(count)] for count in counts]
    key = torch.randn(sum(counts), size, kv_heads, key_size, generator=generator).to(dtype)
    value = torch.randn(sum(counts), size, kv_heads, value_size, generator=generator).to(dtype)
    for pool in (key, value):
        for table, context in zip(tables, contexts, strict=True):
            pool[table[-1], context % size or size :] = float("nan")
    key[tables[0][9], 3, 1] = float("-inf")
    value[tables[0][12], 2, 2] = float("nan")
    query = torch.randn(sum(queries), heads, key_size, generator=generator).to(dtype)
    layer, kernels = KvLayer.of(key, value), load("cpu")
    ragged, before = Ragged.of(queries, contexts, tables, size), torch.get_num_threads()
    try:
        found = []
        for threads in (1, 16):  # so many threads take single queries
            torch.set_num_threads(threads)
            found.append(kernels.attend(query, layer, ragged, scale=0.2, **rules))
    finally:
        torch.set_num_threads(before)
    tiles, single = found
    assert torch.equal(tiles.isnan(), single.isnan())
    assert torch.equal(tiles.nan_to_num(), single.nan_to_num())
    assert not tiles[150:].isnan().any()


def test_write_touches_exactly_the_slots(lab: Any, master: str) -> None:
    for sequences in ([(1, 9)], MIXED, [(16, 16)]):
        batch = lab.batch(lab.shape(sequences))
        before = batch.pool.clone()
        load(master).write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
        for token, slot in enumerate(batch.ragged.slots):
            block, row = divmod(slot, 4)
            assert torch.equal(batch.layer.key_NBKD[block, row], batch.key_TKD[token])
            assert torch.equal(batch.layer.value_NBKE[block, row], batch.value_TKE[token])
            batch.layer.key_NBKD[block, row] = float("nan")
            batch.layer.value_NBKE[block, row] = float("nan")
        assert torch.equal(batch.pool.isnan(), before.isnan())
        assert torch.equal(batch.pool.nan_to_num(), before.nan_to_num())


def test_tokens_without_a_slot_are_not_written(lab: Any, master: str) -> None:
    batch = lab.batch(lab.shape([(9, 9), (4, 4)])).hide([4, 0])
    load(master).write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    assert batch.ragged.slots[:4] == (-1,) * 4
    written = (~batch.layer.key_NBKD.isnan()).all(-1).all(-1).sum()
    assert int(written) == 9


def test_strided_queries_and_a_pool_of_another_dtype(lab: Any, master: str) -> None:
    batch = lab.batch(lab.shape([(5, 11), (1, 3)]))
    kernels = load(master)
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    strided = batch.query_THD.transpose(0, 1).contiguous().transpose(0, 1)
    assert not strided.is_contiguous()
    expected = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3)
    torch.testing.assert_close(kernels.attend(strided, batch.layer, batch.ragged, scale=0.3), expected)
    half = KvLayer.of(batch.layer.key_NBKD.bfloat16(), batch.layer.value_NBKE.bfloat16())
    kernels.write_kv(batch.key_TKD, batch.value_TKE, half, batch.ragged)
    out = kernels.attend(batch.query_THD, half, batch.ragged, scale=0.3)
    torch.testing.assert_close(out, expected, atol=0.03, rtol=0.03)


def test_a_memory_is_read_whole_by_every_query(master: str) -> None:
    check_a_memory_is_read_whole(load(master))
