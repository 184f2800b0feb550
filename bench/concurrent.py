"""What eight scripts get together from one engine, against what one gets alone.

    python -m bench.concurrent

Eight processes run the same unchanged script under `aweigh run`. In turns, one of them asks, then all of them at once.
The aggregate counts all new tokens over the time from the first question to the last token, prompts included.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack

from bench.decode import PROMPT_TOKENS, request, same_tokens
from bench.engine import Engine
from bench.make_model import SHAPES, made
from bench.player import Message, Player, offloaded
from bench.record import Goal, Record, Series

AT_LEAST = 3.0


def ask_at_once(players: Sequence[Player], questions: Sequence[Message]) -> list[Message]:
    """Put each player its question before any answer is awaited; the answers in the players' order."""
    for player, question in zip(players, questions, strict=True):
        player.send(question)
    return [player.receive() for player in players]


def aggregate(answers: Sequence[Message]) -> float:
    """Tokens per second of all answers together."""
    tokens = sum(len(answer["ids"]) for answer in answers)
    began = min(answer["began"] for answer in answers)
    ended = max(answer["times"][-1] for answer in answers)
    return float(tokens / (ended - began))


def measure(model: str, threads: int, scripts: int, rounds: int, new_tokens: int) -> Record:
    """Take turns `rounds` times, after a first round that only warms up."""
    folder, vocabulary = str(made(model)), SHAPES[model]["vocab_size"]
    speeds: dict[int, list[float]] = {1: [], scripts: []}
    agreed: list[int] = []
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(threads))
        environment = {"OMP_NUM_THREADS": "1", **engine.environment}
        players = [
            stack.enter_context(Player(offloaded(), "answer.py", folder, environment=environment))
            for _ in range(scripts)
        ]
        for number in range(rounds + 1):
            # Each question is new, so that no cached prefix answers for the prompt.
            questions = [request(1000 * number + index, new_tokens, vocabulary) for index in range(scripts)]
            alone = ask_at_once(players[:1], questions[:1])
            questions[0] = request(1000 * number + scripts, new_tokens, vocabulary)
            together = ask_at_once(players, questions)
            if number:
                speeds[1].append(aggregate(alone))
                speeds[scripts].append(aggregate(together))
                agreed.append(same_tokens(together[0], players[0].ask(questions[0])))
    one, many = (Series(unit="tokens/s", values=values) for values in speeds.values())
    return Record(
        name="concurrent",
        series={"1 script": one, f"{scripts} scripts": many},
        goals={f"{scripts} scripts / 1 script": Goal(value=many.median / one.median, at_least=AT_LEAST)},
        facts={
            "model": model,
            "threads": threads,
            "prompt_tokens": PROMPT_TOKENS,
            "new_tokens": new_tokens,
            "dtype": "bfloat16",
            "tokens_equal_to_the_answer_alone": agreed,
        },
    )


def main() -> None:
    """Measure and write `results/concurrent.json`."""
    parser = argparse.ArgumentParser(description="Aggregate speed of many scripts on one engine.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--scripts", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--new-tokens", type=int, default=64)
    options = parser.parse_args()
    record = measure(options.model, options.threads, options.scripts, options.rounds, options.new_tokens)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
