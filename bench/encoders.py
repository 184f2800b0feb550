"""What eight scripts that encode short texts get together: from an engine that runs waiting calls as one, from one that runs them one by
one, and from plain torch in as many processes.

    python -m bench.encoders

A BERT of base size with random weights, float32. Each script calls the model for one text after the other, of 4 to 48 tokens. The three
sides take turns; a turn counts all texts over the time from the first call to the last answer.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

from bench.concurrent import ask_at_once
from bench.engine import Engine
from bench.make_model import models_root
from bench.player import Message, Player, offloaded, plain
from bench.record import Goal, Record, Series

SHORTEST, LONGEST = 4, 48
SHARED, ALONE, PLAIN = "steps shared", "steps of their own", "plain torch"
_NEAR = 1e-3


def made() -> Path:
    """The folder of the model, made now if it is not there yet."""
    import torch
    from transformers import BertConfig, BertModel

    folder = models_root() / "bert-base"
    if not folder.exists():
        torch.manual_seed(0)
        new = folder.with_name(f"{folder.name}.{os.getpid()}.new")
        BertModel(BertConfig()).save_pretrained(new)
        new.rename(folder)
    return folder


def questions(scripts: int, texts: int, seed: int) -> list[Message]:
    """What each script is to encode."""
    random = Random(seed)
    return [
        {
            "texts": [
                [random.randrange(1000, 30000) for _ in range(random.randint(SHORTEST, LONGEST))] for _ in range(texts)
            ]
        }
        for _ in range(scripts)
    ]


def rate(answers: Sequence[Message]) -> float:
    """Texts per second of all scripts together."""
    began, ended = min(answer["began"] for answer in answers), max(answer["ended"] for answer in answers)
    return float(sum(len(answer["sums"]) for answer in answers) / (ended - began))


def apart(one: Sequence[Message], other: Sequence[Message]) -> float:
    """The greatest difference between what two sides answered."""
    pairs = (pair for a, b in zip(one, other, strict=True) for pair in zip(a["sums"], b["sums"], strict=True))
    return max(abs(a - b) for a, b in pairs)


def measure(threads: int, scripts: int, rounds: int, texts: int) -> Record:
    """Take turns `rounds` times, after a first round that only warms up."""
    folder = str(made())
    rates: dict[str, list[float]] = {SHARED: [], ALONE: [], PLAIN: []}
    difference = 0.0
    with ExitStack() as stack:
        sides: dict[str, list[Player]] = {}
        for name, settings in ((SHARED, {}), (ALONE, {"call_tokens": 0})):
            engine = stack.enter_context(Engine(threads, **settings))
            found = {"OMP_NUM_THREADS": "1", **engine.environment}
            sides[name] = [
                stack.enter_context(Player(offloaded(), "encode.py", folder, environment=found)) for _ in range(scripts)
            ]
        sides[PLAIN] = [
            stack.enter_context(Player(plain(), "encode.py", folder, environment={"OMP_NUM_THREADS": "1"}))
            for _ in range(scripts)
        ]
        for number in range(rounds + 1):
            asked = questions(scripts, texts if number else 1, number)
            answers = {name: ask_at_once(players, asked) for name, players in sides.items()}
            difference = max(difference, *(apart(answers[name], answers[PLAIN]) for name in (SHARED, ALONE)))
            if number:
                for name, said in answers.items():
                    rates[name].append(rate(said))
    if difference > _NEAR:
        raise RuntimeError(f"an engine's answers are {difference} away from those of plain torch.")
    series = {name: Series(unit="texts/s", values=values) for name, values in rates.items()}
    shared = series[SHARED].median
    return Record(
        name="encoders",
        series=series,
        goals={
            f"{SHARED} / {ALONE}": Goal(value=shared / series[ALONE].median),
            f"{SHARED} / {PLAIN}": Goal(value=shared / series[PLAIN].median),
        },
        facts={
            "scripts": scripts,
            "engine_threads": threads,
            "threads_of_a_plain_script": 1,
            "texts_per_script_and_turn": texts,
            "tokens_per_text": [SHORTEST, LONGEST],
            "dtype": "float32",
            "greatest_difference_from_plain_torch": difference,
        },
    )


def main() -> None:
    """Measure and write `results/encoders.json`."""
    parser = argparse.ArgumentParser(description="Speed of many scripts that encode short texts.")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--scripts", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=int, default=12)
    options = parser.parse_args()
    record = measure(options.threads, options.scripts, options.rounds, options.texts)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
