"""Triton's products with weights of few bits in the interpreter, against float64."""

from importlib import import_module
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.test_low_bit import KINDS, NORM, exact, matrix

from aweigh.kernels.base import Kernels, LowBit, Slot

linear: Any = import_module("aweigh.kernels.triton.linear")  # the master has a function of this name


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A card for which so many programs are enough, and spans of so many steps at least."""

    def set_(programs: int, least_steps: int = 1) -> None:
        monkeypatch.setattr(linear, "PROGRAMS", programs)
        monkeypatch.setattr(linear, "LEAST_STEPS", least_steps)

    return set_


@settings(max_examples=12, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    dtype=st.sampled_from(sorted(NORM, key=str)),
    scale=st.sampled_from([torch.bfloat16, torch.float16, torch.float32]),
    zeros=st.booleans(),
    biased=st.booleans(),
    rows=st.integers(0, 70),
    outputs=st.integers(1, 200),
    group=st.sampled_from([8, 24, 32, 64, 128, 200]),
    groups=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_a_product_is_the_references(
    triton_kernels: Kernels,
    kind: str,
    dtype: torch.dtype,
    scale: torch.dtype,
    zeros: bool,
    biased: bool,
    rows: int,
    outputs: int,
    group: int,
    groups: int,
    seed: int,
) -> None:
    columns = group * groups
    weight = matrix(kind, outputs, columns, group, dtype, scale=scale, zeros=zeros, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    wide = torch.full((rows, columns + 5), float("nan"), dtype=dtype)  # a row ends where another's poison begins
    wide[:, :columns] = torch.randn(rows, columns, generator=generator).to(dtype)
    x, bias = wide[:, :columns], torch.randn(outputs, generator=generator).to(dtype) if biased else None
    wanted = torch.nn.functional.linear(x.double(), exact(weight), None if bias is None else bias.double())
    assert linear.has_kernel(x, weight, bias), "not the reference"
    y = triton_kernels.linear(x, weight, bias)
    assert y.shape == wanted.shape and y.dtype == dtype
    assert (y.double() - wanted).norm() <= NORM[dtype] * wanted.norm()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_row_is_the_same_whoever_is_beside_it(
    triton_kernels: Kernels, programs: Any, kind: str, dtype: torch.dtype
) -> None:
    """Columns cancel, so that a result is nothing but its rounding errors. Few rows are split over the columns, many are not."""
    weight = matrix(kind, 150, 512, 64, dtype, zeros=True)
    bias = torch.randn(150, generator=torch.Generator().manual_seed(2)).to(dtype)
    x = torch.randn(70, 512, generator=torch.Generator().manual_seed(1)).to(dtype)
    x[:, 256:] = -x[:, :256].flip(1)
    programs(6)  # two spans; only one tile of rows leaves programs free
    assert linear.spans_of(150, 8, 6) == 2
    assert linear.FEW_ROWS == 16 and linear.MANY_ROWS == 64, "both are met"
    together = triton_kernels.linear(x, weight, bias)
    for rows in (3, 16, 17):
        assert torch.equal(triton_kernels.linear(x[:rows], weight, bias), together[:rows]), rows
    programs(1)
    assert dtype != torch.float32 or not torch.equal(triton_kernels.linear(x, weight, bias), together), (
        "spans show in the last bits"
    )


def test_a_nan_stays_with_its_row(triton_kernels: Kernels) -> None:
    weight = matrix("int4", 70, 64, 32, torch.bfloat16, zeros=True)
    x = torch.ones(9, 64, dtype=torch.bfloat16)
    clean = triton_kernels.linear(x, weight)
    x[3, 10] = float("nan")
    y = triton_kernels.linear(x, weight)
    assert y[3].isnan().all()
    assert torch.equal(y[[0, 1, 2, 4, 5, 6, 7, 8]], clean[[0, 1, 2, 4, 5, 6, 7, 8]])


def test_addresses_count_and_not_the_tensors_that_were_there(triton_kernels: Kernels) -> None:
    """Weights move between two calls: the entries say where they are."""
    here, there = (matrix("int4", 64, 64, 32, torch.bfloat16, zeros=True, seed=seed) for seed in (0, 1))
    parts: Any = [(here.packed, there.packed), (here.scales, there.scales), (here.zeros, there.zeros)]
    table = torch.tensor([-1, *(new.data_ptr() for _, new in parts)])
    packed, scales, zeros = (Slot(old, table, place) for place, (old, _) in enumerate(parts, 1))
    weight = LowBit(packed, scales, zeros, "int4", 64, torch.bfloat16)
    x = torch.randn(2, 64, generator=torch.Generator().manual_seed(0)).bfloat16()
    assert torch.equal(triton_kernels.linear(x, weight), triton_kernels.linear(x, there))


def test_merged_products_and_a_gated_layer(triton_kernels: Kernels) -> None:
    gate, up = (matrix("int4", 96, 64, 32, torch.bfloat16, seed=seed) for seed in (0, 1))
    down = torch.randn(64, 96, generator=torch.Generator().manual_seed(2)).bfloat16()
    x = torch.randn(2, 3, 64, generator=torch.Generator().manual_seed(3)).bfloat16() / 8
    y = triton_kernels.gated_mlp(x, gate, up, down, activation="silu").double()
    wide = x.double()
    wanted = (torch.nn.functional.silu(wide @ exact(gate).T) * (wide @ exact(up).T)) @ down.double().T
    assert y.shape == x.shape and (y - wanted).norm() <= 1e-2 * wanted.norm()
    merged = triton_kernels.merged_linear(x, (gate, down.t().contiguous(), up))
    assert torch.equal(merged[0], triton_kernels.linear(x, gate)) and torch.equal(
        merged[2], triton_kernels.linear(x, up)
    )


def test_another_dtype_takes_the_references_way(triton_kernels: Kernels) -> None:
    weight = matrix("int8", 64, 64, 32, torch.float64)
    x = torch.randn(2, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(triton_kernels.linear(x, weight), x @ weight.tensor.T)
    with pytest.raises(RuntimeError):
        triton_kernels.linear(torch.ones(2, 32), matrix("int8", 64, 64, 32, torch.float32))
