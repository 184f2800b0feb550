"""Bodies of an answer that calls a tool: the text is the arguments. Pure."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aweigh.serverless.http.bodies import Head, dumps, joined, usage_of
from aweigh.serverless.http.choice import STOP, Piece
from aweigh.serverless.http.generation import Usage


@dataclass(slots=True)
class ToolBodies:
    """Of /v1/chat/completions, where the call of the function `name` is forced."""

    head: Head
    name: str
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calls = [f"call_{uuid.uuid4().hex[:24]}" for _ in range(self.head.choices)]

    def begin(self) -> bytes:
        said = []
        for index in range(self.head.choices):
            call = {"index": 0, **self._call(index, "")}
            said.append(_delta(index, {"role": "assistant", "content": None, "tool_calls": [call]}))
        return b"".join(self.head.chunk([one]) for one in said)

    def chunk(self, piece: Piece) -> bytes:
        said = []
        if piece.text:
            part = {"index": 0, "function": {"arguments": piece.text}}
            said.append(_delta(piece.index, {"tool_calls": [part]}))
        if piece.finish is not None:
            said.append(_delta(piece.index, {}, _reason(piece.finish)))
        return b"".join(self.head.chunk([one]) for one in said)

    def end(self, usage: Usage) -> bytes:
        return self.head.tail(usage)

    def whole(self, pieces: Sequence[Piece], usage: Usage) -> bytes:
        choices = [
            {
                "index": piece.index,
                "message": {"role": "assistant", "content": None, "tool_calls": [self._call(piece.index, piece.text)]},
                "logprobs": None,
                "finish_reason": _reason(piece.finish),
            }
            for piece in joined(pieces, self.head.choices)
        ]
        return dumps({**self.head.body(choices, "chat.completion"), "usage": usage_of(usage)})

    def _call(self, index: int, arguments: str) -> dict[str, Any]:
        return {"id": self.calls[index], "type": "function", "function": {"name": self.name, "arguments": arguments}}


def _reason(finish: str | None) -> str | None:
    """Arguments that were cut off are no call."""
    return "tool_calls" if finish == STOP else finish


def _delta(index: int, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
