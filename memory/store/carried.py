"""Signatures that go along with a model's directory, in a file beside its safetensors: `aweigh.signatures`.

They are over pages, and where a publish cuts tensors into pages depends on what it knows. So the file also says how it was cut, and a publish of
the directory cuts alike: then the content is the one that was signed, if the bytes are. The file is believed in nothing. A cut that does not fit
the tensors, or wastes much, is not followed, and signatures that are not over what the content turns out to be are dropped.

A model that lies in another one's extents is signed with bytes that a directory of its own does not have: it is exported without.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aweigh.memory.checkpoint.file import open_regular
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.layout import ALIGNMENT, Packed, Placed
from aweigh.memory.trust.signature import Signature
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest

FILE = "aweigh.signatures"
VERSION = 1
_MAX_BYTES = 64 << 20
_MOST_WASTE = 8  # at most 1/8 of the tensors, and so many pages


@dataclass(frozen=True, slots=True)
class Carried:
    """What a file says: where the order of use is from, the cut, and the signatures."""

    used_as: str
    extents: tuple[Packed, ...]
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """The file."""
        return json.dumps(
            {
                "version": VERSION,
                "order": self.used_as,
                "signatures": [base64.b64encode(signature.to_bytes()).decode() for signature in self.signatures],
                "extents": [
                    [[tensor.name, tensor.offset, tensor.length] for tensor in extent.tensors]
                    for extent in self.extents
                ],
            }
        ).encode()

    def fits(self, lengths: dict[str, int]) -> bool:
        """Whether it cuts tensors of these lengths in bytes, each once, with nothing between them and without much waste."""
        tensors = [tensor for extent in self.extents for tensor in extent.tensors]
        if {tensor.name: tensor.length for tensor in tensors} != lengths or len(tensors) != len(lengths):
            return False
        for extent in self.extents:
            end = 0
            for tensor in extent.tensors:
                if not 0 <= tensor.offset - end < ALIGNMENT or tensor.offset % ALIGNMENT or tensor.length <= 0:
                    return False
                end = tensor.end
        useful = sum(lengths.values())
        padded = sum(extent.pages for extent in self.extents) * PAGE_BYTES
        return padded - useful <= useful // _MOST_WASTE + _MOST_WASTE * PAGE_BYTES


def read_carried(directory: Path) -> Carried | None:
    """What lies in a directory; None where there is none, or it cannot be understood."""
    try:
        with open(open_regular(directory / FILE), "rb") as file:
            data = file.read(_MAX_BYTES + 1)
        return _parsed(json.loads(data)) if len(data) <= _MAX_BYTES else None
    except (CheckpointInvalid, OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _parsed(said: Any) -> Carried | None:
    if said["version"] != VERSION or said["order"] not in ("program", "names"):
        return None
    extents = tuple(
        Packed(tuple([Placed(str(name), int(offset), int(length)) for name, offset, length in extent]))
        for extent in said["extents"]
    )
    if not all(extent.tensors for extent in extents):
        return None
    signatures = []
    for text in said["signatures"]:
        try:
            signatures.append(Signature.from_bytes(base64.b64decode(text, validate=True)))
        except InvalidRequest:
            continue  # of a later version, perhaps
    return Carried(said["order"], extents, tuple(signatures))
