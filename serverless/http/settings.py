"""From the fields of a request to what an engine is told. Pure; everything that is refused is refused here, by its name."""

import secrets
from collections.abc import Sequence

from aweigh.proto.errors import PromptTooLong
from aweigh.proto.v1 import generation_pb2
from aweigh.serverless.http.defaults import Defaults
from aweigh.serverless.http.errors import Unfit
from aweigh.serverless.http.fields import ChatRequest, CompletionRequest, Sampling

DEFAULT_COMPLETION_TOKENS = 16  # OpenAI's, and everybody's since
UNBOUNDED_TOKENS = 4096  # of a chat with a model whose context is not known


def refuse_unknown(request: Sampling) -> None:
    """Raises Unfit for what OpenAI's interface has and this does not."""
    if isinstance(request, CompletionRequest):
        if request.suffix:
            raise Unfit("suffix", "there is no insertion here: leave out suffix")
        if request.best_of is not None and request.best_of != request.n:
            raise Unfit("best_of", "best_of is not ranked here: leave it out, or make it equal to n")
        if request.echo and request.logprobs is not None:
            raise Unfit("logprobs", "there are no log-probabilities of prompts here: leave out echo or logprobs")
    elif isinstance(request, ChatRequest):
        if request.top_logprobs is not None and not request.logprobs:
            raise Unfit("top_logprobs", "top_logprobs needs logprobs to be true")
        if request.logprobs and request.tool_choice not in (None, "none", "auto"):
            raise Unfit("logprobs", "there are no log-probabilities of a tool's arguments here: leave out logprobs")


def room(prompt: Sequence[int], request: Sampling, context: int) -> int:
    """Tokens that an answer may have. Raises PromptTooLong, Unfit. `context` 0: not known."""
    wanted = request.max_tokens
    if isinstance(request, ChatRequest):
        wanted = request.max_completion_tokens or wanted
    elif wanted is None:
        wanted = DEFAULT_COMPLETION_TOKENS
    if not prompt:
        raise Unfit("prompt", "a prompt needs at least one token: this tokenizer gives none for it")
    left = context - len(prompt) if context else wanted or UNBOUNDED_TOKENS
    if left < (wanted or 1):
        asked = f" and {wanted} for the answer" if wanted else ""
        raise PromptTooLong(
            f"the model's context has {context} tokens, but {len(prompt)} came in the prompt{asked}: shorten one of them"
        )
    return wanted or left


def ends_of(request: Sampling, defaults: Defaults) -> frozenset[int]:
    """Tokens that end an answer."""
    own = () if request.ignore_eos else defaults.ends
    return frozenset((*own, *(request.stop_token_ids or ())))


def sampling_of(request: Sampling, defaults: Defaults, tokens: int, vocabulary: int) -> generation_pb2.SamplingSettings:
    """Of `tokens` tokens at most. Raises Unfit."""
    temperature = _first(request.temperature, defaults.temperature, 1.0)
    said = generation_pb2.SamplingSettings(
        do_sample=temperature > 0, max_new_tokens=tokens, eos_tokens=sorted(ends_of(request, defaults))
    )
    if said.do_sample:
        said.temperature = max(temperature, 1e-3)
        said.top_p = _first(request.top_p, defaults.top_p, 1.0)
        top_k = request.top_k if request.top_k is not None else defaults.top_k or 0
        if top_k > 0:
            said.top_k = top_k
        if min_p := _first(request.min_p, defaults.min_p, 0.0):
            said.min_p = min_p
    said.repetition_penalty = _first(request.repetition_penalty, defaults.repetition_penalty, 1.0)
    said.presence_penalty = request.presence_penalty
    said.frequency_penalty = request.frequency_penalty
    if request.min_tokens > tokens:
        raise Unfit("min_tokens", f"min_tokens is {request.min_tokens}, but there is room for {tokens} tokens")
    said.min_new_tokens = request.min_tokens
    for token, bias in (request.logit_bias or {}).items():
        if not token.isascii() or not token.isdecimal() or not 0 <= int(token[:12]) < (vocabulary or 1 << 31):
            raise Unfit("logit_bias", f"logit_bias names {token[:20]!r}, which is no token of this model")
        if not -100 <= bias <= 100:
            raise Unfit("logit_bias", f"a bias must lie in -100 to 100, but is {bias:g}")
        said.sequence_bias.add(sequence=generation_pb2.TokenSequence(tokens=[int(token)]), bias=bias)
    return said


def seed_of(request: Sampling) -> int:
    """64 bits: what was asked for, else what nobody knows."""
    return secrets.randbits(64) if request.seed is None else request.seed % (1 << 64)


def logprobs_of(request: Sampling) -> int:
    """Log-probabilities that an engine reports for each token; 0: none are wanted."""
    if isinstance(request, CompletionRequest):
        return 0 if request.logprobs is None else max(1, request.logprobs)
    assert isinstance(request, ChatRequest)
    return max(1, request.top_logprobs or 0) if request.logprobs else 0


def _first(asked: float | None, said: float | None, usual: float) -> float:
    return asked if asked is not None else said if said is not None else usual
