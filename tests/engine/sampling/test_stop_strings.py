"""Stop strings against transformers' StopStringCriteria, on three kinds of vocabularies."""

import os
import random
from array import array
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from transformers.generation.stopping_criteria import StopStringCriteria

from aweigh.engine.sampling.stop_strings import StopStrings, TokenTexts
from aweigh.proto.errors import InvalidRequest

LETTERS = ["a", "b", "c", "d", "e", "f"]


def byte_level() -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    extra = ["st", "op", "stop", "opera", "sto", "pper", "topper", "Ġst", "Ġ.", "las"]
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate([*alphabet, *extra])}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<end>", special=True)])
    return tokenizer


def byte_fallback() -> Tokenizer:
    tokens = [*LETTERS, *"stopnrlx.▁", "st", "op", "▁st", "stop", "opera", "las", "topper", "é"]
    tokens += [f"<0x{byte:02X}>" for byte in range(256)]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], byte_fallback=True, unk_token=None))
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer


def word_piece() -> Tokenizer:
    tokens = [*LETTERS, *[f"##{letter}" for letter in [*LETTERS, *"stopnrlx."]], *"stop", "##st", "##op", "st", "las"]
    tokens += ["[UNK]", "stop", "##opera", "##topper"]
    tokenizer = Tokenizer(
        models.WordPiece({token: index for index, token in enumerate(dict.fromkeys(tokens))}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


KINDS = {"byte_level": byte_level, "byte_fallback": byte_fallback, "word_piece": word_piece}
STOPS = [("stop",), ("st",), ("é",), ("op", "asto"), ("p",), (" st", "stopp")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stops", STOPS)
def test_equal_to_transformers(tmp_path: Path, kind: str, stops: tuple[str, ...]) -> None:
    tokenizer = KINDS[kind]()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    fast: Any = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    try:
        oracle = StopStringCriteria(fast, list(stops))
    except ValueError:
        pytest.skip("no token of this vocabulary can end the stop string")
    ours = StopStrings(TokenTexts(tmp_path / "tokenizer.json"), stops)
    names = fast.get_vocab()
    near = [index for token, index in sorted(names.items()) if set(token) & set("stopé.▁ĠÃ©")] + [
        names.get("<0xC3>", 0)
    ]
    generator = random.Random(1)
    hits = 0
    for _ in range(800):
        tokens = [generator.choice(near) for _ in range(generator.randrange(1, 7))]
        expected = bool(oracle(torch.tensor([tokens]), None)[0])
        assert ours.ends(array("q", tokens)) is expected, [fast.convert_ids_to_tokens(tokens), expected]
        hits += expected
    assert hits or kind == "word_piece"


def test_unknown_tokens_match_nothing(tmp_path: Path) -> None:
    byte_level().save(str(tmp_path / "tokenizer.json"))
    texts = TokenTexts(tmp_path / "tokenizer.json")
    s, t, o, p = (byte_level().token_to_id(char) or 0 for char in "stop")
    ours = StopStrings(texts, ("stop",))
    assert ours.ends(array("q", [s, t, o, p]))
    assert not ours.ends(array("q", [s, t, 1 << 30, o, p]))
    assert not ours.ends(array("q", [s, t, o, p, -1]))
    assert not ours.ends(array("q", [s, t, o, p, s]))


def test_a_pipe_is_no_tokenizer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tokenizer.json")
    with pytest.raises(InvalidRequest, match="tokenizer"):
        TokenTexts(tmp_path / "tokenizer.json")


@pytest.mark.parametrize("content", ["", "{", '{"model": 1}', "\0"])
def test_a_bad_tokenizer_is_the_requests_mistake(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(InvalidRequest, match="tokenizer"):
        TokenTexts(tmp_path / "tokenizer.json")
