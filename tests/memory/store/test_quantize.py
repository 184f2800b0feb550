"""Codes and scales: as good as they are said to be, and laid out as kernels read them."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aweigh.kernels import low_bit
from aweigh.memory.store.quantize import pack, pack_scales, quantize
from aweigh.proto.dtypes import DType
from aweigh.proto.low_bit import BITS, Packing

BOUND = {"int4": 0.11, "int8": 0.007, "fp8": 0.03}
"""Of the norm, for normal numbers in groups of 64."""


def restored(rows: torch.Tensor, packing: Packing) -> torch.Tensor:
    """Through codes, bytes, and the kernels' own reading of them."""
    codes, scales = quantize(rows, packing)
    return low_bit.dequantize(
        pack(codes, packing.kind)[None],
        pack_scales(scales)[None],
        None,
        kind=packing.kind,
        outputs=len(rows),
        dtype=torch.float64,
    )


@pytest.mark.parametrize("kind", BITS)
@pytest.mark.parametrize("scale", [DType.BFLOAT16, DType.FLOAT16, DType.FLOAT32])
def test_it_comes_back_nearly(kind: str, scale: DType) -> None:
    rows = torch.randn(64, 512, generator=torch.Generator().manual_seed(0)) * 0.02
    error = (restored(rows, Packing(kind, scale, 64)) - rows).norm() / rows.norm()
    assert 0 < error < BOUND[kind]


@pytest.mark.parametrize("group", [8, 64, 512])
def test_the_search_is_better_than_the_largest_number(group: int) -> None:
    rows = torch.randn(64, 512, generator=torch.Generator().manual_seed(1))
    error = (restored(rows, Packing("int4", DType.BFLOAT16, group)) - rows).norm()
    groups = rows.view(64, -1, group)
    scale = (groups.abs().amax(-1, keepdim=True) / 7).bfloat16().float()
    plain = ((groups / scale).round().clamp(-8, 7) * scale - groups).norm()
    assert error < 0.97 * plain


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(BITS)),
    rows=st.integers(1, 64),
    groups=st.integers(1, 3),
    size=st.floats(1e-6, 1e4),
    seed=st.integers(0, 99),
)
def test_no_number_is_further_off_than_half_a_step_or_the_cut(
    kind: str, rows: int, groups: int, size: float, seed: int
) -> None:
    packing = Packing(kind, DType.BFLOAT16, 32)
    values = torch.randn(rows, 32 * groups, generator=torch.Generator().manual_seed(seed)) * size
    values[0] = 0.0
    back = restored(values, packing)
    assert back.shape == values.shape and back.isfinite().all()
    assert (back[0] == 0).all()
    largest = values.view(rows, groups, 32).abs().amax(-1, keepdim=True).expand(-1, -1, 32).reshape(values.shape)
    assert ((back - values).abs() <= largest * {"int4": 0.5, "int8": 0.06, "fp8": 0.07}[kind] + 1e-12).all()


def test_whole_numbers_come_back_as_they_were() -> None:
    codes = torch.arange(-8, 8).repeat(64, 4).float()
    assert torch.equal(restored(codes, Packing("int4", DType.BFLOAT16, 64)), codes.double())
    wide = torch.arange(-127, 129).clamp(max=127).repeat(64, 1).float()
    assert torch.equal(restored(wide, Packing("int8", DType.BFLOAT16, 256)), wide.double())
