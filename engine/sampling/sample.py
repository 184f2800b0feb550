"""The door that the shell calls once per step.

Legend: R logits rows of the step, n rows of a group, V vocabulary.
"""

import math
from collections.abc import Sequence as Items

import torch
from torch import Tensor

from aweigh.engine.core import Sampled
from aweigh.engine.sampling.sampler import BROKEN, GroupSampler
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
        last = entry.first + len(entry.rows)
        if sampler.plain:
            greedy = greedy or _best(logits_RV)
            answers.append(_answer(greedy[0][entry.first : last], greedy[1][entry.first : last]))
        else:
            logits_nV = logits_RV[entry.first : last].to("cpu", torch.float32)
            answers.append(sampler.sample(entry.rows, logits_nV))
    return answers


def _best(logits_RV: Tensor) -> tuple[list[int], list[float]]:
    best_R1 = logits_RV.argmax(dim=-1, keepdim=True)
    both_2R = torch.stack([best_R1.squeeze(1).double(), logits_RV.gather(1, best_R1).squeeze(1).double()])
    tokens, scores = both_2R.tolist()
    return list(map(int, tokens)), scores


def _answer(tokens: list[int], scores: list[float]) -> Sampled:
    if all(map(math.isfinite, scores)):
        return Sampled(tokens)
    return Sampled([], None, NumericalFailure(BROKEN))
