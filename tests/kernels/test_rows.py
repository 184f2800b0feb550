"""A row's projection is the same bit for bit whoever shares the call."""

import pytest
import torch

from aweigh.kernels import load
from aweigh.kernels.reference.activation import ACTIVATIONS
from aweigh.kernels.reference.linear import least_rows


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("features,outputs", [(64, 64), (100, 300), (1024, 512), (2816, 96), (4864, 896)])
@pytest.mark.parametrize("bias", [False, True])
def test_linear_is_row_invariant(master: str, dtype: torch.dtype, features: int, outputs: int, bias: bool) -> None:
    # Products that cancel: what is left of a row is its rounding errors, so another order of summation shows.
    generator = torch.Generator().manual_seed(features)
    order = torch.randperm(features, generator=generator)
    half = torch.randn(64, features // 2, generator=generator)
    x = torch.cat((half, -half), 1)[:, order].to(dtype)
    weight = torch.randn(outputs, features // 2, generator=generator).repeat(1, 2)[:, order].to(dtype)
    offset = torch.full((outputs,), 1e-6, dtype=dtype) if bias else None
    kernels = load(master)
    all_rows = kernels.linear(x, weight, offset)
    for rows in (1, 2, 3, 4, 5, 8, 11, 63):
        assert torch.equal(kernels.linear(x[:rows], weight, offset), all_rows[:rows]), rows
        assert torch.equal(kernels.linear(x[None, -rows:], weight, offset)[0], all_rows[-rows:]), rows


def test_merged_and_gated_projections_are_row_invariant(master: str) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(16, 96, generator=generator)
    gate, up = (torch.randn(128, 96, generator=generator) for _ in range(2))
    down = torch.randn(96, 128, generator=generator)
    kernels = load(master)
    together = kernels.gated_mlp(x, gate, up, down, activation="silu")
    parts = kernels.merged_linear(x, (gate, up))
    for row in range(16):
        assert torch.equal(kernels.gated_mlp(x[row : row + 1], gate, up, down, activation="silu")[0], together[row])
        alone = kernels.merged_linear(x[row : row + 1], (gate, up))
        assert all(torch.equal(one[0], part[row]) for one, part in zip(alone, parts, strict=True))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activations_are_row_invariant(dtype: torch.dtype, name: str) -> None:
    x = (torch.randn(37, 100, generator=torch.Generator().manual_seed(0)) * 3).to(dtype)
    kernels = load("reference")
    together = kernels.activation(x, name)
    for rows in (1, 2, 3, 36):
        assert torch.equal(kernels.activation(x[:rows], name).nan_to_num(), together[:rows].nan_to_num())
        assert torch.equal(kernels.activation(x[-rows:], name).nan_to_num(), together[-rows:].nan_to_num())


def test_no_rows(master: str) -> None:
    assert load(master).linear(torch.empty(0, 64), torch.randn(8, 64)).shape == (0, 8)
    assert 1 <= least_rows(torch.float16) <= 8
