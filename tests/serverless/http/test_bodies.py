"""Chunks and whole bodies: what is made once is what would be made anew, and all texts are JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from aweigh.serverless.http.bodies import DONE, Bodies, ChatBodies, CompletionBodies, Head
from aweigh.serverless.http.choice import Piece, TokenReport
from aweigh.serverless.http.generation import Usage
from aweigh.serverless.http.tokenizer import Tokenizer

TOKENIZER = Tokenizer((Path(__file__).parents[3] / "examples" / "model" / "tokenizer.json").read_bytes())
TEXTS = ("a", '"', "\\", "\n", "é😀", "\0", "\ud800", "</script>", "")


def head(**named: Any) -> Head:
    return Head("id-1", "kind", 5, "m", 2, TOKENIZER, **named)


def read(data: bytes) -> list[Any]:
    events = data.split(b"\n\n")
    assert events.pop() == b""
    return [json.loads(event.removeprefix(b"data: ")) for event in events if event != b"data: [DONE]"]


@pytest.mark.parametrize("usage", [False, True])
@pytest.mark.parametrize("index", [0, 1])
def test_chunks_of_text(usage: bool, index: int) -> None:
    completion, chat = CompletionBodies(head(usage=usage)), ChatBodies(head(usage=usage))
    for text in TEXTS:
        (one,), (two,) = read(completion.chunk(Piece(index, text))), read(chat.chunk(Piece(index, text)))
        shown = text.replace("\ud800", "?")
        assert one["choices"] == [{"index": index, "text": shown, "logprobs": None, "finish_reason": None}]
        assert two["choices"] == [
            {"index": index, "delta": {"content": shown}, "logprobs": None, "finish_reason": None}
        ]
        assert (
            one.keys() == two.keys() == {"id", "object", "created", "model", "choices", *(["usage"] if usage else [])}
        )


@pytest.mark.parametrize("bodies", [CompletionBodies(head(usage=True)), ChatBodies(head(usage=True))])
def test_the_end_of_a_stream(bodies: Bodies) -> None:
    end = bodies.end(Usage(prompt=3, cached=1, generated=4))
    assert end.endswith(DONE)
    (last,) = read(end)
    assert last["choices"] == []
    counted = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    assert last["usage"] == {**counted, "prompt_tokens_details": {"cached_tokens": 1}}


def test_bytes_of_a_character_that_tokens_share() -> None:
    euro = TOKENIZER.encode("€", special=False)
    assert len(euro) == 3
    reports = tuple(TokenReport(token, -float("inf"), ((token, -0.5),)) for token in euro)
    answer = json.loads(ChatBodies(head(best=1)).whole([Piece(0, "€", reports, "stop")], Usage()))
    content = answer["choices"][0]["logprobs"]["content"]
    assert bytes(byte for entry in content for byte in entry["bytes"]) == "€".encode()
    assert all(entry["logprob"] == -9999.0 for entry in content), "JSON has no infinity"
    assert answer["choices"][1]["message"]["content"] == ""
    plain = json.loads(CompletionBodies(head(best=1)).whole([Piece(0, "€", reports, "stop")], Usage()))
    assert plain["choices"][0]["logprobs"]["token_logprobs"] == [-9999.0] * 3


def test_offsets_go_on_over_chunks_and_behind_an_echo() -> None:
    bodies = CompletionBodies(head(best=0), ["echo", "echo"])
    assert [choice["text"] for one in read(bodies.begin()) for choice in one["choices"]] == ["echo", "echo"]
    token = TOKENIZER.encode("def", special=False)[0]
    length = len(TOKENIZER.decode([token]))
    for number in range(3):
        (said,) = read(bodies.chunk(Piece(0, "def", (TokenReport(token, -1.0, ()),))))
        assert said["choices"][0]["logprobs"]["text_offset"] == [4 + number * length]
