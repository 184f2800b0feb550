"""Triton's rotary embedding in the interpreter: in every bit that of the reference."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aweigh.kernels.base import Kernels

TYPES = [torch.float32, torch.bfloat16]


@settings(max_examples=25, deadline=None)
@given(
    tokens=st.integers(0, 4),
    heads=st.integers(1, 5),
    sizes=st.sampled_from([(8, 8), (12, 12), (12, 4), (16, 10)]),
    interleaved=st.booleans(),
    pairs=st.booleans(),
    types=st.tuples(st.sampled_from(TYPES), st.sampled_from(TYPES)),
    seed=st.integers(0, 99),
)
def test_every_bit_is_the_reference_s(
    triton_kernels: Kernels,
    reference: Kernels,
    tokens: int,
    heads: int,
    sizes: tuple[int, int],
    interleaved: bool,
    pairs: bool,
    types: tuple[torch.dtype, torch.dtype],
    seed: int,
) -> None:
    torch.manual_seed(seed)
    size, rotated = sizes
    packed_T3HD = torch.randn(tokens, 3, heads, size).to(types[0])
    angles = torch.randn(2, tokens, rotated // 2 if pairs else rotated).to(types[1])
    name = "rotary_pairs" if pairs else "rotary"
    given_ = (packed_T3HD[:, 1], angles[0], angles[1])
    out = getattr(triton_kernels, name)(*given_, interleaved=interleaved)
    expected = getattr(reference, name)(*given_, interleaved=interleaved)
    assert out.dtype == expected.dtype and torch.equal(out, expected)


@pytest.mark.parametrize("interleaved", [False, True])
def test_angles_may_be_transposed(triton_kernels: Kernels, reference: Kernels, interleaved: bool) -> None:
    x_THD, cos, sin = torch.randn(3, 2, 8), torch.randn(8, 3).T, torch.randn(8, 3).T
    expected = reference.rotary(x_THD, cos, sin, interleaved=interleaved)
    assert torch.equal(triton_kernels.rotary(x_THD, cos, sin, interleaved=interleaved), expected)
