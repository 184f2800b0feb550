"""Triton norms in the interpreter: the reference's values, its rounding, and no row looks at another."""

from typing import Any

import pytest
import torch

from aweigh.kernels.base import Kernels, Slot

CASTS: list[dict[str, Any]] = [{}, {"cast": "after_weight"}, {"cast": "after_weight", "offset": 1.0}, {"offset": 1.0}]


def slot(weight: torch.Tensor) -> Slot:
    addresses = torch.full((5,), -1, dtype=torch.int64)
    addresses[3] = weight.data_ptr()
    return Slot(weight, addresses, 3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("hidden", [64, 100])
def test_norms_equal_the_reference(
    triton_kernels: Kernels, reference: Kernels, dtype: torch.dtype, hidden: int
) -> None:
    generator = torch.Generator().manual_seed(hidden)
    x, residual = (torch.randn(2, 3, hidden, generator=generator).to(dtype) for _ in range(2))
    weight, bias = (torch.randn(hidden, generator=generator).to(dtype) for _ in range(2))
    step = {torch.float32: 2e-6, torch.bfloat16: 2**-7, torch.float16: 2**-9}[dtype]

    def close(ours: Any, theirs: Any) -> None:
        torch.testing.assert_close(ours, theirs, atol=step, rtol=step)

    for options in CASTS:
        close(triton_kernels.rms_norm(x, slot(weight), 1e-5, **options), reference.rms_norm(x, weight, 1e-5, **options))
        ours = triton_kernels.add_rms_norm(x, residual, weight, 1e-5, **options)
        theirs = reference.add_rms_norm(x, residual, weight, 1e-5, **options)
        close(ours[0], theirs[0])
        assert torch.equal(ours[1], theirs[1])
    close(triton_kernels.rms_norm(x, None, 1e-5), reference.rms_norm(x, None, 1e-5))
    close(triton_kernels.layer_norm(x, slot(weight), slot(bias), 1e-5), reference.layer_norm(x, weight, bias, 1e-5))
    close(triton_kernels.layer_norm(x, None, None, 1e-5), reference.layer_norm(x, None, None, 1e-5))
    ours = triton_kernels.add_layer_norm(x, residual, weight, None, 1e-5)
    theirs = reference.add_layer_norm(x, residual, weight, None, 1e-5)
    close(ours[0], theirs[0])
    assert torch.equal(ours[1], theirs[1])


def test_rows_are_strangers(triton_kernels: Kernels) -> None:
    x = torch.randn(5, 2, 32, generator=torch.Generator().manual_seed(0))[:, 1]
    weight = torch.ones(32)
    alone = torch.cat([triton_kernels.rms_norm(x[i : i + 1], weight, 1e-5) for i in range(5)])
    assert torch.equal(triton_kernels.rms_norm(x, weight, 1e-5), alone)
    x[2] = float("nan")
    out = triton_kernels.rms_norm(x, weight, 1e-5)
    assert out[2].isnan().all() and torch.equal(out[[0, 1, 3, 4]], alone[[0, 1, 3, 4]])
    assert triton_kernels.rms_norm(x[:0], weight, 1e-5).shape == (0, 32)
    assert triton_kernels.add_layer_norm(x[:0], x[:0], weight, weight, 1e-5)[1].shape == (0, 32)


def test_the_rest_is_the_reference(triton_kernels: Kernels, reference: Kernels) -> None:
    assert triton_kernels.name == "triton"
    for name in ("embedding", "activation", "dequantize", "scan"):
        assert getattr(triton_kernels, name) is getattr(reference, name)
    for name in (
        "attend",
        "write_kv",
        "rms_norm",
        "add_rms_norm",
        "layer_norm",
        "add_layer_norm",
        "rotary",
        "gated_mlp",
        "linear",
        "merged_linear",
        "experts",
        "draw",
    ):
        assert getattr(triton_kernels, name) is not getattr(reference, name)
