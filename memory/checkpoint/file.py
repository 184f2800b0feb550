"""One safetensors file: opened as a regular file or not at all, its header checked, its bytes mapped for an arena.

A name may be a symlink (the Hugging Face cache is made of them); what it leads to must be a regular file. `O_NONBLOCK` keeps a
FIFO from blocking the open; the checks are made on the descriptor, so nothing can be exchanged between check and use.
"""

import errno
import os
import stat
from pathlib import Path

from torch import Tensor

from aweigh.memory.checkpoint.header import TensorEntry, header_length, parse_header
from aweigh.memory.core import Extent, FileIdentity
from aweigh.memory.mapping import map_file
from aweigh.proto.errors import CheckpointInvalid

_NO_ROOM = (errno.ENOMEM, errno.EAGAIN, errno.ENFILE, errno.EMFILE)
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


class CheckpointFile:
    """An open file and its tensors. Closed by `close`, or when it is collected; mappings of it live on."""

    def __init__(self, path: Path) -> None:
        """Raises CheckpointInvalid if the file cannot be opened, is not regular, or lies about its content."""
        self.path = path
        self.descriptor = open_regular(path)
        try:
            status = os.fstat(self.descriptor)
            self.identity = FileIdentity.of(status)
            where = path.name
            length = header_length(os.pread(self.descriptor, 8, 0), status.st_size, where)
            text = _read(self.descriptor, 8, length, where)
            self.tensors: dict[str, TensorEntry] = parse_header(text, status.st_size, where)
        except OSError as error:  # the disk failed, or the file system went away
            self.close()
            raise CheckpointInvalid(f"the weight file {path} cannot be read: {error.strerror or error}") from None
        except BaseException:
            self.close()
            raise

    def extent(self, name: str) -> Extent:
        """The extent of a tensor. Raises KeyError."""
        entry = self.tensors[name]
        return Extent(self.identity.name, entry.offset, entry.length)

    def map(self) -> Tensor:
        """The whole file as a read-only uint8 [size], which outlives this object.

        Raises:
            MemoryError: the system has no room for a mapping.
            CheckpointInvalid: the file cannot be mapped, or has become shorter.
        """
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

    def close(self) -> None:
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        if getattr(self, "descriptor", -1) >= 0:
            self.close()


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
