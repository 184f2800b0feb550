"""A row's projection is the same bit for bit whoever shares the call."""

import pytest
import torch
from torch import Tensor

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


SPECIAL = [float("inf"), float("-inf"), float("nan"), -0.0, 0.0, 1e-40, -1e-40, 3e38]


def assert_same_bits(one: Tensor, other: Tensor) -> None:
    integers = {2: torch.int16, 4: torch.int32}[one.itemsize]
    assert torch.equal(one.isnan(), other.isnan())
    assert torch.equal(one.nan_to_num(0.0).view(integers), other.nan_to_num(0.0).view(integers))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("features", [1, 31, 100, 768, 769, 1536, 1550, 3088])
def test_a_row_meets_tiles_and_depths_as_it_meets_a_row_alone(dtype: torch.dtype, features: int) -> None:
    """One row goes by without tiles. Special values, views, ragged sizes, several operands, on native code."""
    generator = torch.Generator().manual_seed(features)
    x = torch.randn(70, features + 3, generator=generator)
    x[5], x[6], x[7] = 0.0, -0.0, 1e-39
    places = torch.randint(features, (len(SPECIAL),), generator=generator)
    x[torch.arange(10, 10 + len(SPECIAL)), places] = torch.tensor(SPECIAL)
    weights = [torch.randn(outputs, features, generator=generator) for outputs in (23, 4)]
    weights[0][torch.arange(len(SPECIAL)), places] = torch.tensor(SPECIAL)
    x_NC, weights = x.to(dtype)[:, :features], [weight.to(dtype) for weight in weights]
    biases = [torch.randn(23, generator=generator).to(dtype), None]
    kernels = load("cpu")
    alone = [kernels.merged_linear(row[None], weights, biases) for row in x_NC]
    for rows in (*range(2, 20), 63, 64, 65, 66, 67, 68, 69, 70):
        together = kernels.merged_linear(x_NC[:rows], weights, biases)
        for part, out in enumerate(together):
            assert_same_bits(out, torch.cat([one[part] for one in alone[:rows]]))


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
