"""Names of blocks by content.

A block's name is a keyed hash over its predecessor's name and its tokens; the first predecessor is the model's identity. So equal
names mean equal model and equal prefix. The key is random per process, which keeps anybody from constructing a collision
offline; a hit compares the tokens all the same (vLLM's predictable prefix hash was an advisory). BLAKE2 from the standard
library takes 1 us a block; BLAKE3 wins nothing on 128 bytes.
"""

import os
from hashlib import blake2b

NAME_BYTES = 16


class BlockNames:
    """Names the blocks of this process."""

    def __init__(self, key: bytes | None = None) -> None:
        """`key` at most 64 bytes; None: random."""
        self._key = os.urandom(32) if key is None else key
        self._renewed: dict[bytes, int] = {}  # how often

    def root(self, identity: bytes) -> bytes:
        """The name before the first block of a model."""
        salt = self._renewed.get(identity, 0).to_bytes(8, "little")
        return blake2b(identity, digest_size=NAME_BYTES, key=self._key, person=b"root", salt=salt).digest()

    def renew(self, identity: bytes) -> None:
        """Blocks of a model have other names from now on."""
        self._renewed[identity] = self._renewed.get(identity, 0) + 1

    def after(self, previous: bytes, tokens: bytes) -> bytes:
        """The name of a block of `tokens` (int64, native order) that follows `previous`."""
        return blake2b(previous + tokens, digest_size=NAME_BYTES, key=self._key, person=b"block").digest()
