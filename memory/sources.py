"""Where the leaves of a manifest's expressions are: a checkpoint's tensors, bytes of other files, contents that were uploaded.

A leaf is believed when its place was proved: inside its file, or of as many bytes as its content has. `FileBytes` names its file by
path, size and modification time; a file is opened once per load, and everything is checked on its descriptor.

An engine that read whatever file a manifest names would read any file of its user to whoever can reach it. So a file must begin as
one of weights does: safetensors, the zip archives of torch.save, or its format before those (never unpickled: bytes at an offset
are all that is read).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from aweigh.memory.checkpoint.file import WeightFile
from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import Extent
from aweigh.memory.region import Region
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid, Untrusted
from aweigh.proto.program import Content, FileBytes

Leaf = str | Content | FileBytes
MAX_RANK = 12
MAX_FILES = 4_096


class Source(Protocol):
    """Bytes that an arena can map: a file, or a content. Equal names mean equal bytes."""

    @property
    def name(self) -> str:
        """What extents of it call it."""

    @property
    def size(self) -> int:
        """In bytes."""

    def map(self) -> Tensor:
        """All of it as a read-only uint8 [size] on the host, which outlives this object. Raises MemoryError, CheckpointInvalid."""

    def region(self, extent: Extent) -> tuple[Region, int] | None:
        """What is brought when an extent of it is needed, and where in it the extent begins; None if it has no file to come from."""


class Tensors(Protocol):
    """A checkpoint: tensors by name (`Checkpoint` of a directory, `StoredCheckpoint` of a store)."""

    @property
    def files(self) -> Sequence[Source]:
        """What its tensors lie in."""

    def file(self, name: str) -> Source:
        """What holds a tensor. Raises CheckpointInvalid, as the others do."""

    def entry(self, name: str) -> TensorEntry:
        """Its dtype and shape."""

    def extent(self, name: str) -> Extent:
        """Its bytes."""

    def close(self) -> None:
        """Lets go of what regions of it do not keep open."""


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf that was proved: a C-order tensor in `extent` of `source`."""

    dtype: DType
    shape: tuple[int, ...]
    source: Source
    extent: Extent


class Sources:
    """What a manifest may read. Closing it leaves mappings alone."""

    def __init__(
        self,
        checkpoint: Tensors | None = None,
        contents: Mapping[bytes, Source] | None = None,
        *,
        files: bool = True,
    ) -> None:
        """`contents` by digest; `files`: whether bytes of other files may be read, which nobody has signed."""
        self._may_read_files = files
        self._checkpoint = checkpoint
        self._contents = contents or {}
        self._files: dict[str, WeightFile] = {}

    @property
    def size(self) -> int:
        """In bytes, of all that was opened and given."""
        files: list[Source] = [*(self._checkpoint.files if self._checkpoint else ()), *self._files.values()]
        return sum(file.size for file in files) + sum(content.size for content in self._contents.values())

    def place(self, leaf: Leaf) -> Place:
        """Where a leaf is. Raises CheckpointInvalid, Untrusted in one sentence."""
        match leaf:
            case str():
                return self._of_checkpoint(leaf)
            case Content(digest, dtype, shape):
                content = self._contents.get(digest)
                if content is None:
                    raise CheckpointInvalid(f"content {digest.hex()[:16]} was never put here: put it, then load again")
                length = _length(dtype, shape)
                if length != content.size:
                    raise CheckpointInvalid(
                        f"content {digest.hex()[:16]} has {content.size} bytes, {dtype.torch_name} {list(shape)} needs {length}"
                    )
                return Place(dtype, shape, content, Extent(content.name, 0, length))
            case FileBytes():
                return self._of_file(leaf)

    def close(self) -> None:
        for file in (self._checkpoint, *self._files.values()):
            if file is not None:
                file.close()

    def _of_checkpoint(self, name: str) -> Place:
        if self._checkpoint is None:
            raise CheckpointInvalid(f"the manifest names the tensor {name!r}, and no checkpoint: give its directory")
        entry = self._checkpoint.entry(name)
        if entry.dtype is None:
            raise CheckpointInvalid(f"tensor {name!r} has a dtype that no engine computes with")
        return Place(entry.dtype, entry.shape, self._checkpoint.file(name), self._checkpoint.extent(name))

    def _of_file(self, leaf: FileBytes) -> Place:
        if not self._may_read_files:
            raise Untrusted(
                f"this engine takes signed models only, and nobody has signed {leaf.path}: `aweigh publish` its directory, with --sign KEY"
            )
        file = self._files.get(leaf.path)
        if file is None:
            if len(self._files) >= MAX_FILES:
                raise CheckpointInvalid(f"the manifest reads more than {MAX_FILES} files")
            file = self._files[leaf.path] = WeightFile(leaf.path)
        if (file.size, file.identity.modified_ns) != (leaf.size, leaf.modified_ns):
            raise CheckpointInvalid(f"the file {leaf.path} is not the one that was read: it was replaced or written to")
        length = _length(leaf.dtype, leaf.shape)
        if leaf.offset + length > file.size:
            raise CheckpointInvalid(
                f"bytes {leaf.offset} to {leaf.offset + length} lie outside the file {leaf.path} of {file.size} bytes"
            )
        return Place(leaf.dtype, leaf.shape, file, Extent(file.name, leaf.offset, length))


def _length(dtype: DType, shape: tuple[int, ...]) -> int:
    """Bytes of a tensor. Raises CheckpointInvalid."""
    if len(shape) > MAX_RANK or any(not 0 <= dim < 1 << 62 for dim in shape):
        raise CheckpointInvalid(f"the manifest has a tensor of no valid shape: {list(shape)[:MAX_RANK]}")
    return math.prod(shape) * dtype.size
