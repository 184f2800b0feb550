"""Scores by distance that every query has of its own, against their definition; chunks move no bit of them."""

import pytest
import torch
from tests.kernels.conftest import Lab, Shape
from torch import Tensor

from aweigh.kernels import load


def by_definition(relative_HR: Tensor, head: int, back: int) -> float:
    return float(relative_HR[head, back]) if back < relative_HR.shape[1] else 0.0


@pytest.mark.parametrize("reach", [1, 4, 30])
@pytest.mark.parametrize("window", [None, 5])
def test_relative_scores_are_their_definition(lab: Lab, master: str, reach: int, window: int | None) -> None:
    shape = Shape([(1, 9), (7, 7), (3, 12)])
    batch, kernels = lab.batch(shape), load(master)
    tokens = len(batch.query_THD)
    relative_THR = torch.randn(tokens, shape.heads, reach, generator=torch.Generator().manual_seed(3))
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    found = kernels.attend(
        batch.query_THD, batch.layer, batch.ragged, scale=0.3, window=window, relative_THR=relative_THR
    )
    token = 0
    for (count, context), key, value in zip(shape.sequences, batch.keys, batch.values, strict=True):
        for position in range(context - count, context):
            first = 0 if window is None else max(0, position - window + 1)
            for head in range(shape.heads):
                group = head // (shape.heads // shape.kv_heads)
                scores = key[first : position + 1, group].double() @ batch.query_THD[token, head].double() * 0.3
                bias = [by_definition(relative_THR[token], head, position - k) for k in range(first, position + 1)]
                wanted = (scores + torch.tensor(bias)).softmax(0) @ value[first : position + 1, group].double()
                torch.testing.assert_close(found[token, head].double(), wanted, atol=1e-5, rtol=1e-5)
            token += 1


def test_chunks_move_no_bit(lab: Lab) -> None:
    whole, later = lab.batch(Shape([(9, 9)])), lab.batch(Shape([(4, 9)]))
    kernels = load("reference")
    relative_THR = torch.randn(9, 4, 3, generator=torch.Generator().manual_seed(3))
    for batch in (whole, later):
        kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    everything = kernels.attend(whole.query_THD, whole.layer, whole.ragged, scale=0.3, relative_THR=relative_THR)
    last = kernels.attend(whole.query_THD[5:], later.layer, later.ragged, scale=0.3, relative_THR=relative_THR[5:])
    assert torch.equal(last, everything[5:])
