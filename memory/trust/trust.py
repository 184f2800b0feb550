"""Whose signatures an engine believes: a file of public keys, one a line, and whether a model needs one of them.

The file is read anew for each model that is loaded, so a key that is taken out of it is not believed from then on. A line that is no key makes the
whole file wrong: who mistypes a key that replaces a stolen one shall hear of it. One believed signature is enough; others may stand beside it.
"""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from aweigh.memory.trust.public_key import PublicKey
from aweigh.memory.trust.signature import Signature
from aweigh.proto.errors import InvalidRequest, Untrusted
from aweigh.proto.home import home

FILE = "trusted_keys"
VARIABLE = "AWEIGH_STORE__TRUSTED_KEYS"
_MAX_BYTES = 1 << 20


def default_file() -> Path:
    """Where the list is if nobody says: what the environment's configuration names, else a file in the user's home of Aweigh."""
    named = os.environ.get(VARIABLE)
    return Path(named).absolute() if named else home() / FILE


@dataclass(frozen=True, slots=True)
class Trust:
    """`required`: a model without a believed signature is refused. `file`: of trusted keys; it need not exist."""

    required: bool = False
    file: Path = field(default_factory=default_file)

    def keys(self) -> dict[bytes, PublicKey]:
        """By their bytes; empty if there is no file. Raises Untrusted: the file cannot be believed."""
        try:
            with self.file.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & stat.S_IWOTH:
                    raise Untrusted(f"anybody may write to {self.file}: look at the keys in it, then `chmod o-w` it")
                data = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Untrusted(
                f"{self.file} cannot be read ({error.strerror}): name a file with store.trusted_keys"
            ) from None
        if len(data) > _MAX_BYTES:
            raise Untrusted(f"{self.file} is larger than {_MAX_BYTES} bytes: write one public key per line")
        found: dict[bytes, PublicKey] = {}
        for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                try:
                    key = PublicKey.from_line(line)
                except InvalidRequest as error:
                    raise Untrusted(f"{self.file}:{number}: {error}") from None
                found[key.raw] = key
        return found

    def signer(self, name: str, content: bytes, signatures: Iterable[Signature]) -> PublicKey:
        """The trusted key that has signed a content. Raises Untrusted in one sentence; `name` is what it calls the model."""
        given = list(signatures)
        if not given:
            raise Untrusted(
                f"{name} has no signature: `aweigh store sign {name} --key KEY`, with a key that {self.file} names"
            )
        right = [signature for signature in given if signature.is_of(content)]
        if not right:
            raise Untrusted(f"the signature of {name} is not over what is stored: publish it again, with --sign KEY")
        keys = self.keys()
        for signature in right:
            if signature.key.raw in keys:
                return keys[signature.key.raw]
        signers = ", ".join(signature.key.id for signature in right)
        raise Untrusted(
            f"{name} is signed by {signers}, which {self.file} does not name: add the line of a .pub file that you trust"
        )

    def check(self, name: str, content: bytes, signatures: Iterable[Signature]) -> None:
        """Raises Untrusted if signatures are required and none is believed."""
        if self.required:
            self.signer(name, content, signatures)
