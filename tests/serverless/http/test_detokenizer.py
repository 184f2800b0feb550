"""Text from tokens: what is given out piece by piece is what the library gives for all of them."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Library
from tokenizers import decoders, models, pre_tokenizers

from aweigh.proto.errors import UnsupportedModel
from aweigh.serverless.http.tokenizer import Tokenizer

EXAMPLE = Path(__file__).parents[3] / "examples" / "model" / "tokenizer.json"


def bytes_tokenizer() -> Tokenizer:
    return Tokenizer(EXAMPLE.read_bytes())


def words_tokenizer() -> Tokenizer:
    """As sentencepiece has it: a word's space is in its first piece, and bytes are the last resort."""
    pieces = ["▁the", "▁cat", "s", "▁", "a", *(f"<0x{byte:02X}>" for byte in range(256))]
    library: Any = Library(models.BPE({piece: at for at, piece in enumerate(pieces)}, [], byte_fallback=True))
    library.pre_tokenizer = pre_tokenizers.Metaspace()
    library.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return Tokenizer(library.to_str().encode())


def stream(tokenizer: Tokenizer, tokens: list[int], prompt: list[int]) -> list[str]:
    detokenizer = tokenizer.detokenizer(prompt)
    return [*(detokenizer.feed(token) for token in tokens), detokenizer.flush()]


@given(st.text(max_size=40))
def test_any_text_comes_back(text: str) -> None:
    tokenizer = bytes_tokenizer()
    pieces = stream(tokenizer, tokenizer.encode(text, special=False), [])
    assert "".join(pieces) == tokenizer.decode(tokenizer.encode(text, special=False))


@given(st.lists(st.integers(0, 3071), max_size=30))
def test_any_tokens_give_what_the_library_gives(tokens: list[int]) -> None:
    tokenizer = bytes_tokenizer()
    assert "".join(stream(tokenizer, tokens, [])) == tokenizer.decode(tokens)


def test_a_character_of_several_tokens_comes_whole() -> None:
    tokenizer = bytes_tokenizer()
    tokens = tokenizer.encode("a€😀b", special=False)
    assert len(tokens) >= 6, "the vocabulary has no token for these"
    pieces = stream(tokenizer, tokens, [])
    assert "".join(pieces) == "a€😀b"
    assert not any("\ufffd" in piece for piece in pieces)


def test_words_keep_the_space_that_the_prompt_gives_them() -> None:
    tokenizer = words_tokenizer()
    the, cat, s = 0, 1, 2
    assert stream(tokenizer, [cat, s], [the]) == [" cat", "s", ""]
    assert stream(tokenizer, [cat], []) == ["cat", ""], "nothing stands before it"


def test_bytes_of_a_character_between_words() -> None:
    tokenizer = words_tokenizer()
    euro = [tokenizer.id_of(f"<0x{byte:02X}>") or 0 for byte in "€".encode()]
    assert stream(tokenizer, [1, *euro, 2], [0]) == [" cat", "", "", "€", "s", ""]


def test_nonsense_is_not_held_for_ever() -> None:
    tokenizer = words_tokenizer()
    bad = tokenizer.id_of("<0xFF>") or 0
    pieces = stream(tokenizer, [1, *([bad] * 20), 2], [0])
    assert any("\ufffd" in piece for piece in pieces[:12])


def test_special_tokens_are_shown_only_where_they_are_wanted() -> None:
    tokenizer = bytes_tokenizer()
    shown = tokenizer.detokenizer([], skip_special=False)
    hidden = tokenizer.detokenizer([])
    assert (shown.feed(2), hidden.feed(2)) == ("</s>", "")


def test_a_file_that_is_none() -> None:
    with pytest.raises(UnsupportedModel):
        Tokenizer(b"{}")
