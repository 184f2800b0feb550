"""Products of many rows alone, bfloat16, beside torch's (oneDNN), whose bits depend on how many rows there are.

    python -m bench.products [--threads N] [--rows 8 16 32 64 128 512] [--shapes 1024x1024 2816x1024 1024x2816]

Shapes are outputs x columns. Weights go by one after another, more of them than caches hold. Sides take turns, and of each the fastest round
counts: CPU time for one thread, so that other tenants of the machine weigh little, and time on the clock for several.
"""

import argparse
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import Kernels

_BYTES = 100_000_000
_SECONDS = 0.02
"""That a side's turn takes at least."""


def fastest(sides: Sequence[Callable[[], None]], rounds: int, *, threads: int) -> list[float]:
    """Seconds of each side's fastest turn, per call."""
    clock = time.thread_time if threads == 1 else time.perf_counter
    calls, best = [], [float("inf")] * len(sides)
    for side in sides:
        side()
        begin = clock()
        side()
        calls.append(max(1, int(_SECONDS / max(clock() - begin, 1e-6))))
    for _ in range(rounds):
        for number, side in enumerate(sides):
            begin = clock()
            for _ in range(calls[number]):
                side()
            best[number] = min(best[number], (clock() - begin) / calls[number])
    return best


def sides_of(kernels: Kernels, x: Tensor, weights: Sequence[Tensor]) -> list[Callable[[], None]]:
    """Ours and torch's."""

    def ours() -> None:
        for weight in weights:
            kernels.linear(x, weight)

    def theirs() -> None:
        for weight in weights:
            torch.nn.functional.linear(x, weight)

    return [ours, theirs]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", type=int, nargs="+", default=[8, 16, 32, 64, 128, 512])
    parser.add_argument("--shapes", nargs="+", default=["1024x1024", "2816x1024", "1024x2816"])
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    kernels = load("cpu")
    for shape in arguments.shapes:
        outputs, columns = map(int, shape.split("x"))
        count = max(1, _BYTES // (2 * outputs * columns))
        weights = [torch.randn(outputs, columns).bfloat16() for _ in range(count)]
        for rows in arguments.rows:
            sides = sides_of(kernels, torch.randn(rows, columns).bfloat16(), weights)
            seconds = fastest(sides, arguments.rounds, threads=arguments.threads)
            ours, theirs = (2 * rows * outputs * columns * count / value / 1e9 for value in seconds)
            print(
                f"{shape:>10} rows {rows:3}: {ours:4.0f} GFLOP/s, torch {theirs:4.0f}: {ours / theirs:.2f}", flush=True
            )


if __name__ == "__main__":
    main()
