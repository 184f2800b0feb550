"""One extent on its way."""

import time
from collections import deque

from aweigh.memory.mover.chunks import Chunk, cut
from aweigh.memory.mover.core import Making, Targets
from aweigh.proto.errors import AweighError


class Fetch:
    """What is left of it to be read, and what has become of it so far. `key`: its priority, and its place among those of the same."""

    def __init__(self, extent: int, targets: Targets) -> None:
        self.extent = extent
        self.chunks = deque(cut(targets))
        self.bytes = sum(chunk.bytes if isinstance(chunk, Making) else chunk.wanted for chunk in self.chunks)
        self.began = time.monotonic()
        self.reading = 0
        self.over = False  # cancelled or failed: no chunk of it is begun any more
        self.reason: AweighError | None = None
        self.key = (0, 0)

    @property
    def file(self) -> int:
        """Where its next chunk is read from."""
        return file_of(self.chunks[0])


def file_of(chunk: Chunk | Making) -> int:
    """The descriptor that a chunk is read from; -1 for what is made."""
    return -1 if isinstance(chunk, Making) else chunk.descriptor
