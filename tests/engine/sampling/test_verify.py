"""Drafts leave the distribution of answers as it is, and each answer of a seed, too."""

import math
from collections import Counter
from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.engine.core import ModelSpec, RequestGroup, tokens_of
from aweigh.engine.sampling.group import group_of
from aweigh.engine.sampling.sample import sample
from aweigh.engine.schedule.instructions import PlanSample, Proposal
from aweigh.proto.v1 import generation_pb2 as pb

V = 4
MODEL = ModelSpec("m", b"s", b"i", 16)
PROMPT = [1, 2]


def logits_after(text: list[int], vocabulary: int = V) -> Tensor:
    """A target: logits [V] as a function of the text."""
    seed = 0
    for token in text:
        seed = (seed * 31 + token + 1) % 99991
    return torch.randn(vocabulary, generator=torch.Generator().manual_seed(seed))


def asked(number: int, rows: int = 1, vocabulary: int = V, **fields: Any) -> RequestGroup:
    settings = {"max_new_tokens": 64, "do_sample": True, **fields}
    randomness = {"torch_generator": settings.pop("state")} if "state" in settings else {"seed": number}
    message = pb.GenerateRequest(
        prompts=[pb.Prompt(tokens=PROMPT)] * rows, sampling=pb.SamplingSettings(**settings), **randomness
    )
    return group_of(1, "", message, MODEL, 0.0)


def step(group: RequestGroup, texts: list[list[int]], drafts: list[list[int]], live: list[int]) -> list[list[int]]:
    """One step of the live rows with drafts of one length. Returns the tokens of each round."""
    width = len(drafts[0]) + 1
    vocabulary = group.model.vocabulary_size or V
    logits_RV = torch.stack(
        [
            logits_after([*texts[row], *draft[:end]], vocabulary)
            for row, draft in zip(live, drafts, strict=True)
            for end in range(width)
        ]
    )
    logs = tuple(tokens_of(texts[row]) for row in live)
    proposal = Proposal(width - 1, tuple(map(tuple, drafts)), logs, group.stopping) if width > 1 else None
    (found,) = sample([PlanSample(1, 0, tuple(live), group.sampler, proposal)], logits_RV)
    assert [list(log) for log in logs] == [texts[row] for row in live], "logs are not changed"
    return [one.tokens for one in (found, *found.following)]


def chances(length: int) -> dict[tuple[int, ...], float]:
    """The exact distribution of the first tokens of an answer."""
    found = {}
    for text in product(range(V), repeat=length):
        chance = 1.0
        for end in range(length):
            chance *= float(logits_after([*PROMPT, *text[:end]]).double().softmax(-1)[text[end]])
        found[text] = chance
    return found


def test_samples_with_drafts_have_the_targets_distribution() -> None:
    """Chi-square over all answers of three tokens, with drafts that are the likeliest one, or one of the least likely."""
    count = 6000
    seen: Counter[tuple[int, ...]] = Counter()
    rejected = accepted = 0
    for number in range(count):
        group = asked(number)
        texts = [list(PROMPT)]
        while len(texts[0]) < len(PROMPT) + 3:
            left = len(PROMPT) + 3 - len(texts[0])
            draft: list[int] = []
            for _ in range(left - 1):
                order = logits_after([*texts[0], *draft]).argsort(descending=True)
                draft.append(int(order[(number + len(draft)) % 2]))
            rounds = step(group, texts, [draft], [0])
            rejected += len(rounds) < left
            accepted += len(rounds) - 1
            texts[0] += [tokens[0] for tokens in rounds]
        seen[tuple(texts[0][len(PROMPT) :])] += 1
    expected = chances(3)
    assert sum(expected.values()) == pytest.approx(1.0)
    statistic = sum((seen[text] - count * chance) ** 2 / (count * chance) for text, chance in expected.items())
    degrees = len(expected) - 1
    # The chance of more is 1e-4, by the normal approximation of Wilson and Hilferty.
    most = degrees * (1 - 2 / (9 * degrees) + 3.719 * math.sqrt(2 / (9 * degrees))) ** 3
    assert statistic < most
    assert rejected > count / 4 and accepted > count / 4, "both were tried"


STATE = torch.Generator().manual_seed(7).get_state().numpy().tobytes()
SETTINGS: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "greedy with history": {"do_sample": False, "repetition_penalty": 1.3, "no_repeat_ngram_size": 3},
    "greedy with ends": {"do_sample": False, "eos_tokens": [5, 9], "min_new_tokens": 4},
    "seed": {"temperature": 1.5},
    "script": {"state": STATE},
    "script, few": {"state": STATE, "top_k": 5, "repetition_penalty": 1.2, "eos_tokens": [3]},
    "script, penalties": {"state": STATE, "frequency_penalty": 0.3, "eos_tokens": [3, 4], "top_p": 0.9},
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", SETTINGS)
def test_an_answer_and_the_generator_are_those_of_a_run_without_drafts(name: str, rows: int) -> None:
    size = 24

    def answer(drafter: Any) -> tuple[list[list[int]], bytes, int]:
        group = asked(3, rows, **SETTINGS[name])
        group.model = ModelSpec("m", b"s", b"i", 16, vocabulary_size=size)
        texts = [[*PROMPT, row] for row in range(rows)]
        live, made, steps = list(range(rows)), 0, 0
        while live and made < 40:
            drafts = drafter(texts, live, min(5, 40 - made - 1))
            for tokens in step(group, texts, drafts, live):
                for row, token in zip(live, tokens, strict=True):
                    texts[row].append(token)
                live = [row for row in live if not group.stopping.ends(row, tokens_of(texts[row]))]
                made += 1
            steps += 1
        return texts, group.sampler.generator_state(), steps

    alone, state, steps = answer(lambda texts, live, most: [[] for _ in live])

    def recalled(texts: list[list[int]], live: list[int], most: int) -> list[list[int]]:
        drafts = [(alone[row][len(texts[row]) :] + [0] * most)[:most] for row in live]
        for draft in drafts:
            if most > 3 and len(texts[live[0]]) % 3 == 0:
                draft[3] = (draft[3] + 1) % size
        return drafts

    texts, after, fewer = answer(recalled)
    assert texts == alone and after == state
    assert fewer < steps
