"""One group's way from logits to tokens.

Legend: n live rows, V vocabulary.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from aweigh.engine.core import Sampled, TokenLogprobs
from aweigh.engine.sampling.counter_random import CounterRandom
from aweigh.engine.sampling.grammar import Grammar
from aweigh.engine.sampling.history import History
from aweigh.engine.sampling.processors import Processor
from aweigh.engine.sampling.script_random import ScriptRandom
from aweigh.engine.sampling.view import View
from aweigh.engine.sampling.warpers import Temperature, TopK, TopP
from aweigh.proto.errors import AweighError, InvalidRequest, NumericalFailure

BROKEN = "the model's scores are NaN or infinite, or every token is forbidden: look at the model's numbers and at the settings"


class Narrowing(NamedTuple):
    """A draw that a device may do itself: temperature, then top-k, then top-p; `top_k` 0 and `top_p` 1: all."""

    temperature: float
    top_k: int
    top_p: float


class GroupSampler:
    """Processors, draw and log-probabilities of one group. `sample` is called once per token, with the rows that live."""

    def __init__(
        self,
        chain: list[Processor],
        random: ScriptRandom | CounterRandom | None,
        history: History,
        rows: int,
        logprobs: int,
        untouched: bytes = b"",
        grammar: Grammar | None = None,
    ) -> None:
        """`random` None: greedy, and `untouched` the state of a generator that came all the same.

        `logprobs`: how many of the best to report per token, 0: none.
        """
        self._untouched = untouched
        self._grammar = grammar
        self._chain = chain
        self._random = random
        self._history = history
        self._total = rows
        self._logprobs = logprobs
        self._looks_back = any(link.looks_back for link in chain)
        self._position = 0

    @property
    def plain(self) -> bool:
        """Whether a token is the best of the logits and nothing else is asked: such groups are sampled together."""
        return not self._chain and self._random is None and not self._logprobs and self._grammar is None

    @property
    def narrowing(self) -> Narrowing | None:
        """What the draw is narrowed by if it follows from that and a number per row alone; None: `sample` has to be called."""
        if not isinstance(self._random, CounterRandom) or self._logprobs or self._grammar is not None:
            return None
        match self._chain:
            case [Temperature(), *_]:
                temperature, *rest = self._chain
            case rest:
                temperature = Temperature(1.0)
        assert isinstance(temperature, Temperature)
        match rest:
            case []:
                return Narrowing(temperature.temperature, 0, 1.0)
            case [TopK(top_k=top_k)]:
                return Narrowing(temperature.temperature, top_k, 1.0)
            case [TopP(top_p=top_p)]:
                return Narrowing(temperature.temperature, 0, top_p)
            case [TopK(top_k=top_k), TopP(top_p=top_p)]:
                return Narrowing(temperature.temperature, top_k, top_p)
        return None

    def uniforms(self, rows: tuple[int, ...]) -> list[float]:
        """The numbers that the rows' next tokens are drawn by."""
        assert isinstance(self._random, CounterRandom)
        return [self._random.uniform(row, self._position) for row in rows]

    def drawn(self, tokens: list[int], scores: list[float]) -> Sampled:
        """The tokens were drawn elsewhere, as `narrowing` and `uniforms` say; `scores` are the greatest of each row."""
        if not all(map(math.isfinite, scores)):
            return Sampled([], None, NumericalFailure(BROKEN))
        self._position += 1
        return Sampled(tokens)

    def generator_state(self) -> bytes:
        """The state of the script's generator as it is now; empty for other sources of randomness."""
        return self._untouched if self._random is None else self._random.state()

    def sample(self, rows: tuple[int, ...], logits_nV: Tensor) -> Sampled:
        """Tokens for the live rows, whose float32 logits on the CPU are not modified."""
        live = list(rows)
        try:
            tokens = self._tokens(live, logits_nV)
            if self._grammar is not None:
                self._grammar.advance(live, tokens)
        except AweighError as failure:
            return Sampled([], None, failure)
        except (ArithmeticError, IndexError, RuntimeError, ValueError) as error:
            return Sampled([], None, InvalidRequest(f"the sampling settings do not fit this model: {error}"))
        logprobs = self._report(logits_nV, tokens) if self._logprobs else None
        if self._looks_back:
            self._history.append(live, tokens)
        self._position += 1
        return Sampled(tokens, logprobs)

    def _tokens(self, live: list[int], logits_nV: Tensor) -> list[int]:
        scores_nV = self._process(live, logits_nV)
        best_n = scores_nV.argmax(dim=-1)
        highest = scores_nV.gather(1, best_n[:, None]).squeeze(1).tolist()
        if not all(map(math.isfinite, highest)):
            raise NumericalFailure(BROKEN)
        if self._random is None:
            tokens: list[int] = best_n.tolist()
            return tokens
        probabilities_nV = torch.nn.functional.softmax(scores_nV, dim=-1)
        if isinstance(self._random, CounterRandom):
            return self._random.draw(probabilities_nV, live, self._position)
        return self._random.draw(probabilities_nV, live, self._total)

    def _process(self, live: list[int], logits_nV: Tensor) -> Tensor:
        if not self._chain and self._grammar is None:
            return logits_nV
        history = self._history
        padding = [history.left_padding[row] for row in live]
        ids_nL = history.rows(live) if self._looks_back else None
        view = View(history.prompt_length + self._position, history.prompt_length, ids_nL, padding)
        scores_nV = logits_nV.clone()
        if self._grammar is not None:
            self._grammar.restrict(live, scores_nV)
        for link in self._chain:
            scores_nV = link(view, scores_nV)
        return scores_nV

    def _report(self, logits_nV: Tensor, tokens: list[int]) -> list[TokenLogprobs]:
        """Of the raw logits, before any processor."""
        logprobs_nV = torch.log_softmax(logits_nV, dim=-1)
        values_nK, best_nK = logprobs_nV.topk(min(self._logprobs, logprobs_nV.shape[-1]), dim=-1)
        chosen = logprobs_nV.gather(1, torch.tensor(tokens)[:, None]).squeeze(1).tolist()
        rows = zip(chosen, best_nK.tolist(), values_nK.tolist(), strict=True)
        return [TokenLogprobs(logprob, best, values) for logprob, best, values in rows]
