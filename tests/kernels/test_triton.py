"""Triton without a GPU: right in the interpreter, and accepted by the compilers of three devices."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aweigh import kernels
from aweigh.kernels import load

INTERPRETED = Path(__file__).parent / "interpreted"


def run(*command: str, interpret: bool, cache: Path) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TRITON_CACHE_DIR": str(cache)}
    environment.pop("TRITON_INTERPRET", None)
    if interpret:
        environment["TRITON_INTERPRET"] = "1"
    answer = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert answer.returncode == 0, answer.stdout[-6000:] + answer.stderr[-6000:]
    return answer.stdout


@pytest.mark.parametrize("name", sorted(path.name for path in INTERPRETED.glob("test_*.py")))
def test_the_interpreted_kernels(name: str, tmp_path: Path) -> None:
    file = str(INTERPRETED / name)
    report = run("-m", "pytest", "-q", "-p", "no:cacheprovider", file, interpret=True, cache=tmp_path)
    assert " passed" in report and "skipped" not in report


def kept(table: str) -> set[tuple[str, ...]]:
    return {tuple(row) for row in csv.reader(table.splitlines())}


KEPT = Path(kernels.__path__[0], "triton", "resources.csv")
SPILLING = {("varlen_attend", "16/4 heads of 256 fp32")}
EVERYTHING = {
    (kernel, target)
    for kernel in (
        "attend",
        "merge",
        "varlen_attend",
        "write_kv",
        "rms_norm",
        "layer_norm",
        "rotary",
        "gate",
        "low_bit",
        "low_bit_merge",
        "grouped",
        "weighted_sum",
        "best",
        "draw",
    )
    for target in ("sm_80", "sm_90", "gfx942")
}


def test_every_kernel_is_in_the_table_for_every_target() -> None:
    """What stands there of each kernel's first variant is compared with the compilers' word by `make check`, all of it by the slow test; after an intended change: `python -m aweigh.kernels.triton.aot --write`."""
    assert {(row[0], row[2]) for row in kept(KEPT.read_text()) if row[0] != "kernel"} == EVERYTHING


@pytest.mark.slow
def test_every_variant_compiles_for_every_target_and_takes_what_it_took(tmp_path: Path) -> None:
    assert kept(run("-m", "aweigh.kernels.triton.aot", interpret=False, cache=tmp_path)) == kept(KEPT.read_text())


def test_no_kernel_spills_more_than_is_known() -> None:
    spilling = {row[:2] for row in kept(KEPT.read_text()) if row[4] not in ("", "0", "stack")}
    assert spilling <= SPILLING, spilling - SPILLING


def test_the_command_names_its_targets(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="There is no target 'sm_10': choose from sm_80, sm_90, gfx942"):
        run("-m", "aweigh.kernels.triton.aot", "sm_10", interpret=False, cache=tmp_path)


def test_masters_are_loaded_by_name() -> None:
    assert load("reference").name == "reference"
    with pytest.raises(ValueError, match="no kernels named 'cuda': choose one of cpu, reference, triton"):
        load("cuda")
    code = "import sys, aweigh.kernels; print([n for n in ('torch', 'triton') if n in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
