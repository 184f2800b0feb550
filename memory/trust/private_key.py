"""A private key: a file in PKCS 8 (PEM), which `openssl genpkey -algorithm ed25519`, key stores and their tools read and write.

Mode 0600, and refused where others may read it, as ssh does: a key that lay open has signed who knows what. Without a passphrase, since it is for
machines that publish; who wants one keeps the file in what their machine has for secrets. It appears under its name when it is whole and on the disk,
and never in the place of another.
"""

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from aweigh.memory.trust.public_key import MAX_COMMENT, PublicKey
from aweigh.memory.trust.signature import Signature, message_of
from aweigh.proto.errors import InvalidRequest

_MAX_BYTES = 16 << 10
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class PrivateKey:
    """Signs contents."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key().public_bytes_raw())

    @classmethod
    def read(cls, path: Path) -> "PrivateKey":
        """Raises InvalidRequest: it cannot be read, others may read it, or it is no such key."""
        try:
            with path.open("rb") as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode):
                    raise InvalidRequest(f"{path} is no file: name a key of `aweigh store keygen`")
                if about.st_mode & _OTHERS:
                    raise InvalidRequest(
                        f"others than its owner may read the key {path}: make a new one, or `chmod 600` it if nobody did"
                    )
                data = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise InvalidRequest(
                f"the key {path} cannot be read ({error.strerror}): `aweigh store keygen` makes one"
            ) from None
        try:
            key = load_pem_private_key(data, None) if len(data) <= _MAX_BYTES else None
        except TypeError:
            raise InvalidRequest(f"the key {path} has a passphrase: `openssl pkey` takes it off") from None
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise InvalidRequest(f"{path} is no Ed25519 key in PEM: `aweigh store keygen` makes one")
        return cls(key)

    def sign(self, content: bytes) -> Signature:
        """For the digest of a content."""
        return Signature(self.public, self._key.sign(message_of(content)))


def generate(path: Path, comment: str = "") -> PublicKey:
    """Writes a new key to `path`, and the line of its public half to `path`.pub, which is first: a killed call leaves no key behind.

    Raises InvalidRequest: there is something at `path`, the directory cannot be written to, or the comment has a line's end in it."""
    if not comment.isprintable() or len(comment) > MAX_COMMENT:
        raise InvalidRequest(f"a key's comment is one line of at most {MAX_COMMENT} characters")
    key = Ed25519PrivateKey.generate()
    public = PublicKey(key.public_key().public_bytes_raw(), comment.strip())
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if os.path.lexists(path):
        raise _taken(path)
    try:
        _place(path.with_name(f"{path.name}.pub"), f"{public.line}\n".encode(), 0o644, replaces=True)
        _place(path, text, 0o600, replaces=False)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise InvalidRequest(
            f"{path} cannot be written ({error.strerror}): name a path in a directory of yours"
        ) from None
    return public


def _place(path: Path, data: bytes, mode: int, *, replaces: bool) -> None:
    """Whole or not at all. Raises OSError, FileExistsError where another is there and is not replaced."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if replaces:
            os.replace(partial, path)
        else:
            os.link(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _taken(path: Path) -> InvalidRequest:
    return InvalidRequest(f"{path} is there: name a path where nothing is, a key is never overwritten")
