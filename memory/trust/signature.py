"""A signature: 97 bytes that stand by themselves, wherever a model's description travels.

    version (1)  public key (32)  Ed25519 signature (64)

What is signed is a domain, with its version, and the digest of a content (`memory/store/content.py`), which has no name in it: the same model
under another name, in another store, has the same signatures. The domain keeps a signature made here from meaning anything elsewhere. The key
comes along so that a reader can say who signed before it asks whether that is somebody it trusts; that it is there makes nobody trusted.
"""

from dataclasses import dataclass

from aweigh.memory.trust.public_key import KEY_BYTES, PublicKey
from aweigh.proto.errors import InvalidRequest

VERSION = b"\x01"
DOMAIN = b"aweigh.model.signature.v1\0"
CONTENT_BYTES = 32
SIGNATURE_BYTES = 64
BYTES = len(VERSION) + KEY_BYTES + SIGNATURE_BYTES


def message_of(content: bytes) -> bytes:
    """What a key signs for a content of this digest (32 bytes)."""
    assert len(content) == CONTENT_BYTES
    return DOMAIN + content


@dataclass(frozen=True, slots=True)
class Signature:
    """`key` claims to have signed; `is_of` proves it."""

    key: PublicKey
    value: bytes

    @classmethod
    def from_bytes(cls, data: bytes) -> "Signature":
        """Raises InvalidRequest for what is no signature of this version."""
        if len(data) != BYTES or data[:1] != VERSION:
            raise InvalidRequest("this is no signature that this Aweigh knows: sign the model again")
        return cls(PublicKey(data[1 : 1 + KEY_BYTES]), data[1 + KEY_BYTES :])

    def to_bytes(self) -> bytes:
        """BYTES bytes."""
        return VERSION + self.key.raw + self.value

    def is_of(self, content: bytes) -> bool:
        """Whether the key has signed this content."""
        return self.key.has_signed(message_of(content), self.value)
