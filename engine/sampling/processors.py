"""Penalties and constraints: what transformers 5.23 calls logits processors, in torch alone.

Each is a function of (view, scores_nV) -> scores_nV. `scores_nV` float32 belongs to the chain: it may be changed in place and
returned. The arithmetic is that of transformers/generation/logits_process.py, operation by operation, so that results are equal
in bits; where this file differs (in place, only live rows, index lists instead of masks over the vocabulary), it is because no
score can tell. Presence and frequency penalties are OpenAI's, over generated tokens.

Legend: n live rows, V vocabulary, L tokens so far.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

from aweigh.engine.sampling.view import View
from aweigh.proto.errors import InvalidRequest


class Processor(Protocol):
    """One link of the chain. `looks_back`: whether it reads view.ids_nL."""

    looks_back: ClassVar[bool]

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor: ...


def _inside(tokens: tuple[int, ...], size: int) -> list[int]:
    """Token ids that are columns."""
    return [token for token in tokens if 0 <= token < size]


class SequenceBias:
    """Adds a bias to the last token of each sequence whose beginning stands at the end of the text."""

    looks_back: ClassVar[bool] = True

    def __init__(self, biases: dict[tuple[int, ...], float]) -> None:
        self._biases = biases
        self._single_V: Tensor | None = None
        self._longer: list[tuple[Tensor, Tensor, Tensor]] = []

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        if self._single_V is None:
            self._single_V = self._prepare(scores_nV.shape[-1])
        bias_nV = torch.zeros_like(scores_nV)
        bias_nV += self._single_V
        for prefixes_SP, last_S, biases_S in self._longer:
            length = prefixes_SP.shape[1]
            if length > view.length:
                continue
            assert view.ids_nL is not None
            matches_nS = (view.ids_nL[:, None, -length:] == prefixes_SP).all(dim=-1)
            bias_nV.index_add_(1, last_S, torch.where(matches_nS, biases_S, 0.0).to(bias_nV.dtype))
        return scores_nV + bias_nV

    def _prepare(self, size: int) -> Tensor:
        outside = [token for sequence in self._biases for token in sequence if token >= size]
        if outside:
            raise InvalidRequest(
                f"the model's vocabulary has {size} tokens, but token {outside[0]} is biased or forbidden"
            )
        single_V = torch.zeros((size,), dtype=torch.float)
        by_length: dict[int, list[tuple[tuple[int, ...], float]]] = {}
        for sequence, bias in self._biases.items():
            by_length.setdefault(len(sequence) - 1, []).append((sequence, bias))
        for length, group in by_length.items():
            last_S = torch.tensor([sequence[-1] for sequence, _ in group])
            biases_S = torch.tensor([bias for _, bias in group], dtype=torch.float)
            if length == 0:
                single_V[last_S] = biases_S
            else:
                prefixes_SP = torch.tensor([sequence[:-1] for sequence, _ in group])
                self._longer.append((prefixes_SP, last_S, biases_S))
        return single_V


def bad_words(words: tuple[tuple[int, ...], ...], eos_tokens: tuple[int, ...]) -> SequenceBias | None:
    """Forbids sequences; an end of sequence alone cannot be forbidden. None if nothing is left."""
    biases = {word: -math.inf for word in words if len(word) > 1 or word[0] not in eos_tokens}
    return SequenceBias(biases) if biases else None


@dataclass(frozen=True, slots=True)
class RepetitionPenalty:
    """Over prompt and output, without left pads."""

    penalty: float
    looks_back: ClassVar[bool] = True

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        assert view.ids_nL is not None
        size = scores_nV.shape[-1]
        ids_nL = view.ids_nL
        if any(view.left_padding):
            positions_L = torch.arange(ids_nL.shape[1])
            ids_nL = ids_nL.masked_fill(positions_L[None, :] < torch.tensor(view.left_padding)[:, None], size)
        ids_nL = ids_nL.clamp(max=size)
        padded = torch.nn.functional.pad(scores_nV, (0, 1))
        score_nL = torch.gather(padded, 1, ids_nL)
        score_nL = torch.where(score_nL < 0, score_nL * self.penalty, score_nL / self.penalty)
        return padded.scatter_(1, ids_nL, score_nL)[..., :size]


@dataclass(frozen=True, slots=True)
class OccurrencePenalty:
    """Subtracts `presence` once and `frequency` per occurrence of every token generated so far."""

    presence: float
    frequency: float
    looks_back: ClassVar[bool] = True

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        assert view.ids_nL is not None
        made_nL = view.ids_nL[:, view.prompt_length :]
        counts_nV = torch.zeros_like(scores_nV).scatter_add_(1, made_nL, torch.ones(made_nL.shape))
        return scores_nV - counts_nV * self.frequency - (counts_nV > 0) * self.presence


@dataclass(frozen=True, slots=True)
class NoRepeatNgram:
    """Forbids tokens that would complete an n-gram that the text has already."""

    size: int
    looks_back: ClassVar[bool] = True

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        if view.length < self.size:
            return scores_nV
        ids_nL = view.ids_nL
        assert ids_nL is not None
        prefix = ids_nL[:, view.length + 1 - self.size :]
        windows = ids_nL.unfold(dimension=1, size=self.size, step=1)
        matches = (windows[..., :-1] == prefix.unsqueeze(1)).all(dim=-1)
        vocabulary = scores_nV.shape[-1]
        banned = scores_nV.new_zeros((scores_nV.shape[0], vocabulary + 1), dtype=torch.bool)
        banned.scatter_(1, torch.where(matches, windows[..., -1].clamp(max=vocabulary), vocabulary), True)
        return scores_nV.masked_fill_(banned[:, :vocabulary], -math.inf)


@dataclass(frozen=True, slots=True)
class ForbidUntil:
    """Forbids `tokens` while the text is shorter than `length` (min_length, min_new_tokens: the ends of sequence)."""

    tokens: tuple[int, ...]
    length: int
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        if view.length < self.length:
            scores_nV[:, _inside(self.tokens, scores_nV.shape[-1])] = -math.inf
        return scores_nV


@dataclass(frozen=True, slots=True)
class Force:
    """Allows nothing but `tokens` when the text is `length` long (forced_bos_token: 1; forced_eos_tokens: one before the end)."""

    tokens: tuple[int, ...]
    length: int
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        if view.length == self.length:
            scores_nV = torch.full_like(scores_nV, -math.inf)
            scores_nV[:, list(self.tokens)] = 0
        return scores_nV


@dataclass(frozen=True, slots=True)
class RemoveInvalid:
    """NaN becomes 0, infinities the largest numbers."""

    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        limits = torch.finfo(scores_nV.dtype)
        return torch.nan_to_num_(scores_nV, nan=0.0, posinf=limits.max, neginf=limits.min)


@dataclass(frozen=True, slots=True)
class DecayLength:
    """Raises the ends of sequence, exponentially from `start` tokens on."""

    start: float
    factor: float
    tokens: tuple[int, ...]
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        start = self.start + view.prompt_length
        if view.length > start:
            columns = list(self.tokens)
            eos = scores_nV[:, columns]
            penalty = torch.abs(eos) * (pow(self.factor, view.length - start) - 1)
            penalty = penalty.masked_fill(~torch.isfinite(eos), 0.0)
            scores_nV[:, columns] = eos + penalty
        return scores_nV


@dataclass(frozen=True, slots=True)
class Suppress:
    """Forbids `tokens`, always or (begin_suppress_tokens) only when the text is `only_at` long."""

    tokens: tuple[int, ...]
    only_at: int | None = None
    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        if self.only_at is None or view.length == self.only_at:
            scores_nV[:, _inside(self.tokens, scores_nV.shape[-1])] = -math.inf
        return scores_nV


@dataclass(frozen=True, slots=True)
class Normalize:
    """Log-probabilities instead of scores."""

    looks_back: ClassVar[bool] = False

    def __call__(self, view: View, scores_nV: Tensor) -> Tensor:
        return scores_nV.log_softmax(dim=-1)
