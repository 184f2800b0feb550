"""The measurement of a card, run on this processor with the reference's kernels: every case fits together, and what it compares can differ."""

import sys
import time
from pathlib import Path

import pytest
import torch
from bench.gpu import limits, program
from bench.gpu.__main__ import measure, wrong_by
from bench.gpu.cases import Shape, cases
from bench.gpu.steps import measure_steps

from aweigh.kernels.reference import ReferenceKernels

CPU = torch.device("cpu")
SMALL = Shape(heads=4, kv_heads=2, size=16, hidden=32, inner=48, vocabulary=300)


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RUNS", 5)


def test_every_kernel_is_compared_and_timed() -> None:
    series, goals, facts = measure("reference", CPU, SMALL, torch.float32, 1 << 19, time.monotonic() + 600)
    names = {case.name for case in cases(SMALL, CPU, torch.float32, 1 << 19)}
    assert names | {"limit: copy", "limit: matrix"} == series.keys() and not facts["left_out"]
    errors = {name: goal.value for name, goal in goals.items() if "error" in name}
    assert len(errors) >= 5 and all(error < 1e-5 for error in errors.values())
    assert {"attend, decode 1 x 1024", "attend, prefill 2048"} <= names


def test_what_takes_too_long_is_named() -> None:
    series, _, facts = measure("reference", CPU, SMALL, torch.float32, 1 << 19, 0.0)
    assert facts["left_out"] and series.keys() == {"limit: copy", "limit: matrix"}


def test_a_wrong_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in cases(SMALL, CPU, torch.float32, 1 << 19) if case.name.startswith("rotary"))
    assert wrong_by(case, "reference", torch.float32) < 1e-5
    real = ReferenceKernels.rotary
    wrong = staticmethod(lambda x, cos, sin: real(x, cos, sin) * (1.0 if x.dtype is torch.float64 else 1.01))
    monkeypatch.setattr(ReferenceKernels, "rotary", wrong)
    assert wrong_by(case, "reference", torch.float32) > 5e-3


@pytest.mark.slow
def test_steps_of_a_program_that_was_compiled_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "program"
    monkeypatch.setattr(sys, "argv", ["program", "--model", "tiny", "--out", str(path)])
    program.main()
    series, _, _ = measure("reference", CPU, SMALL, torch.float32, 1 << 19, 0.0)
    rates = series["limit: copy"], series["limit: matrix"]
    found, goals, facts = measure_steps(path, "reference", CPU, *rates, time.monotonic() + 2)
    assert "decode 1 x 1024" in found and "decode 1 x 1024: share of the copy rate" in goals
    assert isinstance(facts["weight_bytes"], int) and facts["weight_bytes"] > 2 * 384 * 64
