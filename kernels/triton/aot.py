"""Compiles every Triton kernel ahead of time, without a GPU: `python -m aweigh.kernels.triton.aot [--quick | --write | --check] [TARGET ...]`.

Prints one row per kernel, variant (only the first of each kernel with --quick) and target: registers and bytes of stack per thread (spilled registers) and
shared memory, where the compiler or the binary tells them. `--write` keeps all of them in `resources.csv`, with which `--check` compares: a change that
costs registers is then seen in its diff. Compilers run on all cores. What this proves is that the code compiles for these devices and fits; whether it is right is shown
by the interpreter's tests.
"""

import csv
import itertools
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import triton
from triton.backends.compiler import GPUTarget

from aweigh.kernels.triton.cases import Case, cases
from aweigh.kernels.triton.jit import LAUNCH
from aweigh.kernels.triton.resources import Resources, resources_of

TARGETS = {
    "sm_80": GPUTarget("cuda", 80, 32),
    "sm_90": GPUTarget("cuda", 90, 32),
    "gfx942": GPUTarget("hip", "gfx942", 64),
}
KEPT = Path(__file__).parent / "resources.csv"
COLUMNS = ("kernel", "variant", "target", "registers", "stack", "shared", "warps")


def compile_case(case: Case, target: str) -> Resources:
    """Compiles one case for one of TARGETS and returns what it needs of the device.

    Raises:
        Exception: whatever the compiler raises when it cannot.
    """
    return resources_of(triton.compile(case.source(), target=TARGETS[target], options=LAUNCH))


def row(index: int, target: str) -> tuple[str, ...]:
    """A row of COLUMNS of the case of that number; an empty cell is not known."""
    case = next(itertools.islice(cases(), index, None))
    found = compile_case(case, target)
    cells = (found.registers, found.stack, found.shared, found.warps)
    return (case.kernel, case.variant, target, *("" if cell is None else str(cell) for cell in cells))


def rows(targets: Sequence[str], *, quick: bool) -> Iterator[tuple[str, ...]]:
    """Yields a row of COLUMNS per case and target, in their order."""
    first: dict[str, int] = {}
    every = [first.setdefault(case.kernel, index) == index or not quick for index, case in enumerate(cases())]
    work = [(index, target) for index, wanted in enumerate(every) if wanted for target in targets]
    # Children that were forked would share the threads of the compiler, and what it holds locked.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=context) as pool:
        yield from pool.map(row, *zip(*work, strict=True), chunksize=4)


def main(arguments: Sequence[str]) -> None:
    """Prints the table for the targets named, all by default, or keeps it, or prints where it is not what was kept and exits with 1.

    Raises:
        ValueError: an argument is no option and no target.
    """
    options = {argument for argument in arguments if argument in ("--quick", "--write", "--check")}
    targets = [name for name in arguments if name not in options] or list(TARGETS)
    for name in targets:
        if name not in TARGETS:
            raise ValueError(f"There is no target {name!r}: choose from {', '.join(TARGETS)}.")
    if "--write" in options:
        with KEPT.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows(list(TARGETS), quick=False)])
        return
    table = csv.writer(sys.stdout, lineterminator="\n")
    if "--check" in options:
        with KEPT.open(newline="") as file:
            kept = set(map(tuple, csv.reader(file))) - {COLUMNS}
        quick = "--quick" in options
        found = set(rows(list(TARGETS), quick=quick))
        kept &= found if quick else kept
        table.writerows([("kept", *cells) for cells in sorted(kept - found)])
        table.writerows([("found", *cells) for cells in sorted(found - kept)])
        sys.exit(1 if kept != found else 0)
    table.writerow(COLUMNS)
    for cells in rows(targets, quick="--quick" in options):
        table.writerow(cells)
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
