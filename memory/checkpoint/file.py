"""A file of weights: opened as a regular file or not at all, its bytes mapped for an arena; one of safetensors with its header checked.

A name may be a symlink (the Hugging Face cache is made of them); what it leads to must be a regular file. `O_NONBLOCK` keeps a
FIFO from blocking the open; the checks are made on the descriptor, so nothing can be exchanged between check and use.

torch is imported when a file is mapped: who only reads bytes (the store) does without it.
"""

import errno
import os
import stat
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry, header_length, parse_header
from aweigh.memory.core import Extent, FileIdentity
from aweigh.memory.mover.core import Run
from aweigh.memory.region import OpenFile, Region, span_of, spans
from aweigh.proto.errors import CheckpointInvalid

if TYPE_CHECKING:
    from torch import Tensor

_NO_ROOM = (errno.ENOMEM, errno.EAGAIN, errno.ENFILE, errno.EMFILE)
# Of a zip archive, and of the pickled number with which torch.save began its files before it wrote archives.
_TORCH_HEADS = (b"PK\x03\x04", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.")
_HEAD_BYTES = 32
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


class WeightFile:
    """An open file that begins as files of weights do. Closed by `close`, or when it is collected; mappings of it live on."""

    def __init__(self, path: str | Path) -> None:
        """Raises CheckpointInvalid if the file cannot be opened, is not regular, or holds no weights."""
        self.path = Path(path)
        if not self.path.is_absolute():
            raise CheckpointInvalid(f"{str(path)[:200]!r} is no absolute path of a file on the engine's machine")
        self._kept: OpenFile | None = None
        self.descriptor = open_regular(self.path)
        try:
            self.identity = FileIdentity.of(os.fstat(self.descriptor))
            self._believe()
        except OSError as error:  # the disk failed, or the file system went away
            self.close()
            raise CheckpointInvalid(f"the weight file {path} cannot be read: {error.strerror or error}") from None
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """What extents of it call it: who the file is."""
        return self.identity.name

    @property
    def size(self) -> int:
        """In bytes."""
        return self.identity.size

    def _believe(self) -> None:
        head = os.pread(self.descriptor, _HEAD_BYTES, 0)
        if not (head[8:9] == b"{" or head.startswith(_TORCH_HEADS)):
            raise CheckpointInvalid(f"{self.path.name} is no file of weights: safetensors and torch.save write those")

    def map(self) -> "Tensor":
        """The whole file as a read-only uint8 [size], which outlives this object.

        Raises:
            MemoryError: the system has no room for a mapping.
            CheckpointInvalid: the file cannot be mapped, or has become shorter.
        """
        from aweigh.memory.mapping import map_file

        try:
            return map_file(self.descriptor, self.identity.size)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise MemoryError(f"the weight file {self.path} cannot be mapped: {os.strerror(error.errno)}") from None
            raise CheckpointInvalid(
                f"the weight file {self.path} cannot be mapped ({error.strerror}): copy the checkpoint to a local disk"
            ) from None
        except ValueError:
            raise CheckpointInvalid(
                f"the weight file {self.path} has become shorter than it was: is somebody writing it?"
            ) from None

    def region(self, extent: Extent) -> tuple[Region, int]:
        """See `Source.region`. Raises CheckpointInvalid if the file cannot be kept open."""
        span = self._span(extent)
        try:
            self._kept = self._kept or OpenFile(self.descriptor)
        except OSError as error:
            raise CheckpointInvalid(f"the weight file {self.path} cannot be kept open: {error.strerror}") from None
        run = Run(self._kept.descriptor, span.offset, span.length)
        return Region(span.name, span.length, (run,), self._kept), extent.offset - span.offset

    def _span(self, extent: Extent) -> Extent:
        return extent

    def close(self) -> None:
        """Closes the descriptor. May be called again."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        if getattr(self, "descriptor", -1) >= 0:
            self.close()


class CheckpointFile(WeightFile):
    """A safetensors file and its tensors. `header_digest` is the BLAKE3 hash of its header. One that ends with its header is not `whole`."""

    tensors: dict[str, TensorEntry]
    header_digest: bytes
    whole: bool

    def __init__(self, path: str | Path, *, may_lack_data: bool = False) -> None:
        """`may_lack_data`: it may end with its header, since somebody else has the data. Raises CheckpointInvalid."""
        self._may_lack_data = may_lack_data
        super().__init__(path)

    def extent(self, name: str) -> Extent:
        """The extent of a tensor. Raises KeyError."""
        entry = self.tensors[name]
        return Extent(self.name, entry.offset, entry.length)

    def _span(self, extent: Extent) -> Extent:
        return span_of(extent, self._spans)

    def _believe(self) -> None:
        where = self.path.name
        length = header_length(os.pread(self.descriptor, 8, 0), self.size, where)
        header = _read(self.descriptor, 8, length, where)
        ends_here = self._may_lack_data and self.size == 8 + length
        self.tensors = parse_header(header, None if ends_here else self.size, where)
        self.whole = not ends_here or not any(entry.length for entry in self.tensors.values())
        self.header_digest = blake3(header).digest()

    @cached_property
    def _spans(self) -> list[Extent]:
        return spans(Extent(self.name, entry.offset, entry.length) for entry in self.tensors.values())


def open_regular(path: Path) -> int:
    """Returns a descriptor for reading. Raises CheckpointInvalid if there is no regular file."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise CheckpointInvalid(f"the weight file {path.name} cannot be opened: {reason}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CheckpointInvalid(f"{path.name} is no regular file: weights are read from safetensors files only")
    return descriptor


def _read(descriptor: int, offset: int, length: int, where: str) -> bytes:
    parts: list[bytes] = []
    while length:
        part = os.pread(descriptor, length, offset)
        if not part:
            raise CheckpointInvalid(f"{where} ended while its header was read")
        parts.append(part)
        offset += len(part)
        length -= len(part)
    return b"".join(parts)
