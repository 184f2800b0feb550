"""When a row ends: transformers' stopping criteria, as the scheduler asks them."""

from aweigh.engine.core import Tokens
from aweigh.engine.sampling.settings import SamplingSettings
from aweigh.engine.sampling.stop_strings import StopStrings


class StoppingRules:
    """Ends of sequence and stop strings; the counts and the time are compared by the scheduler."""

    def __init__(self, settings: SamplingSettings, stop_strings: StopStrings | None) -> None:
        self.max_new_tokens = settings.max_new_tokens
        self.min_new_tokens = settings.min_new_tokens
        self.max_time = settings.max_time
        self.may_end_early = bool(settings.eos_tokens or stop_strings or settings.max_time is not None)
        self._eos = frozenset(settings.eos_tokens)
        self._stop_strings = stop_strings

    def ends(self, row: int, tokens: Tokens) -> bool:
        """Whether the last of a row's tokens is an end of sequence or completes a stop string."""
        return tokens[-1] in self._eos or (self._stop_strings is not None and self._stop_strings.ends(tokens))
