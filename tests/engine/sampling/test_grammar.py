"""Grammars: whatever the model's scores are, what comes out is in the language, and all of a language can come out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer

from aweigh.engine.core import ModelSpec
from aweigh.engine.sampling.group import group_of
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import generation_pb2 as pb

EXAMPLE = Path(__file__).parents[3] / "examples" / "model"
VOCABULARY, END = 3072, 2
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 8}, "sizes": {"type": "array", "items": {"enum": [1, 22]}, "maxItems": 3}},
    "required": ["name", "sizes"],
    "additionalProperties": False,
}  # fmt: skip
SPEC = ModelSpec("m", b"s", b"i", 16, 1024, VOCABULARY)


def request(grammar: pb.Grammar, copies: int = 1, **sampling: Any) -> pb.GenerateRequest:
    settings = pb.SamplingSettings(**{"do_sample": True, "max_new_tokens": 400, "eos_tokens": [END], **sampling})
    return pb.GenerateRequest(
        model="m", prompts=[pb.Prompt(tokens=[5])], num_return_sequences=copies, sampling=settings, seed=1, grammar=grammar
    )  # fmt: skip


def answers(grammar: pb.Grammar, copies: int, seed: int, **sampling: Any) -> list[str]:
    """Texts of rows over random scores, each until its end of sequence. Tokens that end a text soon are likelier, so that they do end."""
    group: Any = group_of(1, "", request(grammar, copies, **sampling), SPEC, 0.0, str(EXAMPLE))
    generator = torch.Generator().manual_seed(seed)
    texts: list[list[int]] = [[] for _ in range(copies)]
    live = list(range(copies))
    tokenizer = Tokenizer.from_file(str(EXAMPLE / "tokenizer.json"))
    closing = [tokenizer.encode(text, add_special_tokens=False).ids[0] for text in ('"', "}", "]", '"}', ",")]
    for _ in range(400):
        logits_nV = torch.randn(len(live), VOCABULARY + 5, generator=generator)
        logits_nV[:, [*closing, END]] += 6
        before = logits_nV.clone()
        sampled = group.sampler.sample(tuple(live), logits_nV)
        assert sampled.failure is None, sampled.failure
        assert torch.equal(before, logits_nV), "the step's logits are somebody else's, too"
        for row, token in zip(live, sampled.tokens, strict=True):
            texts[row].append(token)
        live = [row for row in live if texts[row][-1] != END]
        if not live:
            break
    assert not live, "every row has ended"
    return [str(tokenizer.decode(tokens)) for tokens in texts]


@pytest.mark.parametrize("seed", range(3))
def test_a_schema(seed: int) -> None:
    found = answers(pb.Grammar(json_schema=json.dumps(SCHEMA)), 4, seed)
    for text in found:
        read = json.loads(text)
        assert read.keys() == {"name", "sizes"}
        assert len(read["name"]) <= 8 and set(read["sizes"]) <= {1, 22} and len(read["sizes"]) <= 3
    assert len(set(found)) > 1, "rows go their own ways"


@pytest.mark.parametrize(
    "settings", [{}, {"top_k": 1}, {"top_p": 0.1}, {"do_sample": False}, {"repetition_penalty": 3.0}]
)
def test_an_expression_whatever_else_is_asked(settings: dict[str, Any]) -> None:
    for text in answers(pb.Grammar(regex=r"(yes|no), [0-9]{2,3}é?"), 6, 0, **settings):
        assert re.fullmatch(r"(yes|no), [0-9]{2,3}é?", text)


def test_a_grammar_of_lark_gives_all_that_it_has() -> None:
    found = answers(pb.Grammar(lark='start: "def " ("f" | "g") "()" [":"]'), 32, 0)
    assert set(found) == {"def f()", "def g()", "def f():", "def g():"}


@pytest.mark.parametrize(
    ("grammar", "says"),
    [
        (pb.Grammar(), "a form"),
        (pb.Grammar(regex="("), "regex"),
        (pb.Grammar(json_schema="["), "json_schema"),
        (pb.Grammar(json_schema='{"type": "nothing"}'), "json_schema"),
        (pb.Grammar(json_schema='{"$ref": "http://example.org/a"}'), "json_schema"),
        (pb.Grammar(lark="start: nobody"), "lark"),
        (pb.Grammar(regex="a" * 300_000), "characters"),
    ],
)
def test_what_is_no_grammar(grammar: pb.Grammar, says: str) -> None:
    with pytest.raises(InvalidRequest, match=says) as refused:
        group_of(1, "", request(grammar), SPEC, 0.0, str(EXAMPLE))
    assert "\n" not in str(refused.value)


def test_what_a_grammar_needs(tmp_path: Path) -> None:
    yes = pb.Grammar(regex="yes")
    with pytest.raises(InvalidRequest, match="end-of-sequence"):
        group_of(1, "", request(yes, eos_tokens=[]), SPEC, 0.0, str(EXAMPLE))
    with pytest.raises(InvalidRequest, match="tokenizer"):
        group_of(1, "", request(yes), SPEC, 0.0, str(tmp_path))
    with pytest.raises(InvalidRequest, match="tokenizer"):
        group_of(1, "", request(yes), SPEC, 0.0, "")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(InvalidRequest, match="cannot be read"):
        group_of(1, "", request(yes), SPEC, 0.0, str(tmp_path))
