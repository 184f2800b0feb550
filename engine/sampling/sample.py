"""The door that the shell calls once per step.

Legend: R logits rows of the step, n rows of a group, W rounds that may come in the step, V vocabulary.
"""

import math
from collections.abc import Callable
from collections.abc import Sequence as Items
from functools import partial

import torch
from torch import Tensor

from aweigh.engine.core import Sampled
from aweigh.engine.sampling.sampler import BROKEN, GroupSampler
from aweigh.engine.sampling.verify import verify
from aweigh.engine.schedule.instructions import PlanSample
from aweigh.kernels.reference.best import best as best_by_torch
from aweigh.proto.errors import NumericalFailure

Best = Callable[[Tensor], tuple[Tensor, Tensor]]
"""`Kernels.best`."""


def sample(samples: Items[PlanSample], logits_RV: Tensor, best: Best = best_by_torch) -> list[Sampled]:
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
            greedy = greedy or _listed(*best(logits_RV))
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
