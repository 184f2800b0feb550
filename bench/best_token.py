"""How long the best of a row of logits takes: in native code, and in torch's search that it replaced.

    python -m bench.best_token [--rounds 20] [--rows 1] [--vocabulary 151936] [--dtype bfloat16]

Both take turns on the same logits, until the tokens are Python's, and must find the same.
"""

from __future__ import annotations

import argparse
import time

from bench.record import Goal, Record, Series


def measure(rounds: int, rows: int, vocabulary: int, dtype: str) -> Record:
    """Take turns `rounds` times, after three that do not count."""
    import torch

    from aweigh.kernels import load

    masters = {"native": load("cpu"), "torch": load("reference")}
    logits_RV = torch.randn(rows, vocabulary).to(getattr(torch, dtype))
    values: dict[str, list[float]] = {name: [] for name in masters}
    for number in range(rounds + 3):
        found = {}
        for name, kernels in masters.items():
            begin = time.perf_counter()
            found[name] = kernels.best(logits_RV)[1].tolist()
            seconds = time.perf_counter() - begin
            if number >= 3:
                values[name].append(seconds)
        assert found["native"] == found["torch"], "the best changed"
    series = {name: Series(unit="s", values=seconds) for name, seconds in values.items()}
    return Record(
        name="best_token",
        series=series,
        goals={"torch / native": Goal(value=series["torch"].median / series["native"].median, at_least=1.0)},
        facts={"rows": rows, "vocabulary": vocabulary, "dtype": dtype, "threads": torch.get_num_threads()},
    )


def main() -> None:
    """Measure and write `results/best_token.json`."""
    parser = argparse.ArgumentParser(description="How long the best of a row of logits takes.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rows", type=int, default=1)
    parser.add_argument("--vocabulary", type=int, default=151936)
    parser.add_argument("--dtype", default="bfloat16")
    options = parser.parse_args()
    record = measure(options.rounds, options.rows, options.vocabulary, options.dtype)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
