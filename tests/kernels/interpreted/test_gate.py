"""Triton's gates in the interpreter, against the definition in float64."""

import pytest
import torch

from aweigh.kernels.base import Kernels
from aweigh.kernels.reference.activation import ACTIVATIONS
from aweigh.kernels.triton.gate import FORMULAS, gated


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", [*FORMULAS, "mish"])
def test_equals_the_definition(triton_kernels: Kernels, name: str, dtype: torch.dtype) -> None:
    torch.manual_seed(3)
    x, gate, up, down = (torch.randn(*shape).to(dtype) for shape in ((3, 8), (50, 8), (50, 8), (8, 50)))
    biases = {"gate_bias_I": torch.randn(50).to(dtype), "down_bias_C": torch.randn(8).to(dtype)}
    out = triton_kernels.gated_mlp(x, gate, up, down, activation=name, **biases)
    wide = [part.double() for part in (x, gate, up, down, *biases.values())]
    inner = ACTIVATIONS[name](wide[0] @ wide[1].T + wide[4]) * (wide[0] @ wide[2].T)
    expected = inner @ wide[3].T + wide[5]
    assert out.dtype == dtype
    assert (out.double() - expected).norm() <= (1e-5 if dtype == torch.float32 else 1e-2) * expected.norm()


@pytest.mark.parametrize("name", FORMULAS)
def test_large_values_and_those_that_are_no_numbers(name: str) -> None:
    gate = torch.tensor([-200.0, -90.0, 0.0, -0.0, 90.0, 1e30, float("nan"), 1.0])
    up = torch.tensor([1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, float("nan")])
    expected = ACTIVATIONS[name](gate) * up
    torch.testing.assert_close(gated(gate.clone(), up, name), expected, equal_nan=True)


def test_the_last_block_is_not_whole() -> None:
    gate, up = torch.randn(1030), torch.randn(1030)
    around = torch.full((1040,), 7.0)
    around[:1030] = gate
    gated(around[:1030], up, "silu")
    torch.testing.assert_close(around[:1030], ACTIVATIONS["silu"](gate) * up)
    assert (around[1030:] == 7.0).all()
