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
from aweigh.kernels.base import Kernels
from aweigh.kernels.reference import ReferenceKernels
from aweigh.proto.errors import NumericalFailure

REFERENCE = ReferenceKernels()


def sample(samples: Items[PlanSample], logits_RV: Tensor, kernels: Kernels = REFERENCE) -> list[Sampled]:
    """Samples every group of a step, one answer each. Never raises for a group's sake: its `failure` is set instead.

    `logits_RV` are the step's logits [R, V] in any float dtype, on any device; they are not modified. `kernels` are the device's own ways to choose.
    """
    if not samples:
        return []
    drawn = _drawn(samples, logits_RV, kernels)
    answers: list[Sampled] = []
    greedy: tuple[list[int], list[float]] | None = None
    for place, entry in enumerate(samples):
        if place in drawn:
            answers.append(drawn[place])
            continue
        sampler = entry.sampler
        assert isinstance(sampler, GroupSampler)
        proposal = entry.proposal
        width = 1 if proposal is None else 1 + proposal.length
        last = entry.first + width * len(entry.rows)
        if sampler.plain:
            greedy = greedy or _listed(*kernels.best(logits_RV))
            tokens, scores = greedy[0][entry.first : last], greedy[1][entry.first : last]
            if proposal is None:
                answers.append(_answer(tokens, scores))
            else:
                answers.append(verify(entry, proposal, partial(_plain, tokens, scores, width)))
        else:
            logits_nV = logits_RV[entry.first : last].to("cpu", torch.float32)
            if proposal is None:
                answers.append(sampler.sample(entry.rows, logits_nV))
            else:
                logits_nWV = logits_nV.view(len(entry.rows), width, -1)
                answers.append(verify(entry, proposal, partial(_draw, sampler, entry.rows, logits_nWV)))
    return answers


def _drawn(samples: Items[PlanSample], logits_RV: Tensor, kernels: Kernels) -> dict[int, Sampled]:
    """The answers, by place, of groups whose tokens the device draws and is sure of: one start, one read for all."""
    asked: list[tuple[int, GroupSampler, int]] = []
    places: list[int] = []
    given: list[tuple[float, float, float, float]] = []
    for place, entry in enumerate(samples):
        sampler = entry.sampler
        assert isinstance(sampler, GroupSampler)
        narrowing = sampler.narrowing
        if narrowing is None or entry.proposal is not None:
            continue
        asked.append((place, sampler, len(entry.rows)))
        places += range(entry.first, entry.first + len(entry.rows))
        top_k = min(narrowing.top_k or logits_RV.shape[1], logits_RV.shape[1])
        given += [(narrowing.temperature, top_k, narrowing.top_p, uniform) for uniform in sampler.uniforms(entry.rows)]
    if not asked:
        return {}
    chosen_RV = logits_RV if places == list(range(len(logits_RV))) else logits_RV[places]
    columns_4R = torch.tensor(given, dtype=torch.float64, device=logits_RV.device).t()
    drawn = kernels.draw(chosen_RV, columns_4R[0].float(), columns_4R[1].int(), *columns_4R[2:].contiguous())
    if drawn is None:
        return {}
    told_3R = torch.stack([drawn.tokens_R.double(), drawn.scores_R.double(), drawn.sure_R.double()])
    tokens, scores, sure = told_3R.tolist()
    answers: dict[int, Sampled] = {}
    first = 0
    for place, sampler, count in asked:
        rows = slice(first, first + count)
        first += count
        if all(sure[rows]) or not all(map(math.isfinite, scores[rows])):
            answers[place] = sampler.drawn(list(map(int, tokens[rows])), scores[rows])
    return answers


def _plain(best: list[int], scores: list[float], width: int, number: int, places: list[int]) -> Sampled:
    chosen = [place * width + number for place in places]
    return _answer([best[index] for index in chosen], [scores[index] for index in chosen])


def _draw(sampler: GroupSampler, rows: tuple[int, ...], logits_nWV: Tensor, number: int, places: list[int]) -> Sampled:
    return sampler.sample(tuple([rows[place] for place in places]), logits_nWV[places, number])


def _listed(places_R: Tensor, values_R: Tensor) -> tuple[list[int], list[float]]:
    if places_R.device.type == "cpu":
        return places_R.tolist(), values_R.tolist()
    tokens, scores = torch.stack([places_R.double(), values_R.double()]).tolist()  # one look at the device
    return list(map(int, tokens)), scores


def _answer(tokens: list[int], scores: list[float]) -> Sampled:
    if all(map(math.isfinite, scores)):
        return Sampled(tokens)
    return Sampled([], None, NumericalFailure(BROKEN))
