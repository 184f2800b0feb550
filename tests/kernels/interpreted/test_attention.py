"""Triton attention and KV write in the interpreter, over a pool that is NaN wherever nothing was written."""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kernels.memories import check_a_memory_is_read_whole

from aweigh.kernels.base import Kernels, KvLayer, Ragged, Slot

MIXED = [(1, 1), (1, 40), (7, 7), (0, 6), (3, 11), (1, 4)]
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


def through_table(rules: dict[str, Any]) -> dict[str, Any]:
    """Gives each tensor among the rules as a slot behind an address table whose other entries are wild."""
    slots = {}
    for index, (name, value) in enumerate(rules.items()):
        if isinstance(value, torch.Tensor) and value.dim() == 1:
            addresses = torch.full((9,), -1, dtype=torch.int64)
            addresses[index] = value.data_ptr()
            slots[name] = Slot(value, addresses, index)
    return {**rules, **slots}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", NAMES)
def test_equals_the_definition(lab: Any, triton_kernels: Kernels, name: str, dtype: torch.dtype) -> None:
    shape = lab.shape(MIXED, value_size=12, dtype=dtype)
    rules = lab.rules(name, shape.heads)
    batch = lab.batch(shape).hide(lab.first_visible(shape, rules))
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    out = triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, **through_table(rules))
    expected = lab.attend(batch, scale=0.3, **rules)
    tolerance = 1e-5 if dtype == torch.float32 else 12 * 2**-8
    assert out.dtype == dtype and out.shape == expected.shape
    torch.testing.assert_close(out.double(), expected, atol=tolerance, rtol=tolerance)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sequences=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 36)).map(lambda pair: (pair[0], max(1, sum(pair)))),
        min_size=1,
        max_size=4,
    ),
    heads=st.sampled_from([(1, 1), (4, 2), (6, 2), (5, 1), (20, 1)]),
    block_size=st.sampled_from([1, 3, 16, 64]),
    size=st.sampled_from([8, 16, 24]),
    name=st.sampled_from(NAMES),
    seed=st.integers(0, 99),
)
def test_equals_the_reference(
    lab: Any,
    triton_kernels: Kernels,
    reference: Kernels,
    sequences: Any,
    heads: Any,
    block_size: int,
    size: int,
    name: str,
    seed: int,
) -> None:
    shape = lab.shape(sequences, heads[0], heads[1], size, 16, block_size, seed=seed)
    if not any(queries for queries, _ in sequences):
        return
    rules = lab.rules(name, shape.heads)
    batch = lab.batch(shape).hide(lab.first_visible(shape, rules))
    other = lab.batch(shape)
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    reference.write_kv(other.key_TKD, other.value_TKE, other.layer, batch.ragged)
    torch.testing.assert_close(batch.pool, other.pool, atol=0, rtol=0, equal_nan=True)
    out = triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.5, **rules)
    expected = reference.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.5, **rules)
    torch.testing.assert_close(out, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["plain", "window", "sinks"])
def test_mates_and_chunks_do_not_change_a_bit(lab: Any, triton_kernels: Kernels, name: str) -> None:
    shape = lab.shape([(40, 40), (9, 70)], heads=6)
    batch, rules = lab.batch(shape), lab.rules(name, 6)
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    together = triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, **rules)
    done = 0
    for chunk in (1, 2, 13, 24):
        part = Ragged.of([chunk], [done + chunk], [batch.ragged.blocks[0]], shape.block_size)
        out = triton_kernels.attend(batch.query_THD[done : done + chunk], batch.layer, part, scale=0.3, **rules)
        assert torch.equal(out, together[done : done + chunk])
        done += chunk
    alone = Ragged.of([9], [70], [batch.ragged.blocks[1]], shape.block_size)
    out = triton_kernels.attend(batch.query_THD[40:], batch.layer, alone, scale=0.3, **rules)
    assert torch.equal(out, together[40:])


def test_nan_stays_with_its_owner(lab: Any, triton_kernels: Kernels) -> None:
    batch = lab.batch(lab.shape([(2, 9), (1, 20), (3, 3)]))
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    clean = triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3)
    batch.query_THD[2] = float("nan")
    out = triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3)
    assert out[2].isnan().all()
    assert torch.equal(out[[0, 1, 3, 4, 5]], clean[[0, 1, 3, 4, 5]])


def test_the_address_table_decides_where_the_pool_is(lab: Any, triton_kernels: Kernels, reference: Kernels) -> None:
    shape = lab.shape([(3, 9), (1, 5)])
    batch, moved = lab.batch(shape), lab.batch(shape)
    addresses = torch.full((8,), -1, dtype=torch.int64)
    addresses[5], addresses[2] = moved.layer.key_NBKD.data_ptr(), moved.layer.value_NBKE.data_ptr()
    layer = KvLayer(batch.layer.key_NBKD, batch.layer.value_NBKE, addresses, 5, 2)
    before = batch.pool.clone()
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, layer, batch.ragged)
    assert torch.equal(batch.pool.nan_to_num(), before.nan_to_num())
    out = triton_kernels.attend(batch.query_THD, layer, batch.ragged, scale=0.3)
    expected = reference.attend(batch.query_THD, moved.layer, batch.ragged, scale=0.3)
    torch.testing.assert_close(out, expected, atol=1e-5, rtol=1e-5)


def test_strided_inputs_skipped_slots_and_a_pool_of_another_dtype(
    lab: Any, triton_kernels: Kernels, reference: Kernels
) -> None:
    shape = lab.shape([(9, 9), (4, 4)])
    batch = lab.batch(shape).hide([4, 0])
    keys = batch.key_TKD.transpose(0, 1).contiguous().transpose(0, 1)
    pools = [KvLayer.of(batch.layer.key_NBKD.bfloat16(), batch.layer.value_NBKE.bfloat16()) for _ in range(2)]
    triton_kernels.write_kv(keys, batch.value_TKE, pools[0], batch.ragged)
    reference.write_kv(batch.key_TKD, batch.value_TKE, pools[1], batch.ragged)
    torch.testing.assert_close(pools[0].key_NBKD, pools[1].key_NBKD, atol=0, rtol=0, equal_nan=True)
    torch.testing.assert_close(pools[0].value_NBKE, pools[1].value_NBKE, atol=0, rtol=0, equal_nan=True)
    query = batch.query_THD.transpose(0, 1).contiguous().transpose(0, 1)[9:]
    ragged = Ragged.of([4], [4], [batch.ragged.blocks[1]], shape.block_size)
    out = triton_kernels.attend(query, pools[0], ragged, scale=0.3)
    torch.testing.assert_close(out, reference.attend(query, pools[0], ragged, scale=0.3), atol=1e-5, rtol=1e-5)
    assert triton_kernels.attend(query[:0], pools[0], Ragged.of([0], [4], [[0]], 4), scale=0.3).shape == (0, 4, 16)


def test_a_memory_is_read_whole_by_every_query(triton_kernels: Kernels) -> None:
    check_a_memory_is_read_whole(triton_kernels)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Short spans, and a card for which so many programs are enough."""
    from aweigh.kernels.triton import attention

    def set_(span: int, programs: int) -> None:
        monkeypatch.setattr(attention, "SPAN", span)
        monkeypatch.setattr(attention, "PROGRAMS", programs)

    return set_


@pytest.mark.parametrize("name", ["plain", "window and chunk", "sinks", "both ways in a window"])
def test_split_contexts_do_not_change_a_bit(lab: Any, triton_kernels: Kernels, spans: Any, name: str) -> None:
    shape = lab.shape([(1, 1), (1, 100), (3, 64), (0, 6), (1, 65)], 6, 2, value_size=12)
    rules = lab.rules(name, shape.heads)
    batch = lab.batch(shape).hide(lab.first_visible(shape, rules))
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    found = []
    for programs in (0, 20, 10_000):  # one program for all spans, two parts or three, one program for each
        spans(32, programs)
        found.append(triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, **rules))
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])
    torch.testing.assert_close(found[0].double(), lab.attend(batch, scale=0.3, **rules), atol=1e-5, rtol=1e-5)


def test_a_decode_is_split_as_its_prompt_was_not(lab: Any, triton_kernels: Kernels, spans: Any) -> None:
    shape = lab.shape([(70, 70)], 6, 2)
    batch = lab.batch(shape)
    triton_kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    spans(32, 0)
    together = triton_kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3)
    spans(32, 1000)
    last = Ragged.of([1], [70], [batch.ragged.blocks[0]], shape.block_size)
    assert torch.equal(triton_kernels.attend(batch.query_THD[69:], batch.layer, last, scale=0.3), together[69:])
