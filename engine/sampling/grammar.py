"""Answers bound to a grammar: a JSON schema, a regular expression, or a grammar in Lark's notation, by the library llguidance.

Theory. Per row a matcher has seen the row's answer; before a token is drawn it tells which tokens may follow, and all others are forbidden. It comes
before every processor: what penalties and warpers see is what the grammar leaves, so top-k never leaves nothing. Drafted tokens need no way
back, since a sampler draws tokens one after the other and never takes one back (verify.py). A row's state is what it has said, so whoever goes on with it elsewhere
feeds a new matcher with that.

An end of sequence is allowed where the text so far is whole, and alone where nothing can follow. Grammars are untrusted: their size is bounded here, what
they may cost per step by the library's own limits, past which the row fails.

Legend: n live rows, V vocabulary.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import Tensor

from aweigh.engine.sampling.stop_strings import MOST_FILE_BYTES
from aweigh.proto.errors import InvalidRequest, NumericalFailure
from aweigh.proto.v1 import generation_pb2 as pb

MOST_CHARACTERS = 256 << 10
JSON: Any = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
"""JSON is written as Python's `json.dumps` does it, unless a schema's own "x-guidance" says otherwise. With spaces anywhere a small model that is asked
greedily writes nothing else until its tokens are used up."""


class Grammar:
    """Of one group: a matcher per row."""

    def __init__(self, matcher: Any, rows: int) -> None:
        """`matcher`: an LLMatcher that has seen nothing."""
        self._matchers = [matcher, *(matcher.deep_copy() for _ in range(rows - 1))]

    def restrict(self, rows: list[int], scores_nV: Tensor) -> None:
        """Forbids, in place, what may not follow in those rows. Raises NumericalFailure where a grammar became too much."""
        for at, row in enumerate(rows):
            matcher = self._matchers[row]
            bits = numpy.frombuffer(matcher.compute_bitmask(), dtype=numpy.uint8)
            _check(matcher)
            allowed_V = torch.from_numpy(numpy.unpackbits(bits, bitorder="little")).bool()[: scores_nV.shape[-1]]
            scores_nV[at, : len(allowed_V)].masked_fill_(~allowed_V, -torch.inf)
            scores_nV[at, len(allowed_V) :] = -torch.inf

    def advance(self, rows: list[int], tokens: list[int]) -> None:
        """The tokens that those rows got. Raises NumericalFailure."""
        for row, token in zip(rows, tokens, strict=True):
            self._matchers[row].consume_token(token)
            _check(self._matchers[row])


def grammar_of(message: pb.Grammar, tokenizer: Path, ends: tuple[int, ...], rows: int) -> Grammar:
    """Reads a grammar, and the tokenizer.json at `tokenizer`; `ends` are tokens that end a text. Takes long: not on the step loop.

    Raises InvalidRequest.
    """
    try:
        from llguidance import LLMatcher
    except ImportError:
        raise InvalidRequest("grammars need llguidance on the engine: pip install llguidance") from None
    form = message.WhichOneof("form")
    if form is None:
        raise InvalidRequest("a grammar needs a form: a JSON schema, a regular expression, or a grammar of Lark")
    text = getattr(message, form)
    if len(text) > MOST_CHARACTERS:
        raise InvalidRequest(f"a grammar may have {MOST_CHARACTERS} characters, but has {len(text)}")
    if not ends:
        raise InvalidRequest("an answer with a grammar needs an end-of-sequence token: leave out ignore_eos")
    try:
        modified = tokenizer.stat().st_mtime_ns
    except (OSError, ValueError):
        raise InvalidRequest(f"grammars need a tokenizer, but there is no {str(tokenizer)!r}") from None
    try:
        if form == "json_schema":
            source = LLMatcher.grammar_from_json_schema(text, JSON)
        else:
            source = LLMatcher.grammar_from_regex(text) if form == "regex" else LLMatcher.grammar_from_lark(text)
    except ValueError as error:
        raise InvalidRequest(f"the {form} cannot be read: {_line(error)}") from None
    matcher = LLMatcher(_tokenizer(tokenizer, modified, ends), source, log_level=0)
    if matcher.is_error():
        raise InvalidRequest(f"the {form} cannot be read: {_line(matcher.get_error())}")
    return Grammar(matcher, rows)


@lru_cache(maxsize=8)
def _tokenizer(path: Path, modified: int, ends: tuple[int, ...]) -> Any:
    from llguidance import LLTokenizer

    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise InvalidRequest(f"{path} has more than {MOST_FILE_BYTES >> 20} MiB")
        return LLTokenizer(path.read_text(), eos_token=list(ends))
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"grammars need a tokenizer, but {path} cannot be read: {error}") from None


def _check(matcher: Any) -> None:
    if matcher.is_error():
        raise NumericalFailure(f"the grammar cannot go on here: {_line(matcher.get_error())}")


def _line(error: object) -> str:
    return " ".join(str(error).split())[:1000]
