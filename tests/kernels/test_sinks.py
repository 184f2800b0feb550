"""Sinks that every query has of its own, against their definition; chunks move no bit of them."""

from typing import Any

import pytest
import torch
from tests.kernels.conftest import Lab, Shape

from aweigh.kernels import load


@pytest.mark.parametrize("rules", [{}, {"window": 5, "softcap": 1.5}, {"causal": False}])
def test_sinks_per_query_are_their_definition(lab: Lab, master: str, rules: dict[str, Any]) -> None:
    shape = Shape([(1, 9), (7, 7), (3, 12)])
    batch, kernels = lab.batch(shape), load(master)
    sinks_TH = torch.randn(len(batch.query_THD), shape.heads, generator=torch.Generator().manual_seed(3)) * 2
    kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    found = kernels.attend(batch.query_THD, batch.layer, batch.ragged, scale=0.3, sinks_TH=sinks_TH, **rules)
    wanted = lab.attend(batch, scale=0.3, sinks_TH=sinks_TH, **rules)
    torch.testing.assert_close(found.double(), wanted, atol=1e-5, rtol=1e-5)


def test_chunks_move_no_bit(lab: Lab) -> None:
    whole, later = lab.batch(Shape([(9, 9)])), lab.batch(Shape([(4, 9)]))
    kernels = load("reference")
    sinks_TH = torch.randn(9, 4, generator=torch.Generator().manual_seed(3))
    for batch in (whole, later):
        kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    everything = kernels.attend(whole.query_THD, whole.layer, whole.ragged, scale=0.3, sinks_TH=sinks_TH)
    last = kernels.attend(whole.query_THD[5:], later.layer, later.ragged, scale=0.3, sinks_TH=sinks_TH[5:])
    assert torch.equal(last, everything[5:])
