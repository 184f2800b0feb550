"""A public key, as a line of text: `ssh-ed25519 AAAA... whose it is`.

Trust is a list that people keep, so a key is one line, with a comment that says whose it is: what `ssh-keygen` writes, `authorized_keys` and git's
`allowed_signers` are made of, and `ssh-keygen -lf FILE` shows the same id as we do. PEM would be three lines without room for a name.
Ed25519 alone: nothing to choose is nothing to choose wrongly.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key

from aweigh.proto.errors import InvalidRequest

KEY_BYTES = 32
KIND = "ssh-ed25519"
MAX_COMMENT = 200


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`raw` is 32 bytes. Two keys are one if their bytes are; the comment is for people."""

    raw: bytes
    comment: str = ""

    @classmethod
    def from_line(cls, line: str) -> "PublicKey":
        """Raises InvalidRequest."""
        kind, _, rest = line.strip().partition(" ")
        text, _, comment = rest.strip().partition(" ")
        try:
            key = load_ssh_public_key(f"{kind} {text}".encode()) if kind == KIND else None
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise InvalidRequest(
                f"{line[:40]!r} is no public key: write `{KIND} AAAA... whose it is`, as in a .pub file"
            )
        return cls(key.public_bytes_raw(), comment.strip()[:MAX_COMMENT])

    @property
    def line(self) -> str:
        """Without a line's end."""
        text = (
            Ed25519PublicKey.from_public_bytes(self.raw).public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        )
        return f"{text} {self.comment}".rstrip()

    @property
    def id(self) -> str:
        """As `ssh-keygen -lf` says it: "SHA256:" and 43 characters."""
        blob = b"".join(len(part).to_bytes(4, "big") + part for part in (KIND.encode(), self.raw))
        return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")

    @property
    def owner(self) -> str:
        """What people call it: its comment, or its id."""
        return self.comment or self.id

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True
