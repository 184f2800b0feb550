"""What routers do with their scores, natively: against float64, in every order that ties allow one of, and in no other row's way."""

from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.cpu.block import block
from aweigh.kernels.cpu.recorder import NotNative, Recorder

CPU: Any = load("cpu")
DTYPES = [torch.float32, torch.bfloat16, torch.float16]


def tensor(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def on_tape(x: Tensor, method: str, *others: Any) -> tuple[Tensor, ...]:
    recorder = Recorder(block(), 3)
    given = recorder.room.take(tuple(x.shape), x.dtype, fresh=True)
    found = getattr(recorder, method)(given, *others)
    outs = (found,) if isinstance(found, Tensor) else found
    recording = recorder.ready()
    given.copy_(x)
    for out in outs:
        out.zero_()
    recording.run(None)
    return tuple(out.clone() for out in outs)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", [1, 6, 16, 33, 128])
def test_softmax(dtype: torch.dtype, count: int) -> None:
    x = tensor(9, count, dtype=dtype).mul_(5)
    x[3, : count - 1] = float("-inf")
    found = CPU.softmax(x)
    exact = torch.softmax(x.double(), -1)
    step = {torch.float32: 5e-7, torch.bfloat16: 2**-8, torch.float16: 2**-11}[dtype]
    assert found.dtype is dtype and ((found.double() - exact).abs() <= step * exact + 1e-7).all()
    assert torch.equal(on_tape(x, "softmax")[0], found)
    assert all(torch.equal(CPU.softmax(x[n : n + 1]), found[n : n + 1]) for n in range(9))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("count", "chosen"), [(1, 1), (6, 2), (16, 16), (33, 4), (128, 8)])
def test_the_greatest_in_order(dtype: torch.dtype, count: int, chosen: int) -> None:
    """Whole numbers, so that many are equal."""
    x = tensor(9, count, dtype=torch.float32).mul_(2).round_().to(dtype)
    x[4, : count // 2] = float("-inf")
    values, places = CPU.topk(x, chosen)
    expected = [sorted(range(count), key=lambda place: (-row[place], place))[:chosen] for row in x.tolist()]
    assert places.tolist() == expected and torch.equal(values, x.gather(1, places))
    taped = on_tape(x, "topk", chosen)
    assert torch.equal(taped[0], values) and torch.equal(taped[1], places)
    alone = [CPU.topk(x[n : n + 1], chosen)[1] for n in range(9)]
    assert torch.equal(torch.cat(alone), places)


def test_rows_of_nan_choose_places_that_there_are() -> None:
    x = tensor(3, 8, dtype=torch.float32)
    clean = CPU.topk(x, 3)
    x[1] = float("nan")
    values, places = CPU.topk(x, 3)
    assert places[1].tolist() == [0, 1, 2] and values[1].isnan().all()
    assert torch.equal(values[::2], clean[0][::2]) and CPU.softmax(x)[1].isnan().all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("other", DTYPES)
def test_casts_have_torch_s_bits(dtype: torch.dtype, other: torch.dtype) -> None:
    x = tensor(3, 1700, dtype=dtype).mul_(1e3)
    assert torch.equal(on_tape(x, "cast", other)[0], x.to(other))


def test_what_does_not_fit_is_the_reference_s() -> None:
    x = tensor(2, 5000, dtype=torch.float32)
    torch.testing.assert_close(CPU.softmax(x), torch.softmax(x, -1))
    assert torch.equal(CPU.topk(x.double(), 2)[1], x.double().topk(2).indices)
    for method, others in (("softmax", ()), ("topk", (2,)), ("cast", (torch.float64,))):
        with pytest.raises(NotNative):
            on_tape(x, method, *others)
