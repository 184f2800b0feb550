"""The door of a step: groups together, each alone in its fate."""

import math
from typing import Any

import pytest
import torch

from aweigh.engine.core import ModelSpec
from aweigh.engine.sampling.counter_random import CounterRandom
from aweigh.engine.sampling.group import group_of
from aweigh.engine.sampling.history import History
from aweigh.engine.sampling.sample import sample
from aweigh.engine.sampling.sampler import GroupSampler
from aweigh.engine.sampling.warpers import MinP, Temperature, TopK, TopP
from aweigh.engine.schedule.instructions import PlanSample
from aweigh.proto.errors import InvalidRequest, NumericalFailure
from aweigh.proto.v1 import generation_pb2 as pb

V = 50
MODEL = ModelSpec("m", b"s", b"i", 16)


def entry(first: int, rows: int = 1, logprobs: int = 0, **fields: Any) -> PlanSample:
    message = pb.GenerateRequest(
        prompts=[pb.Prompt(tokens=[1, 2])] * rows,
        sampling=pb.SamplingSettings(**{"max_new_tokens": 5, **fields}),
        seed=3,
        logprobs=logprobs,
    )
    return PlanSample(first, first, tuple(range(rows)), group_of(first, "", message, MODEL, 0.0).sampler)


def everybody() -> list[PlanSample]:
    return [
        entry(0),
        entry(1, do_sample=True, top_k=5),
        entry(2, rows=2, do_sample=True, temperature=2.0),
        entry(4, repetition_penalty=1.3),
        entry(5),
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("victim", range(6))
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_broken_logits_fail_their_owner_alone(bad: float, victim: int, dtype: torch.dtype) -> None:
    logits_RV = torch.randn(6, V, generator=torch.Generator().manual_seed(1)).to(dtype)
    before = logits_RV.clone()
    healthy = sample(everybody(), logits_RV)
    assert torch.equal(logits_RV, before), "the step's logits are not modified"
    assert all(answer.failure is None for answer in healthy)
    logits_RV[victim] = bad
    if bad != -math.inf:
        logits_RV[victim, 1:] = before[victim, 1:]
    entries = everybody()
    for plan, answer, old in zip(entries, sample(entries, logits_RV), healthy, strict=True):
        if plan.first <= victim < plan.first + len(plan.rows):
            assert isinstance(answer.failure, NumericalFailure) and not answer.tokens
        else:
            assert answer.failure is None and answer.tokens == old.tokens


def test_a_mask_that_forbids_everything_fails_typed() -> None:
    (answer,) = sample([entry(0, suppress_tokens=range(V))], torch.randn(1, V))
    assert isinstance(answer.failure, NumericalFailure)


def test_remove_invalid_values_is_the_scripts_choice() -> None:
    logits_RV = torch.full((1, V), math.nan)
    logits_RV[0, 7] = 1.0
    (answer,) = sample([entry(0, remove_invalid_values=True)], logits_RV)
    assert answer.failure is None and answer.tokens == [7]


def test_a_bias_outside_the_vocabulary_fails_alone() -> None:
    word = pb.TokenSequence(tokens=[V])
    answers = sample([entry(0, bad_words=[word]), entry(1)], torch.randn(2, V))
    assert isinstance(answers[0].failure, InvalidRequest) and answers[1].failure is None


@pytest.mark.parametrize(
    "fields",
    [
        {"exponential_decay_start": -1e3, "exponential_decay_factor": 1e300, "eos_tokens": [1]},
        {"exponential_decay_start": -1, "exponential_decay_factor": 1.5, "eos_tokens": [V + 5]},
        {"forced_eos_tokens": [V], "max_new_tokens": 1},
        {"sequence_bias": [pb.SequenceBias(sequence=pb.TokenSequence(tokens=[1 << 40]), bias=1.0)]},
    ],
)
def test_settings_that_do_not_fit_the_model_fail_alone(fields: dict[str, Any]) -> None:
    answers = sample([entry(0, **fields), entry(1)], torch.randn(2, V))
    assert isinstance(answers[0].failure, InvalidRequest) and answers[1].failure is None


def test_logprobs_are_of_the_raw_logits() -> None:
    logits_RV = torch.randn(1, V)
    (answer,) = sample([entry(0, logprobs=3, do_sample=True, top_k=1)], logits_RV)
    reference = logits_RV.log_softmax(-1)[0]
    assert answer.logprobs is not None
    (first,) = answer.logprobs
    assert first.logprob == reference[answer.tokens[0]].item()
    assert first.tokens == reference.topk(3).indices.tolist() and first.logprobs == reference.topk(3).values.tolist()


def test_greedy_ties_go_to_the_first() -> None:
    logits_RV = torch.zeros(2, V)
    logits_RV[:, [9, 4]] = 1.0
    answers = sample([entry(0), entry(1, renormalize_logits=True)], logits_RV)
    assert [answer.tokens for answer in answers] == [[4], [4]]


def test_a_device_draws_only_for_groups_whose_whole_chain_it_has() -> None:
    random, history = CounterRandom(1), History(None, 1, [0])
    chains: list[list[Any]] = [
        [],
        [Temperature(0.5)],
        [TopK(3), TopP(0.5)],
        [TopP(0.5), TopK(3)],
        [Temperature(0.5), MinP(0.1)],
    ]
    found = [GroupSampler(chain, random, history, 1, 0).narrowing for chain in chains]
    assert found == [(1.0, 0, 1.0), (0.5, 0, 1.0), (1.0, 3, 0.5), None, None]
    bound: Any = object()
    assert GroupSampler([], random, history, 1, 0, grammar=bound).narrowing is None
    assert GroupSampler([], random, history, 1, 2).narrowing is None
    assert GroupSampler([], None, history, 1, 0).narrowing is None
