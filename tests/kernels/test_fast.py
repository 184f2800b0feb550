"""The fast master: the reference's answers up to rounding, and its bits wherever more than one row or another dtype is computed."""

import pytest
import torch

from aweigh.kernels import load
from aweigh.kernels.reference.linear import least_rows


@pytest.mark.parametrize("rows", [1, 2, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_fast_is_the_reference_up_to_rounding(rows: int, dtype: torch.dtype) -> None:
    torch.manual_seed(rows)
    fast, plain = load("fast"), load("reference")
    x = torch.randn(1, rows, 96).to(dtype)
    gate, up, down = (torch.randn(shape).to(dtype) for shape in ((64, 96), (64, 96), (96, 64)))
    bias = torch.randn(64).to(dtype)
    pairs = [
        (fast.linear(x, gate, bias), plain.linear(x, gate, bias)),
        *zip(fast.merged_linear(x, (gate, up)), plain.merged_linear(x, (gate, up)), strict=True),
        (
            fast.gated_mlp(x, gate, up, down, activation="silu"),
            plain.gated_mlp(x, gate, up, down, activation="silu"),
        ),
    ]
    for ours, theirs in pairs:
        assert ours.shape == theirs.shape
        if rows > 1 or dtype is torch.float32:
            assert torch.equal(ours, theirs)
        exact = theirs.double()
        assert (ours.double() - exact).norm() / exact.norm() < 1e-2


def test_a_row_alone_takes_the_native_path(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    original = torch.nn.functional.linear

    def spy(*arguments: torch.Tensor) -> torch.Tensor:
        seen.append(torch._C._get_mkldnn_enabled())
        return original(*arguments)

    monkeypatch.setattr(torch.nn.functional, "linear", spy)
    least_rows(torch.bfloat16)
    seen.clear()
    x, weight = torch.randn(1, 96).bfloat16(), torch.randn(64, 96).bfloat16()
    load("fast").linear(x, weight)
    assert seen == [False]
    assert torch._C._get_mkldnn_enabled()
