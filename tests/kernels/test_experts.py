"""Native experts against their definition in float64, and on a tape against themselves."""

from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import Slot
from aweigh.kernels.cpu.block import block
from aweigh.kernels.cpu.native import Native
from aweigh.kernels.cpu.recorder import NotNative, Recorder

CPU: Any = load("cpu")
REFERENCE: Any = load("reference")
EXPERTS, FEATURES, INNER = 7, 40, 24
LOOKS: dict[str, dict[str, Any]] = {
    "silu": {"activation": "silu"},
    "gelu, biases": {"activation": "gelu", "biased": True},
    "transposed": {"activation": "silu", "transposed": True},
    "no gate": {"activation": "relu2", "gated": False},
    "clamped": {
        "activation": "silu",
        "biased": True,
        "transposed": True,
        "interleaved": True,
        "limit": 1.5,
        "alpha": 1.702,
    },
    "clamped halves": {"activation": "silu", "limit": 0.5, "alpha": 1.0},
}


def tensor(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def stack(dtype: torch.dtype, look: str) -> tuple[list[Tensor], dict[str, Any]]:
    """Gate-up and down weights, and the keywords."""
    keywords = dict(LOOKS[look])
    biased, both = keywords.pop("biased", False), 2 if keywords.get("gated", True) else 1
    weights = [
        tensor(EXPERTS, both * INNER, FEATURES, dtype=dtype, seed=1).div_(5),
        tensor(EXPERTS, FEATURES, INNER, dtype=dtype, seed=2).div_(5),
    ]
    if keywords.get("transposed"):
        weights = [one.transpose(1, 2).contiguous() for one in weights]
    if biased:
        keywords["gate_up_bias"] = tensor(EXPERTS, both * INNER, dtype=dtype, seed=3)
        keywords["down_bias"] = tensor(EXPERTS, FEATURES, dtype=dtype, seed=4)
    return weights, keywords


def batch(dtype: torch.dtype, tokens: int = 9) -> tuple[Tensor, Tensor, Tensor]:
    """Rows, three experts of each, and weights. Nobody asks for expert 5; some ids name no expert."""
    generator = torch.Generator().manual_seed(7)
    ids = torch.stack([torch.randperm(EXPERTS - 2, generator=generator)[:3] for _ in range(tokens)])
    ids[ids == 3] = 6
    ids[0, 1], ids[-1, 2] = EXPERTS, -1
    weights = torch.softmax(tensor(tokens, 3, dtype=torch.float32, seed=8), 1).to(dtype)
    return tensor(tokens, FEATURES, dtype=dtype, seed=9), ids, weights


def double(value: Any) -> Any:
    return value.double() if isinstance(value, Tensor) and value.is_floating_point() else value


def on_tape(x: Tensor, ids: Tensor, weights: Tensor, *stacked: Any, **keywords: Any) -> tuple[Tensor, list[int]]:
    """The result, and how often each expert was hit, of a tape that is played twice."""
    recorder, hits = Recorder(block(), 3), torch.zeros(EXPERTS, dtype=torch.int64)
    given = [recorder.room.take(tuple(one.shape), one.dtype, fresh=True) for one in (x, ids, weights)]
    out = recorder.experts(hits, *given, *stacked, **keywords)
    recording = recorder.ready()
    for _ in range(2):
        for place, one in zip(given, (x, ids, weights), strict=True):
            place.copy_(one)
        out.fill_(float("nan"))
        recording.run(None)
    return out.clone(), hits.tolist()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_experts_are_right_and_know_no_mates(look: str, dtype: torch.dtype) -> None:
    (gate_up, down), keywords = stack(dtype, look)
    x, ids, weights = batch(dtype)
    exact = REFERENCE.experts(
        x.double(),
        ids,
        weights.double(),
        gate_up.double(),
        down.double(),
        **{name: double(value) for name, value in keywords.items()},
    ).out_TC
    gate_up[5] = down[5] = float("nan")  # nobody reads it
    found = CPU.experts(x, ids, weights, gate_up, down, **keywords)
    assert found.out_TC.dtype is dtype
    assert (found.out_TC.double() - exact).norm() <= (1e-6 if dtype is torch.float32 else 1e-2) * exact.norm()
    assert dict(found.hits).keys() == {int(one) for one in ids.flatten() if 0 <= one < EXPERTS}
    for token in range(len(x)):
        one = slice(token, token + 1)
        alone = CPU.experts(x[one], ids[one], weights[one], gate_up, down, **keywords).out_TC
        assert torch.equal(alone, found.out_TC[one])
        assert torch.equal(on_tape(x[one], ids[one], weights[one], gate_up, down, **keywords)[0], alone)
    taped, hits = on_tape(x, ids, weights, gate_up, down, **keywords)
    assert torch.equal(taped, found.out_TC)
    assert hits == [2 * (expert in dict(found.hits)) for expert in range(EXPERTS)]


def test_weights_of_the_sum_may_be_wider() -> None:
    (gate_up, down), keywords = stack(torch.bfloat16, "silu")
    x, ids, weights = batch(torch.bfloat16)
    exact = REFERENCE.experts(x, ids, weights.float(), gate_up, down, **keywords).out_TC
    found = CPU.experts(x, ids, weights.float(), gate_up, down, **keywords).out_TC
    torch.testing.assert_close(found, exact, atol=2e-2, rtol=2e-2)
    assert torch.equal(on_tape(x, ids, weights.float(), gate_up, down, **keywords)[0], found)


def test_weights_are_where_the_address_table_says() -> None:
    (gate_up, down), keywords = stack(torch.float32, "clamped")
    x, ids, weights = batch(torch.float32)
    expected = CPU.experts(x, ids, weights, gate_up, down, **keywords).out_TC
    stacked = [gate_up, down, keywords.pop("gate_up_bias"), keywords.pop("down_bias")]
    table = torch.tensor([one.data_ptr() for one in stacked])
    slots = [Slot(torch.full_like(one, float("nan")), table, place) for place, one in enumerate(stacked)]
    biases = {"gate_up_bias": slots[2], "down_bias": slots[3]}
    assert torch.equal(on_tape(x, ids, weights, *slots[:2], **keywords, **biases)[0], expected)


def test_a_mate_s_nan_stays_with_its_owner() -> None:
    (gate_up, down), keywords = stack(torch.float32, "silu")
    x, ids, weights = batch(torch.float32)
    clean = on_tape(x, ids, weights, gate_up, down, **keywords)[0]
    x[4] = float("nan")
    dirty = on_tape(x, ids, weights, gate_up, down, **keywords)[0]
    assert dirty[4].isnan().all() and torch.equal(dirty[:4], clean[:4]) and torch.equal(dirty[5:], clean[5:])


def test_what_does_not_fit_is_the_reference_s(monkeypatch: pytest.MonkeyPatch) -> None:
    (gate_up, down), _ = stack(torch.float32, "silu")
    x, ids, weights = batch(torch.float32)
    for keywords in ({"activation": "mish"}, {"activation": "silu", "limit": 1.0}):
        torch.testing.assert_close(
            CPU.experts(x, ids, weights, gate_up, down, **keywords).out_TC,
            REFERENCE.experts(x, ids, weights, gate_up, down, **keywords).out_TC,
        )
        with pytest.raises(NotNative):
            on_tape(x, ids, weights, gate_up, down, **keywords)
    monkeypatch.setattr(Native, "run", None)
    double_ = [one.double() for one in (x, weights, gate_up, down)]
    assert CPU.experts(double_[0], ids, *double_[1:], activation="silu").out_TC.dtype is torch.float64
