"""Sizes come from a table, and whatever it says the result is right."""

from pathlib import Path
from typing import Any

import pytest
import torch
from bench.gpu import limits, tune
from bench.gpu.cases import Shape, cases

from aweigh.kernels.base import Kernels
from aweigh.kernels.triton import tuned

CPU = torch.device("cpu")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes a table and has it read."""

    def write(lines: dict[tuned.Key, dict[str, int]]) -> None:
        tuned.write(tmp_path / "tuned.csv", lines)
        monkeypatch.setattr(tuned, "KEPT", tmp_path / "tuned.csv")
        tuned._table.cache_clear()

    yield write
    monkeypatch.undo()
    tuned._table.cache_clear()


def test_the_table_s_sizes_hold_on_its_card_and_the_callers_on_others(table: Any) -> None:
    table({("gate", "", ""): {"BLOCK": 64}, ("gate", "sm_90", "x"): {"BLOCK": 32}})
    assert tuned.sizes_for("gate", "", CPU, BLOCK=1024) == {"BLOCK": 64, "num_warps": 4}
    assert tuned.sizes_for("gate", "x", CPU, BLOCK=1024) == {"BLOCK": 1024, "num_warps": 4}
    with pytest.raises(AssertionError, match="gate has no sizes BLOCK"):
        tuned.sizes_for("gate", "", CPU)


def test_what_is_no_table_says_so(tmp_path: Path) -> None:
    path = tmp_path / "tuned.csv"
    path.write_text("kernel,shape\n")
    with pytest.raises(ValueError, match=r"tuned.csv has the columns kernel, shape: it needs kernel, architecture"):
        tuned.read(path)
    for wrong in ("BLOCK", "BLOCK=", "=3", "BLOCK=0", "BLOCK=-1"):
        with pytest.raises(ValueError, match=r"is no size: write NAME=NUMBER"):
            tuned.parse(wrong)


def test_other_sizes_give_the_same_result(table: Any, triton_kernels: Kernels) -> None:
    gate, down = torch.randn(50, 70), torch.randn(70, 50)
    up_XOC, down_XCO, ids = torch.randn(3, 40, 70), torch.randn(3, 70, 20), torch.tensor([[0, 2], [1, 2]])
    x = torch.randn(2, 70)

    def both() -> list[torch.Tensor]:
        mixture = triton_kernels.experts(x, ids, torch.ones(2, 2), up_XOC, down_XCO, activation="silu")
        return [triton_kernels.gated_mlp(x, gate, gate, down, activation="silu"), mixture.out_TC]

    before = both()
    table({("gate", "", ""): {"BLOCK": 16}, ("grouped", "", "4"): {"STEP": 16, "num_warps": 2}})
    for old, new in zip(before, both(), strict=True):
        assert (new - old).norm() <= 1e-5 * old.norm()


def test_a_card_s_sizes_are_found_and_kept(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock says that the smallest block is the fastest."""
    table({("gate", "sm_90", ""): {"BLOCK": 512}, ("gate", "", "gone"): {"BLOCK": 512}})
    monkeypatch.setattr(limits, "RUNS", 1)
    monkeypatch.setattr(tune, "timed", lambda *_: [float(tuned.sizes_for("gate", "", CPU, BLOCK=1024)["BLOCK"])])
    small = Shape(heads=4, kv_heads=2, size=16, hidden=32, inner=48, vocabulary=300)
    some = [case for case in cases(small, CPU, torch.float32, 1 << 12) if case.name.startswith("gated_mlp 1 ")]
    found = tune.tune(some, CPU, torch.float32, 1e18)
    assert found == {("gate", "", ""): {"BLOCK": 512}}
    kept = tuned.read(tuned.KEPT)
    assert kept == {**found, ("gate", "sm_90", ""): {"BLOCK": 512}, ("gate", "", "gone"): {"BLOCK": 512}}
