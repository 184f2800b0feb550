"""Decoding of text that repeats itself, with drafts out of the text itself and without them: the same script, the same questions.

    python -m bench.lookup

Two engines, of which one has `workers.draft_tokens = 0`, are asked in turns. Weights are random and say nothing, but greedy decoding of random weights
soon runs in circles, as real models do in tables, code and quotations. Which questions it does that for is found by asking some that are drawn from seeds:
those whose answers repeat themselves most are measured, and, for what drafts cost where they find little, those whose answers do least.
The time counts from the first new token to the last.
"""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack

from bench.decode import PROMPT_TOKENS, request, same_tokens, tokens_per_second
from bench.engine import Engine
from bench.make_model import SHAPES, made
from bench.player import Message, Player, offloaded
from bench.record import Goal, Record, Series

AT_LEAST = 1.8
NEVER_LESS = 0.95
CANDIDATES = 12
MEASURED = 3
SIDES: dict[str, dict[str, int]] = {"drafts": {}, "none": {"draft_tokens": 0}}


def repeats(ids: list[int]) -> float:
    """The share of tokens that follow the pair of tokens before them as they did the last time."""
    last: dict[tuple[int, int], int] = {}
    right = 0
    for place in range(2, len(ids)):
        pair = ids[place - 2], ids[place - 1]
        right += last.get(pair) == ids[place]
        last[pair] = ids[place]
    return right / len(ids)


def measure(model: str, threads: int, rounds: int, new_tokens: int) -> Record:
    """Take turns `rounds` times on each question, after the first answers, which warm up and choose."""
    folder, vocabulary = str(made(model)), SHAPES[model]["vocab_size"]
    speeds: dict[str, list[float]] = {f"{side}, {text}": [] for text in ("circles", "other text") for side in SIDES}
    equal: list[bool] = []
    with ExitStack() as stack:
        players = {}
        for side, settings in SIDES.items():
            engine = stack.enter_context(Engine(threads, **settings))
            environment = {"OMP_NUM_THREADS": "1", **engine.environment}
            players[side] = stack.enter_context(Player(offloaded(), "answer.py", folder, environment=environment))

        def answers(question: Message) -> dict[str, Message]:
            return {side: player.ask(question) for side, player in players.items()}

        shares: list[tuple[float, int]] = []
        for seed in range(CANDIDATES):
            found = answers(request(seed, new_tokens, vocabulary))
            shares.append((repeats(found["none"]["ids"]), seed))
            equal.append(same_tokens(found["drafts"], found["none"]) == new_tokens)
        shares.sort()
        chosen = {"circles": shares[-MEASURED:], "other text": shares[:MEASURED]}
        for _ in range(rounds):
            for text, questions in chosen.items():
                for _, seed in questions:
                    for side, answer in answers(request(seed, new_tokens, vocabulary)).items():
                        speeds[f"{side}, {text}"].append(tokens_per_second(answer))
    series = {name: Series(unit="tokens/s", values=values) for name, values in speeds.items()}

    def ratio(text: str) -> float:
        return series[f"drafts, {text}"].median / series[f"none, {text}"].median

    return Record(
        name="lookup",
        series=series,
        goals={
            "drafts / none, circles": Goal(value=ratio("circles"), at_least=AT_LEAST),
            "drafts / none, other text": Goal(value=ratio("other text"), at_least=NEVER_LESS),
        },
        facts={
            "model": model,
            "threads": threads,
            "prompt_tokens": PROMPT_TOKENS,
            "new_tokens": new_tokens,
            "dtype": "bfloat16",
            "all_tokens_equal": all(equal),
            "share_that_repeats": {name: [round(share, 2) for share, _ in found] for name, found in chosen.items()},
        },
    )


def main() -> None:
    """Measure and write `results/lookup.json`."""
    parser = argparse.ArgumentParser(description="Speed of text that repeats itself, with and without drafts.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--new-tokens", type=int, default=192)
    options = parser.parse_args()
    record = measure(options.model, options.threads, options.rounds, options.new_tokens)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
