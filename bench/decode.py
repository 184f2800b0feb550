"""How fast one script gets its tokens: under `aweigh run`, and the same unchanged script under plain transformers.

    python -m bench.decode

Both scripts stay alive and take turns, so that each run of one has a run of the other beside it. The time counts from
the first new token to the last: what is compared is decoding, without start-up, loading and the prompt.
"""

from __future__ import annotations

import argparse
import os
import random
from contextlib import ExitStack

from bench.engine import Engine
from bench.make_model import SHAPES, made
from bench.player import Message, Player, offloaded, plain
from bench.record import Goal, Record, Series

AT_LEAST = 1.2
PROMPT_TOKENS = 32


def request(seed: int, new_tokens: int, vocabulary: int) -> Message:
    """A request for `new_tokens` after a prompt that is drawn from `seed`, without the tokenizer's special tokens."""
    draw = random.Random(seed)
    return {"prompt": [draw.randrange(3, vocabulary) for _ in range(PROMPT_TOKENS)], "new_tokens": new_tokens}


def tokens_per_second(answer: Message) -> float:
    """The rate between the first token of an answer and its last."""
    times = answer["times"]
    return float((len(times) - 1) / (times[-1] - times[0]))


def same_tokens(one: Message, other: Message) -> int:
    """How many tokens two answers have in common from the start."""
    pairs = enumerate(zip(one["ids"], other["ids"], strict=True))
    return next((at for at, (a, b) in pairs if a != b), len(one["ids"]))


def measure(model: str, threads: int, rounds: int, new_tokens: int, kernels: str) -> Record:
    """Take turns `rounds` times, after a first round that only warms up."""
    folder = str(made(model))
    alone = {"OMP_NUM_THREADS": str(threads)}
    os.environ["AWEIGH_WORKERS__KERNELS"] = kernels
    speeds: dict[str, list[float]] = {"aweigh run": [], "plain": []}
    agreed: list[int] = []
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(threads))
        remote = stack.enter_context(
            Player(offloaded(), "answer.py", folder, environment={**alone, **engine.environment})
        )
        local = stack.enter_context(Player(plain(), "answer.py", folder, environment=alone))
        for number in range(rounds + 1):
            question = request(number, new_tokens, SHAPES[model]["vocab_size"])
            here, there = local.ask(question), remote.ask(question)
            if number:
                speeds["plain"].append(tokens_per_second(here))
                speeds["aweigh run"].append(tokens_per_second(there))
                agreed.append(same_tokens(here, there))
    series = {name: Series(unit="tokens/s", values=values) for name, values in speeds.items()}
    ratio = series["aweigh run"].median / series["plain"].median
    return Record(
        name="decode" if kernels == "auto" else f"decode_{kernels}",
        series=series,
        goals={"aweigh run / plain": Goal(value=ratio, at_least=AT_LEAST)},
        facts={
            "model": model,
            "threads": threads,
            "kernels": kernels,
            "prompt_tokens": PROMPT_TOKENS,
            "new_tokens": new_tokens,
            "dtype": "bfloat16",
            "equal_tokens_from_the_start": agreed,
        },
    )


def main() -> None:
    """Measure and write `results/decode.json`."""
    parser = argparse.ArgumentParser(description="Decoding speed of one script, with and without us.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--new-tokens", type=int, default=96)
    parser.add_argument("--kernels", default="auto", help="those of the engine: auto, cpu or reference")
    options = parser.parse_args()
    record = measure(options.model, options.threads, options.rounds, options.new_tokens, options.kernels)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
