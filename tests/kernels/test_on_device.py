"""The Triton kernels on a CUDA device against the reference on the CPU. Run with `pytest -m gpu tests/kernels`."""

from typing import Any

import pytest
import torch
from tests.kernels.interpreted.test_experts import Lot
from tests.kernels.interpreted.test_sample import chain
from tests.kernels.test_low_bit import KINDS, NORM, exact, matrix

from aweigh.engine.sampling.counter_random import CounterRandom
from aweigh.kernels import load
from aweigh.kernels.base import KvLayer, LowBit, Ragged

pytestmark = pytest.mark.gpu

MIXED = [(1, 1), (1, 300), (70, 70), (0, 6), (33, 111), (1, 64)]
NAMES = ["plain", "window", "chunk", "softcap", "sinks", "alibi", "bias", "both ways", "all"]


def moved(batch: Any, device: str) -> tuple[KvLayer, Ragged]:
    """Returns the batch's layer and layout on the device, with the pool's strides."""
    pool = batch.pool.to(device)
    views = [
        pool.as_strided(view.shape, view.stride(), view.storage_offset())
        for view in (batch.layer.key_NBKD, batch.layer.value_NBKE)
    ]
    queries = [queries for queries, _ in batch.shape.sequences]
    ragged = Ragged.of(queries, batch.ragged.context_lengths, batch.ragged.blocks, batch.shape.block_size, device)
    return KvLayer.of(*views), ragged


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("heads", [(4, 2, 64), (14, 2, 64), (8, 8, 80), (32, 8, 128), (8, 4, 256)])
@pytest.mark.parametrize("name", NAMES)
def test_attention(lab: Any, name: str, heads: tuple[int, int, int], dtype: torch.dtype, device: str = "cuda") -> None:
    shape = lab.shape(MIXED, *heads, heads[2], 16, dtype=dtype)
    batch, rules = lab.batch(shape), lab.rules(name, heads[0])
    layer, ragged = moved(batch, device)
    there: dict[str, Any] = {
        key: value.to(device) if isinstance(value, torch.Tensor) else value for key, value in rules.items()
    }
    query, key, value = (part.to(device) for part in (batch.query_THD, batch.key_TKD, batch.value_TKE))
    kernels, reference = load("triton"), load("reference")
    kernels.write_kv(key, value, layer, ragged)
    reference.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    torch.testing.assert_close(layer.key_NBKD.cpu(), batch.layer.key_NBKD, atol=0, rtol=0, equal_nan=True)
    out = kernels.attend(query, layer, ragged, scale=heads[2] ** -0.5, **there)
    expected = reference.attend(batch.query_THD, batch.layer, batch.ragged, scale=heads[2] ** -0.5, **rules)
    tolerance = {torch.float32: 2e-5, torch.bfloat16: 2**-5, torch.float16: 2**-8}[dtype]
    torch.testing.assert_close(out.cpu(), expected, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_chunks_do_not_change_a_bit(lab: Any, dtype: torch.dtype, device: str = "cuda") -> None:
    batch = lab.batch(lab.shape([(90, 90)], 14, 2, 64, 64, 16, dtype=dtype))
    layer, ragged = moved(batch, device)
    kernels, query = load("triton"), batch.query_THD.to(device)
    kernels.write_kv(batch.key_TKD.to(device), batch.value_TKE.to(device), layer, ragged)
    at_once = kernels.attend(query, layer, ragged, scale=0.125)
    done = 0
    for chunk in (1, 1, 17, 64, 7):
        part = Ragged.of([chunk], [done + chunk], [batch.ragged.blocks[0]], 16, device)
        out = kernels.attend(query[done : done + chunk], layer, part, scale=0.125)
        assert torch.equal(out, at_once[done : done + chunk])
        done += chunk


@pytest.mark.parametrize("heads", [(8, 8, 64), (32, 8, 128)])
def test_split_contexts_do_not_change_a_bit(
    lab: Any, heads: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch, device: str = "cuda"
) -> None:
    from aweigh.kernels.triton import attention

    shape = lab.shape([(1, 3000), (1, 513), (1, 512), (40, 1100)], *heads, heads[2], 16, dtype=torch.bfloat16)
    batch = lab.batch(shape)
    layer, ragged = moved(batch, device)
    kernels, query = load("triton"), batch.query_THD.to(device)
    kernels.write_kv(batch.key_TKD.to(device), batch.value_TKE.to(device), layer, ragged)
    found = []
    for programs in (0, 300, 100_000):
        monkeypatch.setattr(attention, "PROGRAMS", programs)
        found.append(kernels.attend(query, layer, ragged, scale=0.125))
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("interleaved", [False, True])
def test_rotary(interleaved: bool, dtype: torch.dtype, device: str = "cuda") -> None:
    x_THD, cos_TR, sin_TR = torch.randn(7, 12, 96).to(dtype), torch.randn(7, 64).to(dtype), torch.randn(7, 64).to(dtype)
    expected = load("reference").rotary(x_THD, cos_TR, sin_TR, interleaved=interleaved)
    there = (part.to(device) for part in (x_THD, cos_TR, sin_TR))
    assert torch.equal(load("triton").rotary(*there, interleaved=interleaved).cpu(), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", ["silu", "gelu", "gelu_pytorch_tanh", "relu"])
def test_gates(name: str, dtype: torch.dtype, device: str = "cuda") -> None:
    from aweigh.kernels.reference.activation import activation
    from aweigh.kernels.triton.gate import gated

    gate, up = torch.randn(3, 4099).to(dtype), torch.randn(3, 4099).to(dtype)
    expected = activation(gate, name) * up
    tolerance = {torch.float32: 1e-5, torch.bfloat16: 2**-6, torch.float16: 2**-9}[dtype]
    found = gated(gate.to(device), up.to(device), name).cpu()
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("hidden", [64, 896, 4096])
def test_norms(dtype: torch.dtype, hidden: int, device: str = "cuda") -> None:
    generator = torch.Generator().manual_seed(hidden)
    x, residual = (torch.randn(7, hidden, generator=generator).to(dtype) for _ in range(2))
    weight, bias = (torch.randn(hidden, generator=generator).to(dtype) for _ in range(2))
    x_there, residual_there, weight_there, bias_there = (part.to(device) for part in (x, residual, weight, bias))
    step = {torch.float32: 1e-5, torch.bfloat16: 2**-6, torch.float16: 2**-8}[dtype]
    kernels, reference = load("triton"), load("reference")
    for ours, theirs in (
        (
            kernels.add_rms_norm(x_there, residual_there, weight_there, 1e-5),
            reference.add_rms_norm(x, residual, weight, 1e-5),
        ),
        (
            kernels.add_layer_norm(x_there, residual_there, weight_there, bias_there, 1e-5),
            reference.add_layer_norm(x, residual, weight, bias, 1e-5),
        ),
    ):
        torch.testing.assert_close(ours[0].cpu(), theirs[0], atol=step, rtol=step)
        assert torch.equal(ours[1].cpu(), theirs[1])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("rules", [{}, {"window": 20}, {"floor": True}, {"window": 20, "floor": True}])
def test_attention_within_a_batch(rules: dict[str, Any], dtype: torch.dtype, device: str = "cuda") -> None:
    lengths = (5, 1, 70, 200, 0, 64)
    generator = torch.Generator().manual_seed(5)
    query, key, value = (torch.randn(sum(lengths), heads, 64, generator=generator).to(dtype) for heads in (12, 4, 4))
    visible = (torch.rand(sum(lengths), generator=generator) > 0.2).long()
    here, there = Ragged.of(lengths, lengths, (), 1), Ragged.of(lengths, lengths, (), 1, device)
    expected = load("reference").varlen_attend(query, key, value, here, scale=0.125, visible_T=visible, **rules)
    query, key, value, visible = (part.to(device) for part in (query, key, value, visible))
    found = load("triton").varlen_attend(query, key, value, there, scale=0.125, visible_T=visible, **rules)
    tolerance = {torch.float32: 2e-5, torch.bfloat16: 2**-5, torch.float16: 2**-8}[dtype]
    torch.testing.assert_close(found.cpu(), expected, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("kind", KINDS)
def test_products_of_few_bits(kind: str, dtype: torch.dtype, device: str = "cuda") -> None:
    """And a row is the same whoever is beside it, though other instructions compute it: columns cancel."""
    here = matrix(kind, 300, 2048, 64, dtype, zeros=True)
    packed, scales, zeros = (part.to(device) for part in (here.packed, here.scales, here.zeros))  # type: ignore[union-attr]
    there = LowBit(packed, scales, zeros, kind, 300, dtype)
    x = torch.randn(300, 2048, generator=torch.Generator().manual_seed(1)).to(dtype)
    wanted = x.double() @ exact(here).T
    kernels = load("triton")
    found = kernels.linear(x.to(device), there).cpu()
    assert (found.double() - wanted).norm() <= NORM[dtype] * wanted.norm()
    x[:, 1024:] = -x[:, :1024].flip(1)
    together = kernels.linear(x.to(device), there)
    for rows in (1, 7, 16, 17, 64, 200):
        assert torch.equal(kernels.linear(x[:rows].to(device), there), together[:rows]), rows


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_experts(dtype: torch.dtype, device: str = "cuda") -> None:
    """And a row is the same whoever chose its experts: columns cancel."""
    lot = Lot(3, dtype, tokens=200, per_token=3, count=8, hidden=512, inner=384, biased=True)
    lot.x[:, 256:] = -lot.x[:, :256].flip(1)
    wanted = lot.exact(load("reference"))
    for name in ("x", "ids", "weights", "up", "down"):
        setattr(lot, name, getattr(lot, name).to(device))
    lot.biases = {name: part.to(device) for name, part in lot.biases.items()}
    found = lot.run(load("triton"))
    assert found.hits == wanted.hits
    assert (found.out_TC.cpu().double() - wanted.out_TC).norm() <= 1.5 * NORM[dtype] * wanted.out_TC.norm()
    x, ids, weights = lot.x, lot.ids, lot.weights
    for first, last in ((0, 1), (5, 17), (20, 160)):
        lot.x, lot.ids, lot.weights = x[first:last], ids[first:last], weights[first:last]
        assert torch.equal(lot.run(load("triton")).out_TC, found.out_TC[first:last])


def test_who_is_sure_draws_what_the_chain_draws(device: str = "cuda") -> None:
    logits = torch.randn(64, 50000, generator=torch.Generator().manual_seed(0)) * 2
    uniforms = [CounterRandom(5).uniform(row, 0) for row in range(64)]
    temperature, top_k = torch.full((64,), 0.7), torch.full((64,), 50, dtype=torch.int32)
    top_p, uniform = torch.full((64,), 0.9, dtype=torch.float64), torch.tensor(uniforms, dtype=torch.float64)
    drawn = load("triton").draw(*(part.to(device) for part in (logits, temperature, top_k, top_p, uniform)))
    assert drawn is not None
    sure = drawn.sure_R.cpu()
    assert sure.float().mean() > 0.9
    assert drawn.tokens_R.cpu()[sure].equal(torch.tensor(chain(logits, 5, temperature=0.7, top_k=50, top_p=0.9))[sure])
    assert torch.equal(load("triton").best(logits.to(device))[0].cpu(), logits.argmax(1))
