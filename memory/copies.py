"""How many bytes of weights a worker's models may keep a second time, in a layout that their kernels chose.

Weights are mapped from files, which the system can drop from memory and read again; a copy is memory that it cannot. So all copies
together are at most a quarter of the machine, and a model makes none that is larger than half of what is available when it is
bound. Who gets none computes from the weights as they are. One thread.
"""

import os

import psutil

_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
MAX_BYTES = _MEMORY // 4


class Copies:
    """`bytes` are taken at present."""

    def __init__(self, most: int = MAX_BYTES) -> None:
        self.bytes = 0
        self._most = most

    def take(self, size: int) -> bool:
        """Whether `size` more bytes may be copied; they are counted then."""
        if self.bytes + size > self._most or size > psutil.virtual_memory().available // 2:
            return False
        self.bytes += size
        return True

    def give(self, size: int) -> None:
        """Gives back what was taken."""
        self.bytes -= size
        assert self.bytes >= 0, "more was given back than was taken"
