"""One read: a chunk of a file into memory, past the page cache where the file system allows that, and its hashes checked.

Prior art: ServerlessLLM's store reads chunks with O_DIRECT into pinned memory (OSDI'24, section 4).
"""

import errno
import fcntl
import os
from contextlib import nullcontext
from functools import partial

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.mover.chunks import Chunk
from aweigh.memory.mover.core import Proving
from aweigh.proto.errors import CheckpointInvalid


def unbuffered(descriptor: int) -> int:
    """A second descriptor of an open file whose reads go past the page cache; a plain one where its file system cannot do that.

    Raises OSError.
    """
    path = f"/proc/self/fd/{descriptor}"
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECT", 0))
    except OSError:
        return os.dup(descriptor)


def fill(chunk: Chunk, buffer_B: memoryview, proving: Proving = nullcontext) -> None:
    """Reads a chunk into a buffer of its length, and checks it. Releases the GIL while it reads and hashes; what was read is checked in `proving`.

    Pages that the file does not have as their hashes say come from elsewhere, where the chunk knows of that.

    Raises:
        OSError: the disk failed.
        WrongPage: a page is not what its hash says.
        CheckpointInvalid: the file is shorter than it was.
        StoreFailed: nobody has a page.
    """
    if chunk.elsewhere is not None and chunk.hashes and not chunk.here:
        read_file = partial(_read_part, chunk) if chunk.descriptor >= 0 else None
        chunk.elsewhere.bring(chunk.hashes, buffer_B, read_file, proving)
        return
    if not chunk.here:
        _read_part(chunk, 0, buffer_B[: chunk.wanted], buffer_B)
    if chunk.hashes:
        with nullcontext() if chunk.here else proving():
            _prove(chunk, buffer_B)


def _prove(chunk: Chunk, buffer_B: memoryview) -> None:
    for number, expected in enumerate(chunk.hashes):
        page = buffer_B[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]
        if blake3(page).digest() != expected:
            raise WrongPage(
                f"a page of weights at byte {chunk.offset + number * PAGE_BYTES} is not what its hash says: publish the model again"
            )


class WrongPage(CheckpointInvalid):
    """A page is not what its hash says."""


def _read_part(chunk: Chunk, first: int, part_B: memoryview, room_B: memoryview | None = None) -> None:
    """Fills a part of a chunk, from its byte `first` on. `room_B`: the part, and what may be written behind it by an aligned read."""
    room_B = part_B if room_B is None else room_B
    done = 0
    while done < len(part_B):
        got = _read(chunk.descriptor, room_B[done:], chunk.offset + first + done)
        if not got:
            raise CheckpointInvalid(
                f"a file of weights ended at byte {chunk.offset + first + done}: it was longer when it was opened"
            )
        done += got


def _read(descriptor: int, buffer: memoryview, offset: int) -> int:
    try:
        return os.preadv(descriptor, [buffer], offset)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    # A file system that takes O_DIRECT at the open and wants another alignment at a read.
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) & ~os.O_DIRECT)
    return os.preadv(descriptor, [buffer], offset)
