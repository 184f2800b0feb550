"""Native projections against float64, in every shape where a loop ends, and the code that they are made of."""

from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import fitting, load, mlir
from aweigh.kernels.base import KvLayer, Ragged, Slot
from aweigh.kernels.cpu import native
from aweigh.kernels.cpu.attention import Attention
from aweigh.kernels.cpu.linear import run
from aweigh.kernels.cpu.native import Native, compiled, module_of
from aweigh.kernels.cpu.operands import Element
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.cpu.projection import Projection
from aweigh.kernels.cpu.transposed import TransposedProjection

CPU: Any = load("cpu")
ROUNDING = {torch.float32: 2e-6, torch.bfloat16: 5e-3, torch.float16: 6e-4}
"""Of the result's size: half a unit in the last place, and in float32 some for the sum."""


def tensor(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def assert_exact(y: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> None:
    exact = torch.nn.functional.linear(x.double(), weight.double(), None if bias is None else bias.double())
    size = x.double().abs() @ weight.double().abs().T + 1
    assert ((y.double() - exact).abs() <= ROUNDING[x.dtype] * size).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 9, 64, 67])
@pytest.mark.parametrize(("features", "outputs"), [(1, 1), (15, 3), (16, 4), (33, 5), (64, 8), (100, 17)])
def test_projections_are_right_wherever_a_loop_ends(dtype: torch.dtype, rows: int, features: int, outputs: int) -> None:
    x = tensor(rows, features, dtype=dtype)
    weight, bias = tensor(outputs, features, dtype=dtype, seed=1), tensor(outputs, dtype=dtype, seed=2)
    plain, biased = CPU.merged_linear(x, (weight, weight), (None, bias))
    assert_exact(plain, x, weight)
    assert_exact(biased, x, weight, bias)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_views_are_read_where_they_lie_and_nothing_beside_them(dtype: torch.dtype) -> None:
    wide = torch.full((6, 90), float("nan"), dtype=dtype)
    wide[:, :50] = tensor(6, 50, dtype=dtype)
    stack = torch.full((9, 70), float("nan"), dtype=dtype)
    stack[:7, :50] = tensor(7, 50, dtype=dtype, seed=1)
    assert_exact(CPU.linear(wide[:, :50], stack[:7, :50]), wide[:, :50], stack[:7, :50])
    columns = tensor(50, 6, dtype=dtype).t()  # rows that are not contiguous
    assert_exact(CPU.linear(columns, stack[:7, :50]), columns, stack[:7, :50])


@pytest.mark.parametrize("shape", [(0, 5), (2, 0, 5), (0, 3, 5), (3, 0), (2, 3, 0), (2, 3, 5), (5,)])
@pytest.mark.parametrize("outputs", [0, 4])
def test_no_row_no_feature_and_no_output_are_shapes_too(shape: tuple[int, ...], outputs: int) -> None:
    x, weight = torch.ones(shape), torch.ones(outputs, shape[-1])
    bias = torch.ones(outputs)
    assert torch.equal(CPU.linear(x, weight, bias), torch.full((*shape[:-1], outputs), shape[-1] + 1.0))


def test_a_weight_of_another_device_never_reaches_native_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("native code ran")

    monkeypatch.setattr(Native, "run", forbidden)
    CPU.linear(torch.ones(2, 32), torch.ones(8, 32, device="meta"))


def test_one_query_per_token_of_the_step() -> None:
    """A Program may say otherwise; native code would read tables beyond their end."""
    layer = KvLayer.of(torch.zeros(1, 4, 1, 8), torch.zeros(1, 4, 1, 8))
    with pytest.raises(ValueError, match="6 queries in a step of 3 tokens"):
        CPU.attend(torch.zeros(6, 1, 8), layer, Ragged.of([3], [3], [[0]], 4), scale=1.0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize(("features", "outputs"), [(1, 1), (5, 15), (64, 16), (33, 48), (100, 67)])
def test_transposed_weights_are_right_and_invariant_in_rows(dtype: torch.dtype, features: int, outputs: int) -> None:
    x = tensor(9, features, dtype=dtype)
    kept = torch.full((features, outputs + 3), float("nan"), dtype=dtype)
    kept[:, :outputs] = tensor(features, outputs, dtype=dtype, seed=1)
    weight, bias = kept[:, :outputs].t(), tensor(outputs, dtype=dtype, seed=2)
    plain, biased = CPU.merged_linear(x, (weight, weight), (None, bias))
    assert_exact(plain, x, weight)
    assert_exact(biased, x, weight, bias)
    for rows in (1, 2, 4, 7):
        assert torch.equal(CPU.linear(x[:rows], weight, bias), biased[:rows])


def test_a_weight_is_where_the_address_table_says() -> None:
    """The tensor of a slot gives shape and strides; its bytes may have moved since it was made."""
    x, before = tensor(3, 32, dtype=torch.float32), torch.full((8, 32), float("nan"))
    weight, bias = tensor(8, 32, dtype=torch.float32, seed=1), tensor(8, dtype=torch.float32, seed=2)
    table = torch.tensor([0, weight.data_ptr(), bias.data_ptr()])
    slots = Slot(before, table, 1), Slot(before[:, 0].contiguous(), table, 2)
    assert_exact(CPU.linear(x, *slots), x, weight, bias)
    moved = weight.clone() * 2
    table[1] = moved.data_ptr()
    assert_exact(CPU.linear(x, *slots), x, moved, bias)


@pytest.mark.parametrize(("weight", "bias"), [((8, 31), None), ((8, 32), (1,)), ((8, 32), (7,))])
def test_operands_that_do_not_fit_never_reach_native_code(
    weight: tuple[int, int], bias: tuple[int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("native code ran")

    monkeypatch.setattr(Native, "run", forbidden)
    x, w = torch.ones(2, 32), torch.ones(weight)
    b = None if bias is None else torch.ones(bias)
    try:
        y = CPU.linear(x, w, b)
    except RuntimeError:
        return
    assert bias == (1,) and torch.equal(y, torch.full((2, 8), 33.0))


def test_weights_of_both_layouts_may_share_a_call() -> None:
    x, weight = tensor(3, 32, dtype=torch.float32), tensor(32, 32, dtype=torch.float32, seed=1)
    for y, layout in zip(CPU.merged_linear(x, (weight, weight.t())), (weight, weight.t()), strict=True):
        assert_exact(y, x, layout)


def test_float64_takes_the_reference_s_way() -> None:
    x, weight = tensor(3, 32, dtype=torch.float64), tensor(8, 32, dtype=torch.float64, seed=1)
    assert torch.equal(CPU.linear(x, weight), load("reference").linear(x, weight))


@pytest.mark.parametrize("threads", [2, 3, 8])
@pytest.mark.parametrize("rows", [1, 13])
def test_the_number_of_threads_changes_no_bit(threads: int, rows: int) -> None:
    x, weight = tensor(rows, 96, dtype=torch.bfloat16), tensor(30, 96, dtype=torch.bfloat16, seed=1)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = CPU.linear(x, weight)
        torch.set_num_threads(threads)
        assert torch.equal(CPU.linear(x, weight), alone)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_mate_s_nan_stays_with_its_owner(dtype: torch.dtype) -> None:
    x, weight = tensor(6, 40, dtype=dtype), tensor(10, 40, dtype=dtype, seed=1)
    clean = CPU.linear(x, weight)
    x[2] = float("nan")
    x[4] = float("inf")
    dirty = CPU.linear(x, weight)
    for row in (0, 1, 3, 5):
        assert torch.equal(dirty[row], clean[row])
    assert dirty[2].isnan().all() and not dirty[4].isfinite().any()


def test_experts_and_gated_mlps_are_made_of_native_projections(monkeypatch: pytest.MonkeyPatch) -> None:
    x, ids = tensor(5, 32, dtype=torch.float32), torch.tensor([[0, 2], [1, 2], [2, 0], [0, 1], [2, 1]])
    gate_up, down = tensor(3, 48, 32, dtype=torch.float32), tensor(3, 32, 24, dtype=torch.float32)
    weights = torch.softmax(tensor(5, 2, dtype=torch.float32), 1)
    mlp = [
        tensor(24, 32, dtype=torch.float32),
        tensor(24, 32, dtype=torch.float32),
        tensor(32, 24, dtype=torch.float32),
    ]
    reference: Any = load("reference")
    expected = reference.experts(x, ids, weights, gate_up, down, activation="silu")
    also_expected = reference.gated_mlp(x, *mlp, activation="gelu")

    def forbidden(*_: object) -> Tensor:
        raise AssertionError("torch multiplied")

    monkeypatch.setattr(torch.nn.functional, "linear", forbidden)
    found = CPU.experts(x, ids, weights, gate_up, down, activation="silu")
    assert found.hits == expected.hits
    torch.testing.assert_close(found.out_TC, expected.out_TC, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(CPU.gated_mlp(x, *mlp, activation="gelu"), also_expected, rtol=1e-4, atol=1e-4)


def text(element: Element, *, pairs: bool) -> str:
    with mlir.ir.Context(), mlir.ir.Location.unknown():
        return str(module_of(Projection(element, pairs=pairs).build))


@pytest.mark.parametrize(
    ("element", "pairs", "product", "wide", "extensions"),
    [
        ("bf16", True, "x86.avx512.dot", "vector<32xbf16>", False),
        ("bf16", False, "vector.fma", "vector<16xbf16>", True),
        ("f16", True, "vector.fma", "vector<16xf16>", True),
        ("f32", True, "vector.fma", "vector<16xf32>", False),
    ],
)
def test_the_code_of_a_tile(element: Element, pairs: bool, product: str, wide: str, extensions: bool) -> None:
    code = text(element, pairs=pairs)
    # Per chunk and per rest: 4 x 4 twice (with and without asking ahead), 3 x 4, 2 x 4, 1 x 4; and over one row of w the same.
    heights = (4, 4, 3, 2, 1)
    assert code.count(product) == 2 * sum(height * 4 + height for height in heights)
    begun = sum(4 * height for height in heights) if wide == "vector<16xf32>" else 0  # sums of the depth before
    assert code.count(f"!llvm.ptr -> {wide}") == sum(height + 4 + height + 1 for height in heights) + begun
    assert (f"{wide} to vector<16xf32>" in code) == extensions
    streams = 2  # of one and two rows over one of w: each asks for what comes after
    assert code.count("llvm.intr.prefetch") == 4 * (len(heights) - 1) + streams


def test_the_code_of_a_transposed_tile() -> None:
    with mlir.ir.Context(), mlir.ir.Location.unknown():
        code = str(module_of(TransposedProjection("bf16").build))
    assert code.count("vector.fma") == 4 * 2 + 1 * 2
    assert code.count("vector.broadcast") == 4 + 1
    assert code.count("llvm.intr.masked.store") == 4 * 2 + 1 * 2


def test_processors_without_pairs_of_bfloat16_get_the_same_numbers_up_to_rounding() -> None:
    x, weight = tensor(5, 100, dtype=torch.bfloat16), tensor(9, 100, dtype=torch.bfloat16, seed=1)
    generic = compiled(lambda: Projection("bf16", pairs=False).build)
    out = torch.empty(5, 9, dtype=torch.bfloat16)
    run(generic, x, [(weight, None, out)])
    assert_exact(out, x, weight)


def test_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fitting("cpu") == "cpu"
    assert fitting("cuda:1") == "triton"

    def missing() -> str:
        raise ModuleNotFoundError("not there")

    for module, name in ((mlir, "provider"), (native, "openmp")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, missing)
            assert fitting("cpu") == "reference"


def test_this_machine_s_instructions_are_looked_up() -> None:
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        assert multiplies_pairs() == ("avx512_bf16" in file.read())


@pytest.mark.parametrize(
    ("element", "pairs", "product"), [("bf16", True, "x86.avx512.dot"), ("f32", False, "vector.fma")]
)
def test_the_code_of_attention(element: Element, pairs: bool, product: str) -> None:
    with mlir.ir.Context(), mlir.ir.Location.unknown():
        code = str(module_of(Attention(element, pairs=pairs).build))
    rows, vectors = 4, 4
    values = 0 if pairs else vectors + 1 + rows * (vectors + 1)  # of a row, and of a tile's rows
    turns = 4  # of a part of the tree
    assert code.count(product) - values == 2 * 16 + rows * turns
    tree, transposed = 2 * (8 + 4 + 2 + 1), 4 * 16
    assert code.count("vector.shuffle") == 3 * tree + transposed


def test_scores_that_overflow_to_minus_infinity_weigh_nothing(lab: Any) -> None:
    batch = lab.batch(lab.shape([(1, 40)], heads=1, kv_heads=1))
    CPU.write_kv(batch.key_TKD, batch.value_TKE, batch.layer, batch.ragged)
    blocks = batch.ragged.blocks[0]
    query = torch.full_like(batch.query_THD, 1e30)
    for position in range(40):
        key = batch.layer.key_NBKD[blocks[position // 4], position % 4]
        key.fill_(-1e30 if position < 32 else 0.0)
        batch.layer.value_NBKE[blocks[position // 4], position % 4] = float(position)
    out = CPU.attend(query, batch.layer, batch.ragged, scale=1.0)
    torch.testing.assert_close(out, torch.full_like(out, sum(range(32, 40)) / 8))


@pytest.mark.parametrize("rule", ["bias", "softcap", "sinks", "alibi", "plain"])
def test_rules_without_native_code_are_the_reference_s(lab: Any, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(Native, "run", lambda *_: seen.append(rule))
    batch = lab.batch(lab.shape([(1, 5)]))
    CPU.attend(batch.query_THD, batch.layer, batch.ragged, scale=1.0, **lab.rules(rule, 4))
    assert seen == ([] if rule == "bias" else [rule])
