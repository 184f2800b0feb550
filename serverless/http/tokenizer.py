"""A model's tokenizer, as its tokenizer.json has it, without transformers."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from tokenizers import Tokenizer as Library

from aweigh.proto.errors import UnsupportedModel
from aweigh.serverless.http.detokenizer import ByteDetokenizer, Detokenizer, WindowDetokenizer


class Tokenizer:
    """Text to tokens and back. Threads may share it."""

    def __init__(self, data: bytes) -> None:
        """From the bytes of a tokenizer.json. Raises UnsupportedModel."""
        try:
            self._library: Any = Library.from_buffer(data)
        except Exception as error:  # noqa: BLE001 - the library raises bare Exception
            raise UnsupportedModel(f"the model's tokenizer.json cannot be read: {error}") from None
        self._library.no_truncation()
        self._library.no_padding()
        added = self._library.get_added_tokens_decoder()
        self.special = frozenset(number for number, token in added.items() if token.special)
        self._is_bytes = type(self._library.decoder).__name__ == "ByteLevel"
        self._bytes: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """Tokens of the vocabulary, added ones included."""
        return int(self._library.get_vocab_size())

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """`special`: with what the tokenizer puts around a text, such as a token for its beginning."""
        found: list[int] = self._library.encode(text, add_special_tokens=special).ids
        return found

    def decode(self, tokens: Sequence[int], *, skip_special: bool = True) -> str:
        return str(self._library.decode(list(tokens), skip_special_tokens=skip_special))

    def id_of(self, token: str) -> int | None:
        found: int | None = self._library.token_to_id(token)
        return found

    def name_of(self, token: int) -> str:
        """As the vocabulary spells it; empty for a number that it does not have."""
        return self._library.id_to_token(token) or ""

    def bytes_of(self, token: int) -> bytes:
        """What a token adds to a text, as far as it can be said without its neighbours."""
        found = self._bytes.get(token)
        if found is None:
            found = self._bytes[token] = self._look_up(token)
        return found

    def detokenizer(self, prompt: Sequence[int], *, skip_special: bool = True) -> Detokenizer:
        """For what follows a prompt."""
        if self._is_bytes:
            special = self.special
            if skip_special:
                return ByteDetokenizer(lambda token: b"" if token in special else self.bytes_of(token))
            return ByteDetokenizer(self.bytes_of)
        return WindowDetokenizer(lambda tokens: self.decode(tokens, skip_special=skip_special), prompt)

    def _look_up(self, token: int) -> bytes:
        name = self.name_of(token)
        if self._is_bytes:
            table = _byte_of_character()
            return bytes(table[c] for c in name) if all(c in table for c in name) else name.encode()
        return self.decode([token], skip_special=False).encode()


def special_text(config: dict[str, Any], name: str) -> str:
    """A special token's text in a tokenizer_config.json; empty where there is none."""
    said = config.get(name)
    said = said.get("content") if isinstance(said, dict) else said
    return said if isinstance(said, str) else ""


def read_json(files: dict[str, bytes], path: str) -> dict[str, Any]:
    """A small file of a model that is a JSON object; empty where there is none."""
    try:
        found = json.loads(files.get(path, b"{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@cache
def _byte_of_character() -> dict[str, int]:
    """The characters that stand for bytes in byte-level vocabularies (GPT-2's table)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): byte for byte in printable}
    return table | {chr(256 + index): byte for index, byte in enumerate(others)}
