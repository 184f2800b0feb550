"""Stop strings: the rule of transformers' StopStringCriteria, on the `tokenizers` library alone.

A row ends when a stop string lies at the end of its text so that it reaches into the last token; text after the stop string within
that token is allowed. transformers precomputes overlaps of every token of the vocabulary for tensor code; here a token's text is
looked up when it is met, and strings are compared as strings, over as many last tokens as the longest stop string has characters.
Byte-level and byte-fallback vocabularies are compared in bytes, since a token may be a part of a character. Prompt tokens count.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from aweigh.engine.core import Tokens
from aweigh.proto.errors import InvalidRequest

_PREFIX = "abcdef"  # transformers' own: what a decoder does at the start of a text must not happen to the token
MOST_FILE_BYTES = 256 << 20


class TokenTexts:
    """What each token of a tokenizer adds to a text: str, or bytes if the vocabulary is made of bytes."""

    def __init__(self, path: Path) -> None:
        """Reads tokenizer.json. Raises InvalidRequest."""
        try:
            from tokenizers import Tokenizer

            if not path.is_file() or path.stat().st_size > MOST_FILE_BYTES:
                limit = MOST_FILE_BYTES >> 20
                raise InvalidRequest(f"stop strings need a tokenizer, but {path} is no file of at most {limit} MiB")
            self._tokenizer: Any = Tokenizer.from_file(str(path))
        except InvalidRequest:
            raise
        except ImportError:
            raise InvalidRequest(
                "stop strings need the tokenizers library on the engine: pip install tokenizers"
            ) from None
        except Exception as error:  # noqa: BLE001 - the tokenizers library raises bare Exception
            raise InvalidRequest(f"stop strings need a tokenizer, but {path} cannot be read: {error}") from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._decoder = self._tokenizer.decoder
        self.mode = _mode(self._decoder)
        base = self._tokenizer.encode(_PREFIX, add_special_tokens=False).ids
        self._base = [str(self._tokenizer.id_to_token(token)) for token in base]
        self._known: dict[int, str | bytes | None] = {}

    def of(self, token: int) -> str | bytes | None:
        """None if the vocabulary has no such token."""
        if token not in self._known:
            self._known[token] = self._look_up(token)
        return self._known[token]

    def encode(self, text: str) -> str | bytes:
        """A stop string in the form that texts of tokens have."""
        return text if self.mode is None else text.encode("utf-8", "surrogatepass")

    def _look_up(self, token: int) -> str | bytes | None:
        name: str | None = self._tokenizer.id_to_token(token) if token >= 0 else None
        if name is None:
            return None
        if self.mode == "byte_level" and all(char in _byte_of_char() for char in name):
            return bytes(_byte_of_char()[char] for char in name)
        if self.mode == "byte_fallback" and len(name) == 6 and name.startswith("<0x") and name.endswith(">"):
            try:
                return bytes([int(name[3:5], 16)])
            except ValueError:
                pass
        pieces = [*self._base, name]
        text: str = self._decoder.decode(pieces) if self._decoder is not None else " ".join(pieces)
        text = text[text.index(_PREFIX) + len(_PREFIX) :]
        return text if self.mode is None else text.encode("utf-8")


class StopStrings:
    """Asks whether a row's text has come to a stop string."""

    def __init__(self, texts: TokenTexts, stop_strings: tuple[str, ...]) -> None:
        self._texts = texts
        self._stops = [texts.encode(stop) for stop in stop_strings]
        self._longest = max(map(len, self._stops))

    def ends(self, tokens: Tokens) -> bool:
        """Whether the text of `tokens` ends in a stop string that reaches into its last token."""
        last = self._texts.of(tokens[-1])
        if not last:
            return False
        text: Any = last
        for token in reversed(tokens[-self._longest : -1]):
            before = self._texts.of(token)
            if before is None or len(text) - len(last) >= self._longest:
                break
            text = before + text
        start = len(text) - len(last)
        return any(text.find(stop, max(0, start - len(stop) + 1)) >= 0 for stop in self._stops)


@cache
def _byte_of_char() -> dict[str, int]:
    """The characters that stand for bytes in byte-level vocabularies (GPT-2's table)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): byte for byte in printable}
    return table | {chr(256 + index): byte for index, byte in enumerate(others)}


def _mode(decoder: Any) -> str | None:
    if decoder is None:
        return None
    if type(decoder).__name__ == "ByteLevel":
        return "byte_level"
    try:
        state = json.loads(decoder.__getstate__())
    except (AttributeError, TypeError, ValueError):
        return None
    if _has_type(state, "ByteFallback"):
        return "byte_fallback"
    return "byte_level" if _has_type(state, "ByteLevel") else None


def _has_type(state: Any, name: str) -> bool:
    if isinstance(state, dict):
        return state.get("type") == name or any(_has_type(value, name) for value in state.values())
    return isinstance(state, list) and any(_has_type(value, name) for value in state)
