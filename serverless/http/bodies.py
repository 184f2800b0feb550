"""Bodies of answers, whole and in chunks, in OpenAI's shapes. Pure.

A chunk is an event of server-sent events: `data: JSON` and an empty line. Usage comes in a chunk of its own where it is asked for, without choices, and
`data: [DONE]` is the end.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aweigh.serverless.http.choice import Piece, TokenReport
from aweigh.serverless.http.generation import Usage
from aweigh.serverless.http.tokenizer import Tokenizer

DONE = b"data: [DONE]\n\n"
KEEP_ALIVE = b": keep-alive\n\n"
_MARK = "\0"  # no name of a model has it
_ENCODED_MARK = b'"\\u0000"'
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Bodies(Protocol):
    """Of one answer."""

    def begin(self) -> bytes:
        """Chunks before the first piece."""

    def chunk(self, piece: Piece) -> bytes:
        """A piece as a chunk."""

    def end(self, usage: Usage) -> bytes:
        """Chunks after the last piece."""

    def whole(self, pieces: Sequence[Piece], usage: Usage) -> bytes:
        """All pieces as one body."""


def event(body: dict[str, Any]) -> bytes:
    """A chunk."""
    return b"data: " + dumps(body) + b"\n\n"


def dumps(body: dict[str, Any]) -> bytes:
    """JSON; halves of surrogate pairs, which are no text, become question marks."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def usage_of(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.generated,
        "total_tokens": usage.prompt + usage.generated,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
    }


@dataclass(slots=True)
class Head:
    """What every body of an answer begins with. `choices`: of the answer; `best`: log-probabilities per token to show."""

    id: str
    object: str
    created: int
    model: str
    choices: int
    tokenizer: Tokenizer
    best: int | None = None
    usage: bool = False
    _around: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)

    def body(self, choices: list[dict[str, Any]], kind: str = "") -> dict[str, Any]:
        return {
            "id": self.id, "object": kind or self.object, "created": self.created, "model": self.model, "choices": choices,
        }  # fmt: skip

    def chunk(self, choices: list[dict[str, Any]]) -> bytes:
        body = self.body(choices)
        if self.usage:
            body["usage"] = None
        return event(body)

    def text(self, index: int, text: str, choice: Callable[[int, str], dict[str, Any]]) -> bytes:
        """A chunk that differs from others of its choice in its text alone: all but that is made once."""
        around = self._around.get(index)
        if around is None:
            before, after = self.chunk([choice(index, _MARK)]).split(_ENCODED_MARK)
            around = self._around[index] = before, after
        return around[0] + _encode(text).encode("utf-8", "replace") + around[1]

    def tail(self, usage: Usage) -> bytes:
        return (event({**self.body([]), "usage": usage_of(usage)}) if self.usage else b"") + DONE


@dataclass(slots=True)
class CompletionBodies:
    """Of /v1/completions. `echoes`: texts of the prompts, one per choice, where they are to stand before the answers."""

    head: Head
    echoes: Sequence[str] = ()
    offsets: dict[int, int] = field(default_factory=dict)

    def begin(self) -> bytes:
        self.offsets = {index: len(text) for index, text in enumerate(self.echoes)}
        return b"".join(self.head.chunk([_completion(index, text)]) for index, text in enumerate(self.echoes))

    def chunk(self, piece: Piece) -> bytes:
        if piece.finish is None and self.head.best is None:
            return self.head.text(piece.index, piece.text, _completion)
        return self.head.chunk([_completion(piece.index, piece.text, self._logprobs(piece), piece.finish)])

    def end(self, usage: Usage) -> bytes:
        return self.head.tail(usage)

    def whole(self, pieces: Sequence[Piece], usage: Usage) -> bytes:
        self.offsets = {index: len(text) for index, text in enumerate(self.echoes)}
        choices = []
        for piece in joined(pieces, self.head.choices):
            text = (self.echoes[piece.index] if self.echoes else "") + piece.text
            choices.append(_completion(piece.index, text, self._logprobs(piece), piece.finish))
        return dumps({**self.head.body(choices), "usage": usage_of(usage)})

    def _logprobs(self, piece: Piece) -> dict[str, Any] | None:
        if self.head.best is None:
            return None
        tokenizer, best = self.head.tokenizer, self.head.best
        names = [tokenizer.bytes_of(report.token).decode(errors="replace") for report in piece.tokens]
        offset, offsets = self.offsets.get(piece.index, 0), []
        for name in names:
            offsets.append(offset)
            offset += len(name)
        self.offsets[piece.index] = offset
        return {
            "tokens": names,
            "token_logprobs": [_finite(report.logprob) for report in piece.tokens],
            "top_logprobs": [
                {
                    tokenizer.bytes_of(token).decode(errors="replace"): _finite(value)
                    for token, value in report.best[:best]
                }
                for report in piece.tokens
            ],
            "text_offset": offsets,
        }


@dataclass(slots=True)
class ChatBodies:
    """Of /v1/chat/completions."""

    head: Head

    def begin(self) -> bytes:
        role = {"role": "assistant", "content": ""}
        return b"".join(self.head.chunk([_delta(index, role, None, None)]) for index in range(self.head.choices))

    def chunk(self, piece: Piece) -> bytes:
        if piece.finish is None and self.head.best is None:
            return self.head.text(piece.index, piece.text, _content)
        logprobs = self._logprobs(piece.tokens)
        said = [_delta(piece.index, {"content": piece.text}, logprobs, None)] if piece.text or piece.tokens else []
        if piece.finish is not None:
            said.append(_delta(piece.index, {}, None, piece.finish))
        return b"".join(self.head.chunk([one]) for one in said)

    def end(self, usage: Usage) -> bytes:
        return self.head.tail(usage)

    def whole(self, pieces: Sequence[Piece], usage: Usage) -> bytes:
        choices = [
            {
                "index": piece.index,
                "message": {"role": "assistant", "content": piece.text, "refusal": None},
                "logprobs": self._logprobs(piece.tokens),
                "finish_reason": piece.finish,
            }
            for piece in joined(pieces, self.head.choices)
        ]
        return dumps({**self.head.body(choices, "chat.completion"), "usage": usage_of(usage)})

    def _logprobs(self, tokens: Sequence[TokenReport]) -> dict[str, Any] | None:
        if self.head.best is None:
            return None
        best = self.head.best
        return {
            "content": [
                {
                    **self._one(report.token, report.logprob),
                    "top_logprobs": [self._one(*one) for one in report.best[:best]],
                }
                for report in tokens
            ]
        }

    def _one(self, token: int, logprob: float) -> dict[str, Any]:
        data = self.head.tokenizer.bytes_of(token)
        return {"token": data.decode(errors="replace"), "logprob": _finite(logprob), "bytes": list(data)}


def _finite(logprob: float) -> float:
    """OpenAI's number for what is impossible: JSON has no infinity."""
    return max(logprob, -9999.0)


def joined(pieces: Sequence[Piece], choices: int) -> list[Piece]:
    """One piece per choice, in their order."""
    own: list[list[Piece]] = [[] for _ in range(choices)]
    for piece in pieces:
        own[piece.index].append(piece)
    return [
        Piece(
            index,
            "".join(piece.text for piece in found),
            tuple(token for piece in found for token in piece.tokens),
            found[-1].finish if found else None,
        )
        for index, found in enumerate(own)
    ]


def _completion(
    index: int, text: str, logprobs: dict[str, Any] | None = None, finish: str | None = None
) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": finish}


def _delta(index: int, delta: dict[str, Any], logprobs: dict[str, Any] | None, finish: str | None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}


def _content(index: int, text: str) -> dict[str, Any]:
    return _delta(index, {"content": text}, None, None)
