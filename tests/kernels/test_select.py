"""Choices of keys against their definition, what must not move them, and attention that sees only what was chosen."""

import pytest
import torch
from tests.kernels.conftest import Lab, Shape
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import KvLayer, Ragged

HEADS, SIZE, SCALE = 3, 5, 0.4
_kernels = load("reference")


def numbers(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


class Tokens:
    """What one sequence gives to a choice."""

    def __init__(self, count: int, seed: int = 0, weighed: bool = True) -> None:
        self.query, self.key = numbers(count, HEADS, SIZE, seed=seed), numbers(count, SIZE, seed=seed + 1)
        self.weights = numbers(count, HEADS, seed=seed + 2).abs() if weighed else None

    def chosen(self, position: int, count: int, block: int) -> set[int]:
        """By the definition, in float64, one block at a time."""
        whole = (position + 1) // block
        scores = []
        for place in range(whole):
            key = self.key[place * block + block - 1].double()
            products = [max(0.0, SCALE * float(self.query[position, h].double() @ key)) for h in range(HEADS)]
            weights = [1.0] * HEADS if self.weights is None else [float(w) for w in self.weights[position]]
            scores.append(sum(w * p for w, p in zip(weights, products, strict=True)))
        best = sorted(range(whole), key=lambda place: -scores[place])[:count]
        tail = set(range(whole * block, position + 1))
        return {place * block + inside for place in best for inside in range(block)} | tail


def pool(block_size: int = 4) -> KvLayer:
    """Eight blocks, full of what no sequence may read."""
    return KvLayer.of(torch.full((8, block_size, 1, SIZE), float("nan")), torch.empty(8, block_size, 1, 0))


def run(tokens: Tokens, layer: KvLayer, batch: Ragged, part: slice, **said: int) -> Tensor:
    weights = None if tokens.weights is None else tokens.weights[part]
    return _kernels.select(tokens.query[part], tokens.key[part], layer, batch, scale=SCALE, weights_TH=weights, **said)


@pytest.mark.parametrize("weighed", [True, False])
@pytest.mark.parametrize(("count", "block"), [(1, 1), (4, 1), (19, 1), (40, 1), (1, 3), (2, 4), (9, 2)])
def test_a_choice_is_its_definition(count: int, block: int, weighed: bool) -> None:
    tokens = Tokens(19, weighed=weighed)
    batch = Ragged.of([19], [19], [[5, 0, 3, 6, 2]], 4)
    found = run(tokens, pool(), batch, slice(None), count=count, block=block)
    assert found.dtype == torch.int32 and found.shape == (19, count * block + block - 1)
    for position, row in enumerate(found.tolist()):
        chosen = [place for place in row if place >= 0]
        assert len(set(chosen)) == len(chosen) and set(row) <= {-1, *range(position + 1)}
        assert set(chosen) == tokens.chosen(position, count, block)


@pytest.mark.parametrize(("count", "block"), [(3, 1), (2, 3)])
def test_chunks_and_mates_change_no_choice(count: int, block: int) -> None:
    tokens, mate = Tokens(14), Tokens(6, seed=20)
    said = {"count": count, "block": block}
    whole = run(tokens, pool(), Ragged.of([14], [14], [[0, 1, 2, 3]], 4), slice(None), **said)
    layer = pool()
    first = run(tokens, layer, Ragged.of([5], [5], [[7, 4]], 4), slice(0, 5), **said)
    both = Tokens(14)
    for name in ("query", "key", "weights"):
        setattr(both, name, torch.cat((getattr(mate, name), getattr(tokens, name)[5:13])))
    middle = run(both, layer, Ragged.of([6, 8], [6, 13], [[0, 1], [7, 4, 5, 2]], 4), slice(None), **said)[6:]
    last = run(tokens, layer, Ragged.of([1], [14], [[7, 4, 5, 2]], 4), slice(13, 14), **said)
    assert torch.equal(torch.cat((first, middle, last)), whole)


def test_attention_sees_what_was_chosen(lab: Lab, master: str) -> None:
    shape = Shape([(1, 9), (7, 7), (3, 12)])
    batch, kernels = lab.batch(shape), load(master)
    numbers_of = torch.Generator().manual_seed(3)
    rows, visible = [], []
    for count, context in shape.sequences:
        for position in range(context - count, context):
            chosen = torch.randperm(position + 1, generator=numbers_of)[:4].tolist()
            visible.append({*chosen})
            rows.append([*chosen, *[position + 1, 1 << 30, -7, -1][: 5 - len(chosen)]][:5])
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    selection_TN = torch.full((len(rows), 5), -1, dtype=torch.int32)
    for token, row in enumerate(rows):
        selection_TN[token, : len(row)] = torch.tensor(row)
    found = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, selection_TN=selection_TN)
    token = 0
    for (count, _), key, value in zip(shape.sequences, batch.keys, batch.values, strict=True):
        for _ in range(count):
            seen = sorted(visible[token])
            for head in range(shape.heads):
                group = head // (shape.heads // shape.kv_heads)
                scores = key[seen, group].double() @ batch.query_THD[token, head].double() * 0.3
                wanted = scores.softmax(0) @ value[seen, group].double()
                torch.testing.assert_close(found[token, head].double(), wanted, atol=1e-5, rtol=1e-5)
            token += 1


def test_who_selects_everything_attends_as_before(lab: Lab) -> None:
    batch = lab.batch(Shape([(5, 11), (2, 2)]))
    _kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    everything = torch.arange(11, dtype=torch.int32).repeat(7, 1)
    plain = _kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3)
    chosen = _kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, selection_TN=everything)
    assert torch.equal(chosen, plain)
