"""Finds the sizes of the Triton kernels for the card at hand, by class of shapes, and keeps them in the kernels' table.

One size after the other is tried, the others as they are, and what is faster over all cases of a class stays; twice around. What does not compile for
the card, needs more than it has, or computes something else, is passed over. A class whose sizes are best as they are by default gets no line.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Mapping, Sequence

import torch
import triton
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.triton import tuned
from bench.gpu.cases import Case
from bench.gpu.limits import timed

CANDIDATES: dict[str, dict[str, tuple[int, ...]]] = {
    "attend": {
        "TILE": (16, 32, 64, 128),
        "num_warps": (2, 4, 8),
        "SPAN": (256, 512, 1024),
        "PROGRAMS": (132, 264, 528),
    },
    "varlen_attend": {"TILE": (16, 32, 64, 128), "num_warps": (2, 4, 8)},
    "low_bit": {"STEP": (32, 64, 128), "num_warps": (4, 8), "ROWS": (32, 64, 128), "PROGRAMS": (132, 264, 528)},
    "grouped": {"STEP": (32, 64, 128), "num_warps": (4, 8), "ROWS": (32, 64, 128)},
    "gate": {"BLOCK": (512, 1024, 2048, 4096), "num_warps": (2, 4, 8)},
    "best": {"BLOCK": (1024, 2048, 4096, 8192), "num_warps": (4, 8, 16)},
    "draw": {"BLOCK": (1024, 2048, 4096, 8192), "num_warps": (4, 8, 16)},
}
ROUNDS = 2
GAIN = 0.97
"""A size is changed for this share of the time, or less: what is nearer is chance."""
_PASSED_OVER = (triton.CompilationError, triton.runtime.errors.OutOfResources)


def tune(
    cases: Sequence[Case], device: torch.device, dtype: torch.dtype, until: float
) -> dict[tuned.Key, dict[str, int]]:
    """Tries, writes the table and returns this card's part of it. What is not reached before `until` (of the monotonic clock) stays as it was."""
    architecture = tuned.architecture_of(device)
    kept = tuned.read(tuned.KEPT)
    found: dict[tuned.Key, dict[str, int]] = {}
    for (kernel, shape), own in _by_class(cases, dtype).items():
        if kernel in CANDIDATES and time.monotonic() < until:
            sizes = _search(kernel, shape, own, device, dtype, until)
            print(kernel, shape, sizes or "as they are", flush=True)
            kept.pop((kernel, architecture, shape), None)
            if sizes:
                found[kernel, architecture, shape] = sizes
    tuned.write(tuned.KEPT, kept | found)
    return found


def _by_class(cases: Sequence[Case], dtype: torch.dtype) -> dict[tuple[str, str], list[Case]]:
    """Which cases ask for the sizes of which class."""
    kernels = load("triton")
    classes: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        tuned.asked.clear()
        case.run(kernels, dtype)
        for key in sorted(tuned.asked):
            classes.setdefault(key, []).append(case)
    return classes


def _search(
    kernel: str, shape: str, cases: list[Case], device: torch.device, dtype: torch.dtype, until: float
) -> dict[str, int]:
    """The sizes that differ from the default and are worth it."""
    kernels = load("triton")
    expected = [case.run(kernels, dtype) for case in cases]
    with tuned.trying(kernel, shape, {}):
        before = _seconds(cases, device, dtype)
    best: dict[str, int] = {}
    share = 1.0
    for _ in range(ROUNDS):
        for name, values in CANDIDATES[kernel].items():
            for value in values:
                if time.monotonic() > until:
                    return best
                sizes = {**best, name: value}
                if sizes == best:
                    continue
                now = _share(kernel, shape, sizes, cases, expected, before, device, dtype)
                if now is not None and now < GAIN * share:
                    best, share = sizes, now
    return best


def _share(
    kernel: str,
    shape: str,
    sizes: Mapping[str, int],
    cases: list[Case],
    expected: list[Tensor],
    before: list[float],
    device: torch.device,
    dtype: torch.dtype,
) -> float | None:
    """The time with these sizes over the time before, as a mean over the cases; None: they do not serve."""
    kernels = load("triton")
    with tuned.trying(kernel, shape, sizes):
        try:
            for case, right in zip(cases, expected, strict=True):
                wrong = (case.run(kernels, dtype).double() - right.double()).norm() / right.double().norm()
                if not wrong < 1e-2:
                    return None
            now = _seconds(cases, device, dtype)
        except _PASSED_OVER:
            return None
    return math.exp(statistics.fmean(math.log(new / old) for new, old in zip(now, before, strict=True)))


def _seconds(cases: list[Case], device: torch.device, dtype: torch.dtype) -> list[float]:
    kernels = load("triton")
    return [statistics.median(timed(lambda case=case: case.run(kernels, dtype), device)) for case in cases]  # type: ignore[misc]
