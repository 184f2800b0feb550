"""Text from tokens as they come. Pure; what is given out is whole characters and never taken back.

Two ways. Where each token is a string of bytes (byte-level vocabularies), the bytes go through an incremental UTF-8 decoder, which keeps the beginning of a
character until the rest comes. Other decoders look at neighbours (a word's first piece has a space before it, but not in the first word): there the
text of a window is compared with and without the new tokens, as text-generation-inference and vLLM do. The window begins within the prompt, so that the
first token of an answer has its space.

What is no UTF-8 becomes U+FFFD. A window that ends in U+FFFD may be a character's beginning, which has at most four tokens: after
MOST_PENDING it is given out as it is, so that nonsense costs no more than text.
"""

import codecs
from collections.abc import Callable, Sequence

MOST_PENDING = 8
PROMPT_TAIL = 6  # tokens of the prompt that a window begins with
_UNKNOWN = "\ufffd"


class ByteDetokenizer:
    """Of a vocabulary whose tokens are bytes; `bytes_of` gives those of one, empty for what is not shown."""

    def __init__(self, bytes_of: Callable[[int], bytes]) -> None:
        self._bytes_of = bytes_of
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, token: int) -> str:
        return self._decoder.decode(self._bytes_of(token))

    def flush(self) -> str:
        return self._decoder.decode(b"", final=True)


class WindowDetokenizer:
    """Of any other vocabulary; `decode` gives the text of tokens without those that are not shown."""

    def __init__(self, decode: Callable[[Sequence[int]], str], prompt: Sequence[int]) -> None:
        self._decode = decode
        self._tokens = list(prompt[-PROMPT_TAIL:])
        self._begin = 0
        self._read = len(self._tokens)

    def feed(self, token: int) -> str:
        self._tokens.append(token)
        return self._advance(whole=len(self._tokens) - self._read >= MOST_PENDING)

    def flush(self) -> str:
        return self._advance(whole=True)

    def _advance(self, *, whole: bool) -> str:
        before = self._decode(self._tokens[self._begin : self._read])
        after = self._decode(self._tokens[self._begin :])
        if len(after) <= len(before) or (after.endswith(_UNKNOWN) and not whole):
            return ""
        if self._begin:
            del self._tokens[: self._begin]
            self._read -= self._begin
        self._begin, self._read = self._read, len(self._tokens)
        return after[len(before) :]


Detokenizer = ByteDetokenizer | WindowDetokenizer
