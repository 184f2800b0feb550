"""Native norms against the reference, whose casts they share, and against float64."""

from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import Slot
from aweigh.kernels.cpu.native import Native

CPU: Any = load("cpu")
REFERENCE: Any = load("reference")


def tensor(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("cast", ["before_weight", "after_weight"])
@pytest.mark.parametrize("offset", [0.0, 1.0])
@pytest.mark.parametrize("features", [1, 15, 16, 33, 100])
def test_rms_norms(dtype: torch.dtype, cast: str, offset: float, features: int) -> None:
    x, residual = tensor(2, 5, features, dtype=dtype), tensor(2, 5, features, dtype=dtype, seed=1)
    weight = tensor(features, dtype=dtype, seed=2)
    how = {"offset": offset, "cast": cast}
    step = {torch.float32: 1e-6, torch.bfloat16: 2**-7, torch.float16: 2**-10}[dtype]
    torch.testing.assert_close(
        CPU.rms_norm(x, weight, 1e-5, **how), REFERENCE.rms_norm(x, weight, 1e-5, **how), rtol=step, atol=1e-6
    )
    normed, total = CPU.add_rms_norm(x, residual, weight, 1e-5, **how)
    expected, sums = REFERENCE.add_rms_norm(x, residual, weight, 1e-5, **how)
    assert torch.equal(total, sums)
    torch.testing.assert_close(normed, expected, rtol=step, atol=1e-6)
    for row in range(5):
        assert torch.equal(CPU.rms_norm(total[1, row], weight, 1e-5, **how), normed[1, row])


def test_without_a_weight_and_from_strided_rows() -> None:
    wide = tensor(6, 90, dtype=torch.float32)
    torch.testing.assert_close(CPU.rms_norm(wide[:, 5:45], None, 1e-6), REFERENCE.rms_norm(wide[:, 5:45], None, 1e-6))


def test_the_operands_stay_as_they_were() -> None:
    x, residual, weight = (tensor(3, 32, dtype=torch.bfloat16, seed=seed) for seed in range(3))
    before = [part.clone() for part in (x, residual, weight)]
    CPU.add_rms_norm(x, residual, weight[0], 1e-6)
    assert all(torch.equal(part, old) for part, old in zip((x, residual, weight), before, strict=True))


def test_a_weight_is_where_the_address_table_says() -> None:
    x, weight = tensor(3, 32, dtype=torch.float32), tensor(32, dtype=torch.float32, seed=1)
    slot = Slot(torch.full((32,), float("nan")), torch.tensor([0, weight.data_ptr()]), 1)
    assert torch.equal(CPU.rms_norm(x, slot, 1e-6), CPU.rms_norm(x, weight, 1e-6))


@pytest.mark.parametrize("weight_dtype", [torch.float32, torch.float16])
def test_a_weight_of_another_dtype_takes_the_reference_s_way(
    weight_dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("native code ran")

    monkeypatch.setattr(Native, "run", forbidden)
    x, weight = tensor(3, 32, dtype=torch.bfloat16), tensor(32, dtype=weight_dtype, seed=1)
    found = CPU.rms_norm(x, weight, 1e-6, cast="after_weight")
    assert torch.equal(found, REFERENCE.rms_norm(x, weight, 1e-6, cast="after_weight"))


def test_operands_that_have_no_memory_here_never_reach_native_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("native code ran")

    monkeypatch.setattr(Native, "run", forbidden)
    x, elsewhere = torch.ones(2, 8), torch.ones(8, device="meta")
    CPU.rms_norm(x, elsewhere, 1e-6)  # torch's answer, whatever it is
    CPU.add_rms_norm(x.to("meta"), x.to("meta"), elsewhere, 1e-6)


def test_no_rows_and_many() -> None:
    weight = torch.ones(64)
    assert CPU.rms_norm(torch.empty(0, 64), weight, 1e-6).shape == (0, 64)
    many = tensor(700, 64, dtype=torch.float32)  # enough for more than one thread
    together = CPU.rms_norm(many, weight, 1e-6)
    assert torch.equal(CPU.rms_norm(many[650:651], weight, 1e-6), together[650:651])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("features", [1, 15, 16, 33, 100])
@pytest.mark.parametrize("affine", [(), ("weight",), ("weight", "bias")])
def test_layer_norms(dtype: torch.dtype, features: int, affine: tuple[str, ...]) -> None:
    """With a mean that is large beside what it leaves."""
    x, residual = tensor(2, 5, features, dtype=dtype) + 6, tensor(2, 5, features, dtype=dtype, seed=1)
    weight = tensor(features, dtype=dtype, seed=2) if "weight" in affine else None
    bias = tensor(features, dtype=dtype, seed=3) if "bias" in affine else None
    normed, total = CPU.add_layer_norm(x, residual, weight, bias, 1e-5)
    assert torch.equal(total, x + residual)
    wide = [None if one is None else one.double() for one in (weight, bias)]
    exact = torch.nn.functional.layer_norm(total.double(), (features,), wide[0], wide[1], 1e-5)
    step = {torch.float32: 4e-6, torch.bfloat16: 2**-8, torch.float16: 2**-11}[dtype]
    torch.testing.assert_close(normed.double(), exact, rtol=step, atol=step)
    for row in range(5):
        assert torch.equal(CPU.layer_norm(total[1, row], weight, bias, 1e-5), normed[1, row])


def test_layer_norms_read_strided_rows_and_where_the_address_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = tensor(6, 90, dtype=torch.float32)
    weight, bias = (tensor(40, dtype=torch.float32, seed=seed) for seed in (1, 2))
    table = torch.tensor([0, weight.data_ptr(), bias.data_ptr()])
    slots = [Slot(torch.full((40,), float("nan")), table, entry) for entry in (1, 2)]
    expected = REFERENCE.layer_norm(wide[:, 5:45], weight, bias, 1e-6)
    torch.testing.assert_close(CPU.layer_norm(wide[:, 5:45], *slots, 1e-6), expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(CPU.layer_norm(wide[:, 5:45], None, None, 0.0).mean(), torch.tensor(0.0))
    monkeypatch.setattr(Native, "run", None)
    half = [one.half() for one in (weight, bias)]
    assert CPU.layer_norm(wide[:, 5:45].double(), weight.double(), bias.double(), 1e-6).dtype is torch.float64
    with pytest.raises(RuntimeError):
        CPU.layer_norm(wide[:, 5:45], *half, 1e-6)


def test_one_row_s_nan_stays_with_it() -> None:
    x, weight, bias = tensor(3, 20, dtype=torch.float32), *(tensor(20, dtype=torch.float32, seed=s) for s in (1, 2))
    clean = CPU.layer_norm(x, weight, bias, 1e-6)
    x[1, 3] = float("nan")
    found = CPU.layer_norm(x, weight, bias, 1e-6)
    assert torch.equal(found[::2], clean[::2]) and found[1].isnan().all()
