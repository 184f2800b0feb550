"""A checkpoint as a publish reads it: pages of its plan, put together from the files, and proof that the files stayed as they were."""

import os
from collections.abc import Mapping
from pathlib import Path

from blake3 import blake3

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES, FileIdentity
from aweigh.memory.store.disk import read_fully
from aweigh.memory.store.plan import Plan
from aweigh.proto.errors import CheckpointInvalid

_ZEROS = bytes(PAGE_BYTES)


class Source:
    """An open checkpoint. Reading is safe from several threads."""

    def __init__(self, directory: Path) -> None:
        """Raises ModelNotFound, CheckpointInvalid."""
        self.directory = directory
        self._checkpoint = Checkpoint(directory)
        self.tensors: Mapping[str, TensorEntry] = {
            name: self._checkpoint.entry(name) for name in self._checkpoint.names
        }

    @property
    def identities(self) -> dict[str, tuple[str, bytes]]:
        """Per file: who it is, and the hash of its header."""
        return {file.path.name: (file.name, file.header_digest) for file in self._checkpoint.files}

    @property
    def digest(self) -> bytes:
        """A hash over who the files are."""
        return blake3(repr(sorted(self.identities.items())).encode()).digest()

    @property
    def bytes(self) -> int:
        """Of all tensors."""
        return sum(entry.length for entry in self.tensors.values())

    def read_page(self, plan: Plan, number: int, page: memoryview) -> int:
        """Fills a page of PAGE_BYTES bytes. Returns how many of them were read, the rest are zeros. Raises CheckpointInvalid."""
        pieces = plan.pieces(number)
        count = sum(piece.length for piece in pieces)
        if count < PAGE_BYTES:
            page[:] = _ZEROS
        for piece in pieces:
            entry = self.tensors[piece.tensor]
            self._read(entry, entry.offset + piece.offset, page[piece.at : piece.at + piece.length])
        return count

    def check_unchanged(self) -> None:
        """Raises CheckpointInvalid if a file was written to since it was opened, or is another one now."""
        for file in self._checkpoint.files:
            try:
                same = (
                    file.identity == FileIdentity.of(os.fstat(file.descriptor)) == FileIdentity.of(os.stat(file.path))
                )
            except OSError:
                same = False
            if not same:
                raise CheckpointInvalid(
                    f"{file.path} was written to while it was published: publish again when it is done"
                )

    def close(self) -> None:
        self._checkpoint.close()

    def _read(self, entry: TensorEntry, offset: int, into: memoryview) -> None:
        file = self._checkpoint.file(entry.name)
        try:
            count = read_fully(file.descriptor, into, offset)
        except OSError as error:
            raise CheckpointInvalid(
                f"{file.path} cannot be read at byte {offset} ({error.strerror or error}): look at its disk, publish again"
            ) from None
        if count < len(into):
            raise CheckpointInvalid(f"{file.path} ended at byte {offset + count}: is somebody writing it?")
