"""What a decoding loop consists of, in the engine's words: transformers' prepared processors and criteria -> SamplingSettings.

`generate` hands its loop two lists of objects; if every one is of a type that the engine knows, in the order in which transformers
itself builds them, the loop can run there. Reading the objects rather than the GenerationConfig means that defaults, merging and
validation stay transformers' own work, and that a script may pass transformers' processors by hand.
"""

from collections.abc import Callable
from typing import Any

import torch

from aweigh.proto.v1 import generation_pb2 as pb


class Unknown(Exception):
    """The loop holds something that only this process can run; the message is a clause that names it."""


def _sequence_bias(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    for tokens, bias in processor.sequence_bias.items():
        settings.sequence_bias.add(sequence=pb.TokenSequence(tokens=tokens), bias=bias)


def _bad_words(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    for tokens in processor.sequence_bias:
        settings.bad_words.add(tokens=tokens)


def _repetition(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    ignored = processor.prompt_ignore_length
    if isinstance(ignored, torch.Tensor):
        ignored = ignored.tolist()
    elif not isinstance(ignored, list):
        ignored = [ignored or 0] * len(loop.padding)
    if ignored != loop.padding:
        raise Unknown("a repetition penalty that ignores a part of the prompt")
    settings.repetition_penalty = processor.penalty


def _min_length(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    loop.check_eos(processor.eos_token_id)
    settings.min_length = processor.min_length


def _min_new(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    loop.check_eos(processor.eos_token_id)
    if processor.prompt_length_to_skip != loop.length:
        raise Unknown("a minimum length that does not count from the prompt's end")
    settings.min_new_tokens = processor.min_new_tokens


def _forced_eos(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    if processor.max_length != loop.max_length:
        raise Unknown("a forced end that is not at the maximum length")
    settings.forced_eos_tokens.extend(processor.eos_token_id.tolist())


def _decay(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    loop.check_eos(processor.eos_token_id)
    settings.exponential_decay_start = processor.regulation_start - loop.length
    settings.exponential_decay_factor = processor.regulation_factor


def _begin_suppress(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    if processor.begin_index != loop.length:
        raise Unknown("tokens suppressed elsewhere than at the beginning")
    settings.begin_suppress_tokens.extend(processor.begin_suppress_tokens.tolist())


def _forced_bos(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
    if loop.length == 1:  # of a longer text it forces nothing, whatever its value is
        settings.forced_bos_token = int(processor.bos_token_id)


def _warper(field: str, attribute: str) -> Callable[[pb.SamplingSettings, Any, "Loop"], None]:
    def read(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
        if (
            getattr(processor, "min_tokens_to_keep", 1) != 1
            or getattr(processor, "filter_value", -torch.inf) != -torch.inf
        ):
            raise Unknown(f"{type(processor).__name__} with settings of its own")
        value = getattr(processor, attribute)
        setattr(settings, field, value.item() if isinstance(value, torch.Tensor) else value)

    return read


def _flag(field: str) -> Callable[[pb.SamplingSettings, Any, "Loop"], None]:
    def read(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
        setattr(settings, field, True)

    return read


def _list(field: str, attribute: str) -> Callable[[pb.SamplingSettings, Any, "Loop"], None]:
    def read(settings: pb.SamplingSettings, processor: Any, loop: "Loop") -> None:
        getattr(settings, field).extend(getattr(processor, attribute).tolist())

    return read


# In the order of transformers' `_get_logits_processor`, which is the order in which the engine applies them.
_PROCESSORS: dict[str, Callable[[pb.SamplingSettings, Any, "Loop"], None]] = {
    "SequenceBiasLogitsProcessor": _sequence_bias,
    "RepetitionPenaltyLogitsProcessor": _repetition,
    "NoRepeatNGramLogitsProcessor": _warper("no_repeat_ngram_size", "ngram_size"),
    "NoBadWordsLogitsProcessor": _bad_words,
    "MinLengthLogitsProcessor": _min_length,
    "MinNewTokensLengthLogitsProcessor": _min_new,
    "ForcedBOSTokenLogitsProcessor": _forced_bos,
    "ForcedEOSTokenLogitsProcessor": _forced_eos,
    "InfNanRemoveLogitsProcessor": _flag("remove_invalid_values"),
    "ExponentialDecayLengthPenalty": _decay,
    "SuppressTokensLogitsProcessor": _list("suppress_tokens", "suppress_tokens"),
    "SuppressTokensAtBeginLogitsProcessor": _begin_suppress,
    "TemperatureLogitsWarper": _warper("temperature", "temperature"),
    "TopHLogitsWarper": _warper("top_h", "top_h"),
    "TopKLogitsWarper": _warper("top_k", "top_k"),
    "TopPLogitsWarper": _warper("top_p", "top_p"),
    "MinPLogitsWarper": _warper("min_p", "min_p"),
    "TypicalLogitsWarper": _warper("typical_p", "mass"),
    "EpsilonLogitsWarper": _warper("epsilon_cutoff", "epsilon"),
    "EtaLogitsWarper": _warper("eta_cutoff", "epsilon"),
    "LogitNormalization": _flag("renormalize_logits"),
}
_RANKS = {name: rank for rank, name in enumerate(_PROCESSORS)}
_SAMPLING_RANK = _RANKS["TemperatureLogitsWarper"]


class Loop:
    """What the settings are read against. `length`: of the (padded) prompts; `padding`: pads on the left, per row."""

    def __init__(self, length: int, padding: list[int], eos: list[int], max_length: int | None) -> None:
        self.length = length
        self.padding = padding
        self.eos = eos
        self.max_length = max_length

    def check_eos(self, tokens: Any) -> None:
        """A processor that holds back the end must mean the tokens that end a sequence: the engine knows one set."""
        if sorted(tokens.tolist()) != sorted(self.eos):
            raise Unknown("a processor with end-of-sequence tokens of its own")


def translate(processors: Any, criteria: Any, config: Any, length: int, padding: list[int]) -> pb.SamplingSettings:
    """The settings of a sampling or greedy loop. Raises Unknown."""
    settings = pb.SamplingSettings(do_sample=bool(config.do_sample))
    max_length = None
    for criterion in criteria:
        max_length = _criterion(settings, criterion, max_length)
    if max_length is None:
        raise Unknown("no maximum length")
    if settings.stop_strings and len(padding) > 1 and not settings.eos_tokens:
        raise Unknown("stop strings in a batch without end-of-sequence tokens")
    settings.max_new_tokens = max(1, max_length - length)  # the loop always makes one token
    loop = Loop(length, padding, list(settings.eos_tokens), max_length)
    last = -1
    for processor in processors:
        name = type(processor).__name__
        rank = _RANKS.get(name, -1)
        if rank < 0 or not type(processor).__module__.startswith("transformers.generation."):
            raise Unknown(f"custom {name}" if rank < 0 else f"a {name} of the script's own")
        if rank <= last:
            raise Unknown(f"{name} out of the usual order")
        if rank >= _SAMPLING_RANK and name != "LogitNormalization" and not settings.do_sample:
            raise Unknown(f"{name} without sampling")
        last = rank
        try:
            _PROCESSORS[name](settings, processor, loop)
        except (ValueError, TypeError):
            raise Unknown(f"{name} with a value that no message holds") from None
    if config._pad_token_tensor is not None:
        settings.pad_token = int(config._pad_token_tensor)
    return settings


def _criterion(settings: pb.SamplingSettings, criterion: Any, max_length: int | None) -> int | None:
    name = type(criterion).__name__
    if not type(criterion).__module__.startswith("transformers.generation."):
        raise Unknown(f"custom {name}")
    match name:
        case "MaxLengthCriteria":
            shorter: int = criterion.max_length
            return shorter if max_length is None else min(max_length, shorter)
        case "MaxTimeCriteria":
            settings.max_time = criterion.max_time
        case "EosTokenCriteria":
            tokens = criterion.eos_token_id
            if torch.is_floating_point(tokens) or bool((tokens < 0).any()):
                raise Unknown("end-of-sequence tokens that no model has")
            settings.eos_tokens.extend(tokens.tolist())
        case "StopStringCriteria":
            settings.stop_strings.extend(criterion.stop_strings)
        case _:
            raise Unknown(f"{name}")
    return max_length
