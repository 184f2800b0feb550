"""One choice of an answer: from tokens to text, until an end of sequence, a stop string, or the engine's own end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aweigh.proto.v1 import generation_pb2
from aweigh.serverless.http.detokenizer import Detokenizer
from aweigh.serverless.http.stop_matcher import StopMatcher

STOP, LENGTH = "stop", "length"


@dataclass(frozen=True, slots=True)
class TokenReport:
    """A token, its log-probability, and the best tokens in its place with theirs."""

    token: int
    logprob: float
    best: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a choice has to say now. `finish`: why it ended, for its last piece."""

    index: int
    text: str
    tokens: tuple[TokenReport, ...] = ()
    finish: str | None = None


@dataclass(slots=True)
class Choice:
    """`index` of the choice in the answer; `ends` are tokens that end a text and are no part of it."""

    index: int
    detokenizer: Detokenizer
    stops: StopMatcher
    ends: frozenset[int]
    generated: int = 0
    finish: str | None = None
    stopped: int | str | None = None  # by what: a token or a stop string
    _waiting: list[TokenReport] = field(default_factory=list)

    def feed(self, tokens: Sequence[int], logprobs: Sequence[generation_pb2.TokenLogprobs] = ()) -> Piece | None:
        """What there is to say after some tokens; None: nothing. Tokens after the end are ignored."""
        said = []
        for place, token in enumerate(tokens):
            if self.finish is not None:
                break
            self.generated += 1
            if token in self.ends:
                self.finish, self.stopped = STOP, token
                said += [self.stops.feed(self.detokenizer.flush()), self.stops.flush()]
                break
            if logprobs:
                self._waiting.append(_report(token, logprobs[place]))
            said.append(self.stops.feed(self.detokenizer.feed(token)))
            if self.stops.stopped is not None:
                self.finish, self.stopped = STOP, self.stops.stopped
        text = "".join(said)
        return self._piece(text) if text or self.finish is not None else None

    def end(self, reason: str) -> Piece | None:
        """The engine says that the choice has ended; None if it had ended before."""
        if self.finish is not None:
            return None
        self.finish = reason
        text = self.stops.feed(self.detokenizer.flush()) + self.stops.flush()
        if self.stops.stopped is not None:
            self.finish, self.stopped = STOP, self.stops.stopped
        return self._piece(text)

    def _piece(self, text: str) -> Piece:
        waiting, self._waiting = tuple(self._waiting), []
        return Piece(self.index, text, waiting, self.finish)


def _report(token: int, said: generation_pb2.TokenLogprobs) -> TokenReport:
    return TokenReport(token, said.logprob, tuple(zip(said.tokens, said.logprobs, strict=True)))
