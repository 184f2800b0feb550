"""Kernels and steps on a card, each beside the card's own limits: what is right, and how near it comes.

    PYTHONPATH=src python -m bench.gpu [--steps PROGRAM] [--minutes 8]
    PYTHONPATH=src python -m bench.gpu --tune        (writes the kernels' table of sizes for this card, and measures nothing else)
    python -m bench.gpu.program --out PROGRAM        (before, where MLIR is: the compiled Program of an 8 B-shaped model)

Each kernel is compared with the reference in float64, on the card, and then timed. The limit is the rate of a copy within the card's memory, or that of a
product of matrices by the vendor's library; both are measured at the beginning and at the end of the same run. With --steps, whole steps of the model follow:
random weights, no disk, decode and prefill through the engine's own runner.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch

from aweigh.kernels import load
from bench.gpu.cases import Case, Shape, cases
from bench.gpu.limits import copy_rates, matrix_rates, timed
from bench.record import Goal, Record, Series

AT_LEAST = {"attend, decode": 0.85, "attend, prefill": 0.6}
MOST_KV_BYTES = 8 << 30
MOST_CHECKED = 64 << 20
"""Bytes of a case's operands beyond which float64 would not fit beside them: its smaller sisters are compared."""


def wrong_by(case: Case, master: str, dtype: torch.dtype) -> float:
    """The norm of the difference from the reference in float64, over its norm."""
    expected = case.run(load("reference"), torch.float64)
    found = case.run(load(master), dtype).double()
    return float((found - expected).norm() / expected.norm())


def measure(
    master: str, device: torch.device, shape: Shape, dtype: torch.dtype, most_bytes: int, until: float
) -> tuple[dict[str, Series], dict[str, Goal], dict[str, object]]:
    """Series, goals and facts of the kernels. What is not reached before `until` (of the monotonic clock) is named among the facts."""
    bound = 1e-2 if dtype.itemsize == 2 else 1e-5
    series: dict[str, Series] = {}
    goals: dict[str, Goal] = {}
    left_out: list[str] = []
    small = most_bytes >> 7
    copied = copy_rates(device, min(most_bytes, 1 << 30))
    multiplied = matrix_rates(device, dtype, 8192 if device.type == "cuda" else 128)
    found: list[tuple[Case, list[float]]] = []
    for case in cases(shape, device, dtype, most_bytes):
        if time.monotonic() > until:
            left_out.append(case.name)
            continue
        if case.limit == "copy" and case.amount <= max(small, MOST_CHECKED):
            goals[f"{case.name}: relative error"] = Goal(value=wrong_by(case, master, dtype), at_most=bound)
        kernels = load(master)
        found.append((case, timed(lambda case=case, kernels=kernels: case.run(kernels, dtype), device)))  # type: ignore[misc]
    copied += copy_rates(device, min(most_bytes, 1 << 30))
    multiplied += matrix_rates(device, dtype, 8192 if device.type == "cuda" else 128)
    limits = {"copy": Series(unit="B/s", values=copied), "matrix": Series(unit="FLOP/s", values=multiplied)}
    for case, seconds in found:
        series[case.name] = Series(unit="s", values=seconds)
        reached = case.amount / series[case.name].median / limits[case.limit].median
        least = next((share for name, share in AT_LEAST.items() if case.name.startswith(name)), None)
        goals[f"{case.name}: share of the {case.limit} rate"] = Goal(value=reached, at_least=least)
    return {**series, **{f"limit: {name}": one for name, one in limits.items()}}, goals, {"left_out": left_out}


def main() -> None:
    """Measure and write `results/gpu.json`."""
    parser = argparse.ArgumentParser(description="Kernels and steps on a card.")
    parser.add_argument("--steps", type=Path, help="a Program that `python -m bench.gpu.program` wrote")
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--tune", action="store_true", help="find the kernels' sizes for this card and keep them")
    options = parser.parse_args()
    device = torch.device("cuda")
    until = time.monotonic() + 60 * options.minutes
    if options.tune:
        from bench.gpu.tune import tune

        tune(list(cases(Shape(), device, torch.bfloat16, MOST_KV_BYTES >> 4)), device, torch.bfloat16, until)
        return
    kernels_until = until - 60 * options.minutes / 2 if options.steps else until
    series, goals, facts = measure("triton", device, Shape(), torch.bfloat16, MOST_KV_BYTES, kernels_until)
    if options.steps:
        from bench.gpu.steps import measure_steps

        more = measure_steps(options.steps, "triton", device, series["limit: copy"], series["limit: matrix"], until)
        series, goals, facts = series | more[0], goals | more[1], facts | more[2]
    facts = {"card": torch.cuda.get_device_name(device), "cuda": torch.version.cuda, **facts}
    record = Record(name="gpu", series=series, goals=goals, facts=facts)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
