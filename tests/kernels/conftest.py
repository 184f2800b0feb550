"""Ragged batches over a poisoned pool, and attention written down as its definition in float64."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import NO_BLOCK, Kernels, KvLayer, Ragged


@dataclass(frozen=True)
class Shape:
    """Sequences as (queries, context), and the heads."""

    sequences: Sequence[tuple[int, int]]
    heads: int = 4
    kv_heads: int = 2
    key_size: int = 16
    value_size: int = 16
    block_size: int = 4
    layers: int = 3
    dtype: torch.dtype = torch.float32
    seed: int = 0


@dataclass(frozen=True)
class Batch:
    """A batch whose earlier KV is in the pool already; `keys` and `values` are the contiguous truth per sequence."""

    shape: Shape
    query_THD: Tensor
    key_TKD: Tensor
    value_TKE: Tensor
    layer: KvLayer
    ragged: Ragged
    pool: Tensor
    keys: list[Tensor] = field(repr=False)
    values: list[Tensor] = field(repr=False)

    def hide(self, first_visible: Sequence[int]) -> "Batch":
        """Returns the batch with a hole in the block table for each block wholly before a sequence's first visible key."""
        size = self.shape.block_size
        blocks = [
            [NO_BLOCK if (i + 1) * size <= first else block for i, block in enumerate(row)]
            for row, first in zip(self.ragged.blocks, first_visible, strict=True)
        ]
        queries = [queries for queries, _ in self.shape.sequences]
        ragged = Ragged.of(queries, self.ragged.context_lengths, blocks, size)
        return replace(self, ragged=ragged)


def make_batch(shape: Shape) -> Batch:
    """Builds the pool [blocks, layers, (keys + values)], full of NaN but for the rows that hold earlier tokens."""
    generator = torch.Generator().manual_seed(shape.seed)
    needed = [-(-context // shape.block_size) for _, context in shape.sequences]
    free = list(range(sum(needed) + 3))
    random.Random(shape.seed).shuffle(free)
    blocks = [[free.pop() for _ in range(count)] for count in needed]
    b, k, d, e = shape.block_size, shape.kv_heads, shape.key_size, shape.value_size
    per_layer = b * k * (d + e)
    pool = torch.full((sum(needed) + 3, shape.layers, per_layer), float("nan"), dtype=shape.dtype)
    offset = (shape.layers - 1) * per_layer
    whole = shape.layers * per_layer
    key_NBKD = pool.as_strided((pool.shape[0], b, k, d), (whole, k * d, d, 1), offset)
    value_NBKE = pool.as_strided((pool.shape[0], b, k, e), (whole, k * e, e, 1), offset + b * k * d)
    queries = [count for count, _ in shape.sequences]
    contexts = [context for _, context in shape.sequences]
    keys, values = [], []
    for (count, context), row in zip(shape.sequences, blocks, strict=True):
        key = torch.randn(context, k, d, generator=generator).to(shape.dtype)
        value = torch.randn(context, k, e, generator=generator).to(shape.dtype)
        for position in range(context - count):
            key_NBKD[row[position // b], position % b] = key[position]
            value_NBKE[row[position // b], position % b] = value[position]
        keys.append(key)
        values.append(value)
    news = list(zip(keys, values, shape.sequences, strict=True))
    total = sum(queries)
    return Batch(
        shape=shape,
        query_THD=torch.randn(total, shape.heads, d, generator=generator).to(shape.dtype),
        key_TKD=torch.cat([key[context - count :] for key, _, (count, context) in news]),
        value_TKE=torch.cat([value[context - count :] for _, value, (count, context) in news]),
        layer=KvLayer.of(key_NBKD, value_NBKE),
        ragged=Ragged.of(queries, contexts, blocks, b),
        pool=pool,
        keys=keys,
        values=values,
    )


def attend_by_definition(
    batch: Batch,
    *,
    scale: float,
    window: int | None = None,
    chunk: int | None = None,
    softcap: float | None = None,
    sinks_H: Tensor | None = None,
    alibi_slopes_H: Tensor | None = None,
    bias_PH: Tensor | None = None,
    causal: bool = True,
    sinks_TH: Tensor | None = None,
) -> Tensor:
    """One query, one head, one key at a time, in float64."""
    shape, outputs, token = batch.shape, [], 0
    for (count, context), key, value in zip(shape.sequences, batch.keys, batch.values, strict=True):
        for p in range(context - count, context):
            for h in range(shape.heads):
                kv_head = h // (shape.heads // shape.kv_heads)
                seen = [
                    k
                    for k in range(context)
                    if (not causal or k <= p)
                    and (window is None or (p - k < window if causal else abs(p - k) <= window))
                    and (chunk is None or k // chunk == p // chunk)
                ]
                scores = key[seen, kv_head].double() @ batch.query_THD[token, h].double() * scale
                if softcap is not None:
                    scores = softcap * torch.tanh(scores / softcap)
                if alibi_slopes_H is not None:
                    scores = scores + alibi_slopes_H[h].double() * (torch.tensor(seen) - p)
                if bias_PH is not None:
                    scores = scores + torch.stack([bias_PH[min(p - k, len(bias_PH) - 1), h].double() for k in seen])
                extra = [] if sinks_H is None else [sinks_H[h].double().view(1)]
                extra += [] if sinks_TH is None else [sinks_TH[token, h].double().view(1)]
                weights = torch.softmax(torch.cat([scores, *extra]), 0)[: len(seen)]
                outputs.append(weights @ value[seen, kv_head].double())
            token += 1
    return torch.stack(outputs).view(token, shape.heads, shape.value_size)


RULES: dict[str, dict[str, Any]] = {
    "plain": {},
    "window": {"window": 5},
    "window of one": {"window": 1},
    "chunk": {"chunk": 6},
    "window and chunk": {"window": 3, "chunk": 8},
    "softcap": {"softcap": 2.0},
    "sinks": {"sinks_H": True},
    "alibi": {"alibi_slopes_H": True},
    "bias": {"bias_PH": True},
    "both ways": {"causal": False},
    "both ways in a window": {"causal": False, "window": 3},
    "all": {"window": 7, "softcap": 1.5, "sinks_H": True, "alibi_slopes_H": True, "bias_PH": True},
}


def rules_of(name: str, heads: int) -> dict[str, Any]:
    """Returns the keyword arguments of `attend` for a name in RULES, with tensors of that many heads."""
    rules = dict(RULES[name])
    if rules.get("sinks_H"):
        rules["sinks_H"] = torch.linspace(-1.0, 2.0, heads)
    if rules.get("alibi_slopes_H"):
        rules["alibi_slopes_H"] = torch.tensor([2.0 ** -(h + 1) for h in range(heads)])
    if rules.get("bias_PH"):
        rules["bias_PH"] = torch.arange(6)[:, None].mul(0.7).sin() * torch.linspace(0.5, 2.0, heads)
    return rules


def first_visible(shape: Shape, rules: dict[str, Any]) -> list[int]:
    """Returns the first position of each sequence that any of its queries sees."""
    firsts = []
    for count, context in shape.sequences:
        p, window, chunk = context - count, rules.get("window"), rules.get("chunk")
        first = 0 if window is None else p - window + (1 if rules.get("causal", True) else 0)
        firsts.append(max(0, first, 0 if chunk is None else p // chunk * chunk))
    return firsts


@dataclass(frozen=True)
class Lab:
    """What the tests of this folder share."""

    shape: type[Shape] = Shape
    batch: Callable[[Shape], Batch] = make_batch
    attend: Callable[..., Tensor] = attend_by_definition
    rules: Callable[[str, int], dict[str, Any]] = rules_of
    first_visible: Callable[[Shape, dict[str, Any]], list[int]] = first_visible


@pytest.fixture(scope="session")
def kernels() -> Kernels:
    """What the tests that every master passes are about."""
    return load("reference")


@pytest.fixture(scope="session")
def lab() -> Lab:
    return Lab()


@pytest.fixture(params=["reference", "cpu"])
def master(request: pytest.FixtureRequest) -> Iterator[str]:
    """A master, on as many threads as it keeps the promise on: torch's float32 routine divides rows, so it gets one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if request.param == "reference" else 3)
    yield request.param
    torch.set_num_threads(threads)
