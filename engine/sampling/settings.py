"""Sampling settings as a frozen dataclass: transformers' names and meaning, checked once at the door.

Bounds are caps against abuse, far above what scripts ask for; a value inside them costs memory in proportion to the request's own
message and to nothing else. None and empty mean: off.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import generation_pb2 as pb

MOST_NEW_TOKENS = 1 << 24
MOST_TOKEN_LISTS = 4096  # bad words, biased sequences
MOST_TOKENS_IN_LIST = 1024
MOST_STOP_STRINGS = 256
MOST_STOP_CHARACTERS = 4096
MOST_LOGPROBS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingSettings:
    """See transformers' GenerationConfig for each. `sequence_bias` maps sequences to biases; `decay` is (start, factor)."""

    do_sample: bool = False
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    typical_p: float | None = None
    epsilon_cutoff: float | None = None
    eta_cutoff: float | None = None
    top_h: float | None = None
    repetition_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    no_repeat_ngram_size: int | None = None
    bad_words: tuple[tuple[int, ...], ...] = ()
    suppress_tokens: tuple[int, ...] = ()
    begin_suppress_tokens: tuple[int, ...] = ()
    forced_bos_token: int | None = None
    forced_eos_tokens: tuple[int, ...] = ()
    min_length: int = 0
    min_new_tokens: int = 0
    max_new_tokens: int = 20
    eos_tokens: tuple[int, ...] = ()
    pad_token: int | None = None
    stop_strings: tuple[str, ...] = ()
    sequence_bias: tuple[tuple[tuple[int, ...], float], ...] = ()
    max_time: float | None = None
    renormalize_logits: bool = False
    remove_invalid_values: bool = False
    decay: tuple[float, float] | None = None


Number = Literal[
    "temperature",
    "top_p",
    "min_p",
    "typical_p",
    "epsilon_cutoff",
    "eta_cutoff",
    "top_h",
    "repetition_penalty",
    "presence_penalty",
    "frequency_penalty",
    "max_time",
]

# What a number must be, as transformers documents it: (lowest, lowest itself allowed, highest, highest itself allowed).
_RANGES: dict[Number, tuple[float, bool, float, bool]] = {
    "temperature": (0.0, False, math.inf, False),
    "top_p": (0.0, True, 1.0, True),
    "min_p": (0.0, True, 1.0, True),
    "typical_p": (0.0, False, math.inf, False),  # 1 and more: off
    "epsilon_cutoff": (0.0, True, 1.0, True),  # 0 and 1: off
    "eta_cutoff": (0.0, True, 1.0, True),
    "top_h": (0.0, False, 1.0, True),
    "repetition_penalty": (0.0, False, math.inf, False),
    "presence_penalty": (-1e4, True, 1e4, True),
    "frequency_penalty": (-1e4, True, 1e4, True),
    "max_time": (0.0, True, math.inf, False),
}
_SAMPLING_ONLY = frozenset({"temperature", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff", "top_h"})


def settings_from(message: pb.SamplingSettings, vocabulary_size: int = 0) -> SamplingSettings:
    """Reads and checks a message. `vocabulary_size` 0: unknown, token ids are only checked for their sign.

    Settings that transformers reads only when it samples are checked all the same if they are NaN, else only with `do_sample`.
    Raises InvalidRequest, with the field's name.
    """
    numbers = {name: _number(message, name) for name in _RANGES}
    count = message.max_new_tokens
    if not 0 < count <= MOST_NEW_TOKENS:
        raise InvalidRequest(f"max_new_tokens must be 1 to {MOST_NEW_TOKENS}, but is {count}")
    check = _TokenCheck(vocabulary_size)
    return SamplingSettings(
        do_sample=message.do_sample,
        **numbers,
        top_k=message.top_k if message.HasField("top_k") else None,
        no_repeat_ngram_size=_ngram(message),
        bad_words=check.lists("bad_words", [entry.tokens for entry in message.bad_words]),
        suppress_tokens=check.tokens("suppress_tokens", message.suppress_tokens, known=False),
        begin_suppress_tokens=check.tokens("begin_suppress_tokens", message.begin_suppress_tokens, known=False),
        forced_bos_token=check.one("forced_bos_token", message, "forced_bos_token"),
        forced_eos_tokens=check.tokens("forced_eos_tokens", message.forced_eos_tokens),
        min_length=min(message.min_length, MOST_NEW_TOKENS * 2),
        min_new_tokens=min(message.min_new_tokens, MOST_NEW_TOKENS * 2),
        max_new_tokens=count,
        eos_tokens=check.tokens("eos_tokens", message.eos_tokens, known=False),
        pad_token=message.pad_token if message.HasField("pad_token") else None,
        stop_strings=_stop_strings(message),
        sequence_bias=_biases(message, check),
        renormalize_logits=message.renormalize_logits,
        remove_invalid_values=message.remove_invalid_values,
        decay=_decay(message),
    )


def _number(message: pb.SamplingSettings, name: Number) -> float | None:
    if not message.HasField(name):
        return None
    value = float(getattr(message, name))
    if math.isnan(value):
        raise InvalidRequest(f"{name} must be a number, but is NaN")
    if name in _SAMPLING_ONLY and not message.do_sample:
        return None
    low, low_allowed, high, high_allowed = _RANGES[name]
    inside = (low <= value if low_allowed else low < value) and (value <= high if high_allowed else value < high)
    if not inside:
        hint = "; for greedy decoding set do_sample to false" if name == "temperature" and value == 0 else ""
        bounds = f"{'[' if low_allowed else '('}{low:g}, {high:g}{']' if high_allowed else ')'}"
        raise InvalidRequest(f"{name} must lie in {bounds}, but is {value:g}{hint}")
    return value


def _ngram(message: pb.SamplingSettings) -> int | None:
    return message.no_repeat_ngram_size or None if message.HasField("no_repeat_ngram_size") else None


def _stop_strings(message: pb.SamplingSettings) -> tuple[str, ...]:
    if len(message.stop_strings) > MOST_STOP_STRINGS:
        raise InvalidRequest(
            f"at most {MOST_STOP_STRINGS} stop strings are allowed, but {len(message.stop_strings)} came"
        )
    for text in message.stop_strings:
        if not 0 < len(text) <= MOST_STOP_CHARACTERS:
            raise InvalidRequest(f"a stop string must have 1 to {MOST_STOP_CHARACTERS} characters, but has {len(text)}")
    return tuple(message.stop_strings)


def _biases(message: pb.SamplingSettings, check: "_TokenCheck") -> tuple[tuple[tuple[int, ...], float], ...]:
    sequences = check.lists("sequence_bias", [entry.sequence.tokens for entry in message.sequence_bias])
    biases = [entry.bias for entry in message.sequence_bias]
    if any(math.isnan(bias) for bias in biases):
        raise InvalidRequest("sequence_bias must be numbers, but one is NaN")
    return tuple(dict(zip(sequences, biases, strict=True)).items())


def _decay(message: pb.SamplingSettings) -> tuple[float, float] | None:
    if not message.HasField("exponential_decay_start") or not message.HasField("exponential_decay_factor"):
        return None
    decay = (message.exponential_decay_start, message.exponential_decay_factor)
    if not all(map(math.isfinite, decay)) or decay[1] <= 0:
        raise InvalidRequest("exponential_decay needs a finite start and a finite factor above 0")
    return decay


class _TokenCheck:
    """Token ids in the settings: not negative, inside the vocabulary where an index would be, not too many."""

    def __init__(self, vocabulary_size: int) -> None:
        self._size = vocabulary_size

    def tokens(self, name: str, values: Iterable[int], *, known: bool = True) -> tuple[int, ...]:
        """`known`: whether every id must be in the vocabulary (where transformers merely compares, it need not)."""
        tokens: tuple[int, ...] = tuple(values)
        limit = max(self._size, MOST_TOKENS_IN_LIST)
        if len(tokens) > limit:
            raise InvalidRequest(f"{name} may hold at most {limit} token ids, but holds {len(tokens)}")
        if known and tokens and (min(tokens) < 0 or (self._size and max(tokens) >= self._size)):
            raise InvalidRequest(f"{name} holds a token id outside the vocabulary of {self._size or 'the model'}")
        return tokens

    def lists(self, name: str, values: Sequence[Iterable[int]]) -> tuple[tuple[int, ...], ...]:
        limit = max(self._size, MOST_TOKEN_LISTS)
        if len(values) > limit:
            raise InvalidRequest(f"{name} may hold at most {limit} sequences, but holds {len(values)}")
        checked = tuple(self.tokens(name, value) for value in values)
        for tokens in checked:
            if not 0 < len(tokens) <= MOST_TOKENS_IN_LIST:
                raise InvalidRequest(
                    f"a sequence of {name} must have 1 to {MOST_TOKENS_IN_LIST} tokens, but has {len(tokens)}"
                )
        return checked

    def one(self, name: str, message: pb.SamplingSettings, field: Literal["forced_bos_token"]) -> int | None:
        return self.tokens(name, [getattr(message, field)])[0] if message.HasField(field) else None
