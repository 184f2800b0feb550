"""The order of processors: that of transformers 5.23, `GenerationMixin._get_logits_processor`."""

from aweigh.engine.sampling import processors as p
from aweigh.engine.sampling import warpers as w
from aweigh.engine.sampling.processors import Processor
from aweigh.engine.sampling.settings import SamplingSettings


def chain_of(settings: SamplingSettings, prompt_length: int) -> list[Processor]:
    """The processors that the settings ask for; `prompt_length` counts left pads. Raises InvalidRequest."""
    return [*_penalties(settings), *_constraints(settings, prompt_length), *_warpers(settings)]


def _penalties(settings: SamplingSettings) -> list[Processor]:
    chain: list[Processor] = []
    if settings.sequence_bias:
        chain.append(p.SequenceBias(dict(settings.sequence_bias)))
    if settings.repetition_penalty is not None and settings.repetition_penalty != 1.0:
        chain.append(p.RepetitionPenalty(settings.repetition_penalty))
    if settings.presence_penalty or settings.frequency_penalty:
        chain.append(p.OccurrencePenalty(settings.presence_penalty or 0.0, settings.frequency_penalty or 0.0))
    if settings.no_repeat_ngram_size:
        chain.append(p.NoRepeatNgram(settings.no_repeat_ngram_size))
    if settings.bad_words and (bias := p.bad_words(settings.bad_words, settings.eos_tokens)) is not None:
        chain.append(bias)
    return chain


def _constraints(settings: SamplingSettings, prompt_length: int) -> list[Processor]:
    chain: list[Processor] = []
    eos = settings.eos_tokens
    if eos and settings.min_length > 0:
        chain.append(p.ForbidUntil(eos, settings.min_length))
    if eos and settings.min_new_tokens > 0:
        chain.append(p.ForbidUntil(eos, prompt_length + settings.min_new_tokens))
    if settings.forced_bos_token is not None:
        chain.append(p.Force((settings.forced_bos_token,), 1))
    if settings.forced_eos_tokens:
        chain.append(p.Force(settings.forced_eos_tokens, prompt_length + settings.max_new_tokens - 1))
    if settings.remove_invalid_values:
        chain.append(p.RemoveInvalid())
    if settings.decay is not None and eos:
        chain.append(p.DecayLength(settings.decay[0], settings.decay[1], eos))
    if settings.suppress_tokens:
        chain.append(p.Suppress(settings.suppress_tokens))
    if settings.begin_suppress_tokens:
        forced_first = prompt_length <= 1 and settings.forced_bos_token is not None
        chain.append(p.Suppress(settings.begin_suppress_tokens, prompt_length + forced_first))
    return chain


def _warpers(settings: SamplingSettings) -> list[Processor]:
    chain: list[Processor] = []
    if settings.do_sample:
        if settings.temperature is not None and settings.temperature != 1.0:
            chain.append(w.Temperature(settings.temperature))
        if settings.top_h is not None:
            chain.append(w.TopH(settings.top_h))
        if settings.top_k:
            chain.append(w.TopK(settings.top_k))
        if settings.top_p is not None and settings.top_p < 1.0:
            chain.append(w.TopP(settings.top_p))
        if settings.min_p is not None:
            chain.append(w.MinP(settings.min_p))
        if settings.typical_p is not None and settings.typical_p < 1.0:
            chain.append(w.Typical(settings.typical_p))
        if settings.epsilon_cutoff is not None and 0.0 < settings.epsilon_cutoff < 1.0:
            chain.append(w.Epsilon(settings.epsilon_cutoff))
        if settings.eta_cutoff is not None and 0.0 < settings.eta_cutoff < 1.0:
            chain.append(w.Eta(settings.eta_cutoff))
    if settings.renormalize_logits:
        chain.append(p.Normalize())
    return chain
