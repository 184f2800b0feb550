"""Whole engines beside each other on one machine: decode of 1, 8 and 32 sequences, prefill, and a mixed load.

    python -m bench.peers [--model model-0.5b] [--bits int8] [--rounds 5] [--openvino PYTHON MODEL] [--llama FOLDER --gguf FILE]

Sides that are named take turns with ours within each round, on the same prompts (random, new ones in every round, so that no cached prefix answers). Decode
counts N * (n - 1) tokens over the time for n less the time for 1; prefill is 512 tokens over the time to the first one; the mixed load is 32 requests at once
of 16 to 256 tokens in and 16 to 128 out. `--bits`: ours has weights of few bits, head included, and the files of the others should have as many. Drafts are off: random weights repeat themselves more than text does. Ceilings: bytes of weights over what as many
threads read them with, and operations over the rate of torch's product of matrices in bfloat16.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.asker import Asker
from bench.make_model import SHAPES, made
from bench.player import Player
from bench.quantised import quantised
from bench.record import Goal, Record, Series

Ask = Callable[[list[list[int]], list[int]], dict[str, Any]]
PROMPT, PREFILL = 32, 512
NEW = {1: 64, 8: 48, 32: 32}
LEAST_OF_BITS: dict[str, dict[str, tuple[float, float | None]]] = {
    "int8": {"decode 1": (1.25, 0.85), "prefill 512": (1.1, None)},
    "int4": {"decode 1": (1.25, 0.75)},
}
"""By kind and workload: over the best peer, and over the ceiling."""
BEST = {"decode 1": 1.2, "decode 8": 1.5, "decode 32": 1.4, "prefill 512": 1.1, "mixed load": 1.5}
OURS = "aweigh"


def prompts(draw: random.Random, lengths: Sequence[int], vocabulary: int) -> list[list[int]]:
    """Of random tokens."""
    return [[draw.randrange(3, vocabulary) for _ in range(length)] for length in lengths]


def decode(ask: Ask, count: int, seed: int, vocabulary: int) -> float:
    """Tokens a second of so many sequences."""
    draw, new = random.Random(seed), NEW[count]
    one = ask(prompts(draw, [PROMPT] * count, vocabulary), [1] * count)["seconds"]
    many = ask(prompts(draw, [PROMPT] * count, vocabulary), [new] * count)["seconds"]
    return float(count * (new - 1) / (many - one))


def prefill(ask: Ask, seed: int, vocabulary: int) -> float:
    """Tokens a second of one prompt."""
    return PREFILL / float(ask(prompts(random.Random(seed), [PREFILL], vocabulary), [1])["seconds"])


def mixed(ask: Ask, seed: int, vocabulary: int) -> tuple[float, float]:
    """Output tokens a second of 32 requests at once, and the mean time to first token."""
    draw = random.Random(seed)
    lengths, new = [draw.randint(16, 256) for _ in range(32)], [draw.randint(16, 128) for _ in range(32)]
    answer = ask(prompts(draw, lengths, vocabulary), new)
    return sum(new) / answer["seconds"], statistics.mean(answer["first"])


def llama(folder: Path, gguf: Path, threads: int) -> dict[str, float]:
    """llama.cpp's own programs: decode of one sequence and prefill, and batches."""
    words = [str(folder / "llama-bench"), "-m", str(gguf), "-t", str(threads), "-r", "1", "-o", "json"]
    done = subprocess.run(
        [*words, "-p", str(PREFILL), "-n", str(NEW[1])], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    rates = {"prefill 512" if row["n_prompt"] else "decode 1": float(row["avg_ts"]) for row in json.loads(done.stdout)}
    program = folder / "llama-batched-bench"
    if program.exists():
        words = [
            str(program),
            "-m",
            str(gguf),
            "-t",
            str(threads),
            "-c",
            "8192",
            "-npp",
            str(PROMPT),
            "--output-format",
        ]
        for count in (8, 32):
            done = subprocess.run(
                [*words, "jsonl", "-ntg", str(NEW[count]), "-npl", str(count)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            row = json.loads(next(line for line in done.stdout.splitlines() if line.startswith(b"{")))
            rates[f"decode {count}"] = float(row["speed_tg"])
    return rates


def matrix_rate(threads: int, side: int = 2048) -> float:
    """Operations a second of torch's product of matrices in bfloat16."""
    import torch

    torch.set_num_threads(threads)
    a, b = (torch.randn(side, side).bfloat16() for _ in range(2))
    a @ b
    begin = time.perf_counter()
    a @ b
    return 2.0 * side**3 / (time.perf_counter() - begin)


class Sides:
    """All that take turns, and what each did: values by side and workload."""

    def __init__(self, askers: dict[str, Ask], vocabulary: int) -> None:
        self._askers, self._vocabulary = askers, vocabulary
        self.values: dict[str, list[float]] = {}

    def note(self, side: str, what: str, value: float) -> None:
        """One more value."""
        self.values.setdefault(f"{what}, {side}", []).append(value)

    def round(self, number: int, *, counts: bool) -> None:
        """Every workload, every side."""
        for side, ask in self._askers.items():
            for count in NEW:
                rate = decode(ask, count, 100 * number + count, self._vocabulary)
                if counts:
                    self.note(side, f"decode {count}", rate)
        for side, ask in self._askers.items():
            rate = prefill(ask, 100 * number + 50, self._vocabulary)
            if counts:
                self.note(side, "prefill 512", rate)
        for side, ask in self._askers.items():
            rate, first = mixed(ask, 100 * number + 60, self._vocabulary)
            if counts:
                self.note(side, "mixed load", rate)
                self.note(side, "mean time to first token", first)


def goals_of(series: dict[str, Series], parameters: dict[str, float], bits: str = "") -> dict[str, Goal]:
    """Ours over the best of the others, and over the ceilings."""
    asked = LEAST_OF_BITS.get(bits)
    medians = {name: one.median for name, one in series.items()}
    goals: dict[str, Goal] = {}
    for what, least in BEST.items():
        others = [value for name, value in medians.items() if name.startswith(f"{what}, ") and not name.endswith(OURS)]
        if others:
            value = medians[f"{what}, {OURS}"] / max(others)
            bound = least if asked is None else asked.get(what, (None, None))[0]
            goals[f"{what}: ours / best peer"] = Goal(value=value, at_least=bound)
    first = [v for n, v in medians.items() if n.startswith("mean time to first") and not n.endswith(OURS)]
    if first:
        value = medians[f"mean time to first token, {OURS}"] / min(first)
        goals["mean time to first token: ours / best peer"] = Goal(value=value, at_most=None if asked else 0.7)
    read, rate = medians["limit: read the weights"], medians["limit: products"]
    for count, least in ((1, 0.9), (8, 0.75), (32, 0.55)):
        ceiling = count / max(read, count * parameters["operations"] / rate)
        bound = least if asked is None else asked.get(f"decode {count}", (None, None))[1]
        goals[f"decode {count}: share of the ceiling"] = Goal(
            value=medians[f"decode {count}, {OURS}"] / ceiling, at_least=bound
        )
    ceiling = rate / parameters["operations of a layer's tokens"]
    goals["prefill 512: share of the product rate"] = Goal(
        value=medians[f"prefill 512, {OURS}"] / ceiling, at_least=None if asked else 0.8
    )
    return goals


def measure(
    model: str, bits: str, rounds: int, threads: int, openvino: list[str] | None, peer: tuple[Path, Path] | None
) -> Record:
    """Take turns `rounds` times, after one that does not count."""
    from bench.native_step import Decoder, reader

    folder, shape = made(model), SHAPES[model]
    decoder = Decoder(folder, 16)
    read = reader(decoder.weights)
    home, ours, read_bytes = quantised(model, bits) if bits else (None, folder, decoder.bytes)
    head = shape["vocab_size"] * shape["hidden_size"]
    parameters = {
        "operations": float(decoder.bytes),  # two for each weight of two bytes
        "operations of a layer's tokens": float(decoder.bytes - 2 * head),
    }
    with ExitStack() as stack:
        options = ("--kv-bytes", str(2 << 30), "--draft-tokens", "0")
        askers: dict[str, Ask] = {OURS: stack.enter_context(Asker(ours, threads, *options, home=home)).ask}
        facts: dict[str, object] = {"model": model, "threads": threads, "GB that a token reads": read_bytes / 1e9}
        if openvino:
            player = stack.enter_context(Player(openvino[:1], "peer_openvino.py", openvino[1], str(threads)))
            facts["openvino-genai"] = player.facts["version"]
            askers["openvino"] = lambda prompts, new: player.ask({"prompts": prompts, "new": new})
        sides = Sides(askers, shape["vocab_size"])
        for number in range(rounds + 1):
            sides.round(number, counts=number > 0)
            if number:
                sides.note("read the weights", "limit", min(read() for _ in range(3)) * read_bytes / decoder.bytes)
                sides.note("products", "limit", matrix_rate(threads))
                for what, value in (llama(*peer, threads) if peer else {}).items():
                    sides.note("llama.cpp", what, value)
    values = {name.replace("limit, ", "limit: "): found for name, found in sides.values.items()}
    units = {"limit: read the weights": "s", "limit: products": "FLOP/s"}
    series = {
        name: Series(unit=units.get(name, "s" if name.startswith("mean time") else "tokens/s"), values=found)
        for name, found in values.items()
    }
    return Record(
        name=f"peers_{model.replace('.', '_').replace('-', '_')}" + (f"_{bits}" if bits else ""),
        series=series,
        goals=goals_of(series, parameters, bits),
        facts=facts,
    )


def main() -> None:
    """Measure and write `results/peers_MODEL.json`."""
    parser = argparse.ArgumentParser(description="Whole engines beside each other.")
    parser.add_argument("--model", default="model-0.5b", choices=SHAPES)
    parser.add_argument("--bits", default="", choices=["", *LEAST_OF_BITS])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--openvino",
        nargs=2,
        metavar=("PYTHON", "MODEL"),
        help="an environment with openvino-genai, and the model for it",
    )
    parser.add_argument("--llama", type=Path, help="the folder of llama.cpp's programs; needs --gguf")
    parser.add_argument("--gguf", type=Path, help="the same model for llama.cpp")
    options = parser.parse_args()
    peer = (options.llama, options.gguf) if options.llama else None
    record = measure(options.model, options.bits, options.rounds, options.threads, options.openvino, peer)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
