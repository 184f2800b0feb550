"""Triton's experts in the interpreter, against the reference in float64."""

from importlib import import_module
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from aweigh.kernels.base import Kernels, Slot

NORM = {torch.float32: 1e-5, torch.bfloat16: 1e-2, torch.float16: 2e-3}
module: Any = import_module("aweigh.kernels.triton.experts")


def refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("the reference was asked")


class Lot:
    """Random operands of `experts`: what is poisoned is NaN."""

    def __init__(self, seed: int, dtype: torch.dtype, **said: Any) -> None:
        generator = torch.Generator().manual_seed(seed)
        tokens, per_token, count = said.get("tokens", 5), said.get("per_token", 2), said.get("count", 4)
        hidden, inner, transposed = said.get("hidden", 24), said.get("inner", 40), said.get("transposed", False)

        def random(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator).to(dtype)

        self.x = torch.full((tokens, hidden + 3), float("nan"), dtype=dtype)[:, :hidden]
        self.x.copy_(random(tokens, hidden))
        self.ids = torch.randint(0, count + said.get("none", 0), (tokens, per_token), generator=generator)
        self.weights = torch.rand(tokens, per_token, generator=generator).to(said.get("weights", dtype))
        wide = inner * (2 if said.get("gated", True) else 1)
        shapes = (
            ((count, hidden, wide), (count, inner, hidden))
            if transposed
            else ((count, wide, hidden), (count, hidden, inner))
        )
        self.up, self.down = (random(*shape).mul_(0.3) for shape in shapes)
        self.biases: dict[str, Any] = {}
        if said.get("biased"):
            self.biases = {"gate_up_bias": random(count, wide), "down_bias": random(count, hidden)}
        self.settings = {
            name: said[name] for name in ("transposed", "gated", "limit", "alpha", "interleaved") if name in said
        }
        for expert in set(range(count)) - set(self.ids.flatten().tolist()):
            self.up[expert] = self.down[expert] = float("nan")

    def run(self, kernels: Kernels, activation: str = "silu") -> Any:
        return kernels.experts(
            self.x, self.ids, self.weights, self.up, self.down, activation=activation, **self.biases, **self.settings
        )

    def exact(self, kernels: Kernels, activation: str = "silu") -> Any:
        weights, up, down = (part.double() for part in (self.weights, self.up, self.down))
        biases = {name: part.double() for name, part in self.biases.items()}
        x = self.x.double()
        return kernels.experts(x, self.ids, weights, up, down, activation=activation, **biases, **self.settings)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 1000),
    dtype=st.sampled_from(sorted(NORM, key=str)),
    tokens=st.integers(1, 40),
    per_token=st.integers(1, 4),
    count=st.sampled_from([1, 3, 8]),
    hidden=st.sampled_from([8, 24, 70]),
    inner=st.sampled_from([16, 40]),
    none=st.integers(0, 2),
    biased=st.booleans(),
    transposed=st.booleans(),
    form=st.sampled_from([{}, {"gated": False}, {"limit": 0.5}, {"alpha": 1.7, "limit": 2.0, "interleaved": True}]),
    weights=st.sampled_from([torch.float32, torch.bfloat16]),
)
def test_equals_the_reference(
    triton_kernels: Kernels, reference: Kernels, seed: int, dtype: torch.dtype, form: dict[str, Any], **said: Any
) -> None:
    lot = Lot(seed, dtype, **said, **form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "experts_of_any", refuse)
        found = lot.run(triton_kernels)
    wanted = lot.exact(reference)
    assert found.hits == wanted.hits and found.out_TC.dtype == dtype
    assert (found.out_TC.double() - wanted.out_TC).norm() <= 1.5 * NORM[dtype] * wanted.out_TC.norm() + 1e-12


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_row_is_the_same_whoever_chose_its_experts(triton_kernels: Kernels, dtype: torch.dtype) -> None:
    """Columns cancel; of many tokens an expert has more than one tile of few rows."""
    lot = Lot(3, dtype, tokens=70, per_token=2, count=3, hidden=200, biased=True)
    lot.x[:, 100:] = -lot.x[:, :100].flip(1)
    together = lot.run(triton_kernels).out_TC
    for first, last in ((0, 1), (5, 9), (20, 60), (69, 70)):
        some = Lot(3, dtype, tokens=70, per_token=2, count=3, hidden=200, biased=True)
        some.x, some.ids, some.weights = (part[first:last] for part in (lot.x, lot.ids, lot.weights))
        assert torch.equal(some.run(triton_kernels).out_TC, together[first:last])


def test_one_tensor_each_and_addresses_that_move(triton_kernels: Kernels) -> None:
    lot = Lot(5, torch.float32, biased=True)
    expected = lot.run(triton_kernels).out_TC
    apart = [[part.clone() for part in stack] for stack in (lot.up, lot.down, *lot.biases.values())]
    one_each = triton_kernels.experts(
        lot.x, lot.ids, lot.weights, apart[0], apart[1], activation="silu", gate_up_bias=apart[2], down_bias=apart[3]
    )
    assert torch.equal(one_each.out_TC, expected)
    table = torch.full((40,), -1, dtype=torch.int64)
    slots: list[list[Slot]] = []
    for stack in apart:
        slots.append([])
        for part in stack:
            entry = 2 * sum(map(len, slots)) + 1
            table[entry] = part.data_ptr()
            slots[-1].append(Slot(torch.full_like(part, float("nan")), table, entry))
    through = triton_kernels.experts(
        lot.x, lot.ids, lot.weights, slots[0], slots[1], activation="silu", gate_up_bias=slots[2], down_bias=slots[3]
    )
    assert torch.equal(through.out_TC, expected)
    table[0] = lot.up.data_ptr()
    whole = Slot(torch.full_like(lot.up, float("nan")), table, 0)
    found = triton_kernels.experts(lot.x, lot.ids, lot.weights, whole, lot.down, activation="silu", **lot.biases)
    assert torch.equal(found.out_TC, expected)


def test_nan_stays_with_its_owner_and_nobody_is_hit(triton_kernels: Kernels) -> None:
    lot = Lot(7, torch.bfloat16)
    clean = lot.run(triton_kernels).out_TC
    lot.x[2] = float("nan")
    found = lot.run(triton_kernels).out_TC
    assert found[2].isnan().all() and torch.equal(found[[0, 1, 3, 4]], clean[[0, 1, 3, 4]])
    lot.ids.fill_(99)
    nobody = lot.run(triton_kernels)
    assert not nobody.hits and not nobody.out_TC.any()


def test_what_has_no_kernel_takes_the_references_way(triton_kernels: Kernels, reference: Kernels) -> None:
    lot = Lot(9, torch.float64)
    assert torch.equal(lot.run(triton_kernels).out_TC, lot.run(reference).out_TC)
