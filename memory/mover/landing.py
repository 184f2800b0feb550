"""Where chunks arrive: who reads one is given a buffer, and what was read and checked goes on from there to the chunk's address."""

import ctypes
from contextlib import nullcontext
from typing import Protocol

from aweigh.memory.mover.chunks import Chunk
from aweigh.memory.mover.core import Proving
from aweigh.memory.mover.read import fill


class Landing(Protocol):
    """The last part of a chunk's way. Called by several threads at once."""

    def land(self, chunk: Chunk, proving: Proving = nullcontext) -> None:
        """Reads a chunk, checks it, in `proving`, and has it at its address when this returns. Raises what `fill` raises."""

    def forget(self, chunk: Chunk) -> None:
        """What came of this chunk was wrong: it is read anew the next time."""


class InPlace:
    """A chunk's address is memory of this process: it is read right there."""

    def land(self, chunk: Chunk, proving: Proving = nullcontext) -> None:
        """See `Landing.land`."""
        fill(chunk, memoryview((ctypes.c_ubyte * chunk.length).from_address(chunk.address)).cast("B"), proving)

    def forget(self, chunk: Chunk) -> None:
        """See `Landing.forget`: nothing is kept."""
