"""The door that the shell calls once per step.

Legend: R logits rows of the step, n rows of a group, W rounds that may come in the step, V vocabulary.
"""

import math
from collections.abc import Sequence as Items
from functools import partial

import torch
from torch import Tensor

from aweigh.engine.core import Sampled
from aweigh.engine.sampling.sampler import BROKEN, GroupSampler
from aweigh.engine.sampling.verify import verify
from aweigh.engine.schedule.instructions import PlanSample
from aweigh.proto.errors import NumericalFailure


def sample(samples: Items[PlanSample], logits_RV: Tensor) -> list[Sampled]:
    """Samples every group of a step, one answer each. Never raises for a group's sake: its `failure` is set instead.

    `logits_RV` are the step's logits [R, V] in any float dtype, on any device; they are not modified.
    """
    if not samples:
        return []
    answers: list[Sampled] = []
    greedy: tuple[list[int], list[float]] | None = None
    for entry in samples:
        sampler = entry.sampler
        assert isinstance(sampler, GroupSampler)
        proposal = entry.proposal
        width = 1 if proposal is None else 1 + proposal.length
        last = entry.first + width * len(entry.rows)
        if sampler.plain:
            greedy = greedy or _best(logits_RV)
            best, scores = greedy[0][entry.first : last], greedy[1][entry.first : last]
            if proposal is None:
                answers.append(_answer(best, scores))
            else:
                answers.append(verify(entry, proposal, partial(_plain, best, scores, width)))
        else:
            logits_nV = logits_RV[entry.first : last].to("cpu", torch.float32)
            if proposal is None:
                answers.append(sampler.sample(entry.rows, logits_nV))
            else:
                logits_nWV = logits_nV.view(len(entry.rows), width, -1)
                answers.append(verify(entry, proposal, partial(_draw, sampler, entry.rows, logits_nWV)))
    return answers


def _plain(best: list[int], scores: list[float], width: int, number: int, places: list[int]) -> Sampled:
    chosen = [place * width + number for place in places]
    return _answer([best[index] for index in chosen], [scores[index] for index in chosen])


def _draw(sampler: GroupSampler, rows: tuple[int, ...], logits_nWV: Tensor, number: int, places: list[int]) -> Sampled:
    return sampler.sample(tuple([rows[place] for place in places]), logits_nWV[places, number])


def _best(logits_RV: Tensor) -> tuple[list[int], list[float]]:
    best_R1 = logits_RV.argmax(dim=-1, keepdim=True)
    both_2R = torch.stack([best_R1.squeeze(1).double(), logits_RV.gather(1, best_R1).squeeze(1).double()])
    tokens, scores = both_2R.tolist()
    return list(map(int, tokens)), scores


def _answer(tokens: list[int], scores: list[float]) -> Sampled:
    if all(map(math.isfinite, scores)):
        return Sampled(tokens)
    return Sampled([], None, NumericalFailure(BROKEN))
