"""Warpers: what narrows the distribution before a draw. Same rules as in `processors.py`, and none looks back.

Sorting the whole vocabulary is what costs (6 ms at 32 000 tokens, 32 ms at 152 000), so `TopP` sorts the best thousand first and all
only when the border does not lie among them.

Legend: n live rows, V vocabulary, K best scores.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from aweigh.engine.sampling.view import View


@dataclass(frozen=True, slots=True)
class Temperature:
    temperature: float
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        return scores_nV.div_(self.temperature)


@dataclass(frozen=True, slots=True)
class TopH:
    """Keeps the most probable tokens up to a share of the entropy of the best hundred."""

    top_h: float
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        keep_nV = torch.zeros(scores_nV.shape, dtype=torch.bool)
        top_nK, index_nK = torch.topk(scores_nV, min(100, scores_nV.shape[-1]), dim=-1, largest=True, sorted=True)
        distribution = torch.distributions.Categorical(logits=top_nK, validate_args=False)
        probabilities_nK = distribution.probs
        threshold_n1 = (_entropy(distribution) * self.top_h).unsqueeze(-1)
        terms_nK = -probabilities_nK * torch.log(probabilities_nK)
        selected_nK = torch.cumsum(terms_nK, dim=-1) <= threshold_n1
        selected_nK[:, 0] = True
        keep_nV.scatter_(dim=1, index=index_nK, src=selected_nK)
        return scores_nV.masked_fill_(~keep_nV, -math.inf)


@dataclass(frozen=True, slots=True)
class TopK:
    top_k: int
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        least_n1 = torch.topk(scores_nV, min(self.top_k, scores_nV.shape[-1]))[0][..., -1, None]
        return scores_nV.masked_fill_(scores_nV < least_n1, -math.inf)


@dataclass(frozen=True, slots=True)
class TopP:
    """Keeps the most probable tokens that together reach `top_p`."""

    top_p: float
    looks_back: ClassVar[bool] = False
    best: ClassVar[int] = 1024

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        if scores_nV.shape[-1] > 4 * self.best and (kept_nV := self._among_best(scores_nV)) is not None:
            return kept_nV
        return self._among_all(scores_nV)

    def _among_best(self, scores_nV: Tensor) -> Tensor | None:
        """The same mask by sorting a few: None unless the border between removed and kept lies safely among them.

        Everything else has less than 1 - top_p together, so it is removed whatever its order. Of equal scores the sort of the
        whole row removes some first, in an order of its own, so the border may not lie between equal ones.
        """
        descending_nK, index_nK = torch.topk(scores_nV, self.best)
        sorted_nK, index_nK = descending_nK.flip(-1), index_nK.flip(-1)
        probabilities_nV = scores_nV.softmax(dim=-1)
        sorted_probabilities_nK = probabilities_nV.gather(1, index_nK)
        rest_n1 = probabilities_nV.scatter_(1, index_nK, 0.0).sum(dim=-1, keepdim=True, dtype=torch.float64)
        cumulative_nK = (sorted_probabilities_nK.double().cumsum(dim=-1) + rest_n1).float()
        remove_nK = cumulative_nK <= (1 - self.top_p)
        remove_nK[:, -1:] = False
        kept_nK = sorted_nK.masked_fill(remove_nK, -math.inf)
        least_kept_n = sorted_nK.masked_fill(remove_nK, math.inf).amin(dim=-1)
        most_removed_n = sorted_nK.masked_fill(~remove_nK, -math.inf).amax(dim=-1)
        if not bool((remove_nK[:, 0] & (least_kept_n > most_removed_n)).all()):
            return None
        return scores_nV.fill_(-math.inf).scatter_(1, index_nK, kept_nK)

    def _among_all(self, scores_nV: Tensor) -> Tensor:
        sorted_nV, index_nV = torch.sort(scores_nV, descending=False)
        cumulative_nV = sorted_nV.softmax(dim=-1).cumsum(dim=-1)
        remove_nV = cumulative_nV <= (1 - self.top_p)
        remove_nV[..., -1:] = False
        return scores_nV.masked_fill_(remove_nV.scatter(1, index_nV, remove_nV), -math.inf)


@dataclass(frozen=True, slots=True)
class MinP:
    """Drops tokens less probable than a share of the most probable one."""

    min_p: float
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        probabilities_nV = torch.softmax(scores_nV, dim=-1)
        top_n1 = probabilities_nV.amax(dim=-1, keepdim=True)
        remove_nV = probabilities_nV < self.min_p * top_n1
        remove_nV.scatter_(-1, torch.topk(probabilities_nV, 1, dim=-1).indices, False)
        return scores_nV.masked_fill_(remove_nV, -math.inf)


@dataclass(frozen=True, slots=True)
class Typical:
    """Keeps the tokens whose information is nearest to the entropy, up to `mass`."""

    mass: float
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        normalized_nV = torch.nn.functional.log_softmax(scores_nV, dim=-1)
        probabilities_nV = torch.exp(normalized_nV)
        entropy_n1 = -(normalized_nV * probabilities_nV).nansum(-1, keepdim=True)
        shifted_nV = torch.abs((-normalized_nV) - entropy_n1)
        sorted_nV, index_nV = torch.sort(shifted_nV, descending=False)
        cumulative_nV = scores_nV.gather(-1, index_nV).softmax(dim=-1).cumsum(dim=-1)
        last_n = (cumulative_nV < self.mass).sum(dim=1)
        last_n.clamp_(max=sorted_nV.shape[-1] - 1)
        remove_nV = sorted_nV > sorted_nV.gather(1, last_n.view(-1, 1))
        remove_nV[..., :1] = False
        return scores_nV.masked_fill_(remove_nV.scatter(1, index_nV, remove_nV), -math.inf)


@dataclass(frozen=True, slots=True)
class Epsilon:
    """Drops tokens less probable than `epsilon`."""

    epsilon: float
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        remove_nV = scores_nV.softmax(dim=-1) < self.epsilon
        return scores_nV.masked_fill_(remove_nV & _below_best(scores_nV), -math.inf)


@dataclass(frozen=True, slots=True)
class Eta:
    """Drops tokens less probable than a threshold that falls with the entropy."""

    epsilon: float
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        epsilon = torch.tensor(self.epsilon)
        entropy_n = _entropy(torch.distributions.Categorical(logits=scores_nV, validate_args=False))
        eta_n1 = torch.min(epsilon, torch.sqrt(epsilon) * torch.exp(-entropy_n))[..., None]
        remove_nV = scores_nV.softmax(dim=-1) < eta_n1
        return scores_nV.masked_fill_(remove_nV & _below_best(scores_nV), -math.inf)


def _entropy(distribution: torch.distributions.Categorical) -> Tensor:
    entropy_n: Tensor = distribution.entropy()  # type: ignore[no-untyped-call]
    return entropy_n


def _below_best(scores_nV: Tensor) -> Tensor:
    return scores_nV < torch.topk(scores_nV, 1)[0][..., -1, None]
