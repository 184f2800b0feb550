"""What stands between projections as native code: rotations, writes of keys and values, activations. The reference decides."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import Slot
from aweigh.kernels.cpu.block import block
from aweigh.kernels.cpu.gate import gating, gating_table
from aweigh.kernels.cpu.native import Native
from aweigh.kernels.cpu.operands import ELEMENTS
from aweigh.kernels.cpu.recorder import Recorder

CPU: Any = load("cpu")
REFERENCE: Any = load("reference")
DTYPES = [torch.float32, torch.bfloat16, torch.float16]
EXACT: dict[str, Callable[[Tensor], Tensor]] = {
    "silu": lambda x: x * torch.sigmoid(x),
    "swish": lambda x: x * torch.sigmoid(x),
    "gelu_pytorch_tanh": lambda x: x * torch.sigmoid((8 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)),
    "relu": torch.relu,
    "linear": lambda x: x,
    "gelu": lambda x: x * torch.special.erfc(-x / 2**0.5) / 2,
    "gelu_new": lambda x: x * torch.sigmoid((8 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)),
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "relu2": lambda x: torch.relu(x) ** 2,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}
ROUNDING = {torch.float32: 5e-7, torch.bfloat16: 2**-8, torch.float16: 2**-11}
TINY = {torch.float32: 1e-8, torch.bfloat16: 1e-8, torch.float16: 2**-24}
"""Where an exponent is large, what it was rounded by counts."""


def tensor(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each native call."""
    found: list[int] = []
    run = Native.run

    def counted(native: Native, table: Any) -> None:
        found.append(1)
        run(native, table)

    monkeypatch.setattr(Native, "run", counted)
    return found


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("angle", DTYPES)
@pytest.mark.parametrize(("tokens", "heads", "size", "rotated"), [(1, 3, 64, 64), (5, 2, 80, 20), (7, 1, 34, 34)])
def test_rotations_have_the_reference_s_bits(
    dtype: torch.dtype, angle: torch.dtype, tokens: int, heads: int, size: int, rotated: int, calls: list[int]
) -> None:
    x = tensor(tokens, heads + 2, size, dtype=dtype)[:, 1 : heads + 1]
    cos, sin = (tensor(tokens, rotated, dtype=angle, seed=seed) for seed in (1, 2))
    assert torch.equal(CPU.rotary(x, cos, sin), REFERENCE.rotary(x, cos, sin))
    cos, sin = cos[:, : rotated // 2], sin[:, : rotated // 2]
    assert torch.equal(CPU.rotary_pairs(x, cos, sin), REFERENCE.rotary_pairs(x, cos, sin))
    native = dtype == angle or torch.float32 in (dtype, angle)
    assert len(calls) == (2 if native else 0)


def test_interleaved_pairs_and_odd_operands_are_the_reference_s(calls: list[int]) -> None:
    x, cos, sin = tensor(3, 2, 8, dtype=torch.float32), *(tensor(3, 8, dtype=torch.float32, seed=s) for s in (1, 2))
    assert torch.equal(CPU.rotary(x, cos, sin, interleaved=True), REFERENCE.rotary(x, cos, sin, interleaved=True))
    wide = tensor(3, 16, dtype=torch.float32, seed=3)[:, ::2]
    assert torch.equal(CPU.rotary(x, wide, sin), REFERENCE.rotary(x, wide, sin))
    assert torch.equal(CPU.rotary(x, cos[:1], sin[:1]), REFERENCE.rotary(x, cos[:1], sin[:1]))
    assert not calls


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sequences", [[(1, 1)], [(1, 9), (5, 30), (0, 3)], [(1, c) for c in range(1, 9)]])
def test_writes_touch_their_slots_alone(lab: Any, dtype: torch.dtype, sequences: Any, calls: list[int]) -> None:
    batches = [lab.batch(lab.shape(sequences, key_size=18, value_size=35, dtype=dtype)) for _ in range(2)]
    for kernels, batch in zip((CPU, REFERENCE), batches, strict=True):
        hidden = batch.hide([4] * len(sequences))
        kernels.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, hidden.ragged)
    assert torch.equal(batches[0].pool.nan_to_num(7.0), batches[1].pool.nan_to_num(7.0))
    assert len(calls) == 1


def test_a_pool_of_another_dtype_is_the_reference_s(lab: Any, calls: list[int]) -> None:
    batch = lab.batch(lab.shape([(3, 5)], dtype=torch.bfloat16))
    CPU.write_kv(batch.key_TKD.float(), batch.value_TKE.float(), batch.layer, batch.ragged)
    assert not calls and torch.equal(
        CPU.attend(batch.query_THD, batch.layer, batch.ragged, scale=1.0).isnan().any(), torch.tensor(False)
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("size", [1, 15, 512, 40001])
def test_activations_are_right_to_the_last_place(dtype: torch.dtype, name: str, size: int, calls: list[int]) -> None:
    x = tensor(size, dtype=dtype).mul_(4)
    exact = EXACT[name](x.double())
    found = CPU.activation(x, name).double()
    assert ((found - exact).abs() <= ROUNDING[dtype] * exact.abs() + TINY[dtype]).all()
    assert len(calls) == 1


def test_an_element_s_activation_knows_no_place(calls: list[int]) -> None:
    x = tensor(1000, dtype=torch.float32)
    assert torch.equal(CPU.activation(x, "silu")[37:90], CPU.activation(x[37:90], "silu"))
    assert torch.equal(CPU.activation(x[:30].view(5, 6).t(), "silu"), CPU.activation(x[:30], "silu").view(5, 6).t())


def test_what_is_not_finite_stays_so() -> None:
    x = torch.tensor([float("inf"), float("nan"), 3e38, -3e38, -200.0, 0.0])
    for name in ("silu", "gelu_pytorch_tanh", "relu", "gelu", "quick_gelu"):
        found = CPU.activation(x, name)
        assert found[0] == float("inf") and found[1].isnan() and found[2] == x[2] and (found[3:] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("activation", ["silu", "gelu_pytorch_tanh", "gelu", "mish"])
def test_gated_mlps_are_the_reference_s(dtype: torch.dtype, activation: str) -> None:
    x, gate, up, down = (
        tensor(*shape, dtype=dtype, seed=seed).div_(6)
        for seed, shape in enumerate([(5, 48), (70, 48), (70, 48), (48, 70)])
    )
    exact = REFERENCE.gated_mlp(x.double(), gate.double(), up.double(), down.double(), activation=activation)
    found = CPU.gated_mlp(x, gate, up, down, activation=activation).double()
    assert (found - exact).norm() <= (1e-6 if dtype is torch.float32 else 1e-2) * exact.norm()
    assert torch.equal(CPU.gated_mlp(x[1:2], gate, up, down, activation=activation).double(), found[1:2])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("rows", "columns"), [(1, 3), (3, 700), (5, 16)])
def test_sums_and_products_of_views_have_torch_s_bits(dtype: torch.dtype, rows: int, columns: int) -> None:
    both = tensor(rows, 2 * columns, dtype=dtype)
    x, other = both[:, :columns], both[:, columns:]
    for adds, expected in ((True, x + other), (False, x * other)):
        out = torch.full((rows, columns), float("nan"), dtype=dtype)
        gating(ELEMENTS[dtype]).run(gating_table(2, x, other, out, "linear", adds=adds))
        assert torch.equal(out, expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", [1, 15, 16, 33, 40001])
def test_the_best_is_the_first_of_the_greatest(dtype: torch.dtype, count: int, calls: list[int]) -> None:
    """Few numbers, so that many are equal; rows of a wider tensor with greater ones beside them."""
    wide = torch.full((9, count + 5), float("inf"), dtype=dtype)
    wide[:, :count] = tensor(9, count, dtype=torch.float32).mul_(3).round_().to(dtype)
    wide[3, count - 1] = float("inf")
    wide[4, :count] = float("-inf")
    x = wide[:, :count]
    places, values = CPU.best(x)
    expected = [row.index(max(row)) for row in x.tolist()]
    assert places.tolist() == expected and torch.equal(values, x.amax(1))
    assert len(calls) == 1
    x[2, count // 2] = float("nan")
    places, values = CPU.best(x)
    assert values[2].isnan() and 0 <= int(places[2]) < count
    assert [*places[:2].tolist(), *places[3:].tolist()] == [*expected[:2], *expected[3:]]


def test_what_has_no_code_for_its_best_is_torch_s(calls: list[int]) -> None:
    x = tensor(3, 8, dtype=torch.float64)
    assert torch.equal(CPU.best(x)[0], x.argmax(1)) and torch.equal(CPU.best(x.float().t())[1], x.float().amax(0))
    assert not calls


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("features", [1, 16, 50])
def test_rows_of_a_table_on_a_tape(dtype: torch.dtype, features: int) -> None:
    """Behind the address table; a number beyond the last row, which nobody lets through, reads that one and nothing else."""
    table = tensor(7, features + 3, dtype=dtype)[:, :features]
    ids = torch.tensor([3, 0, 6, 3])
    recorder = Recorder(block(), 2)
    given = recorder.room.take((4,), torch.int64, fresh=True)
    slot = Slot(
        torch.full((7, features + 3), float("nan"), dtype=dtype)[:, :features], torch.tensor([table.data_ptr()]), 0
    )
    out = recorder.embedding(given, slot)
    recording = recorder.ready()
    given.copy_(ids)
    recording.run(None)
    assert torch.equal(out, table[ids])
    given.copy_(torch.tensor([1, 7, -1, 1 << 40]))
    recording.run(None)
    assert torch.equal(out, table[torch.tensor([1, 6, 6, 6])])
