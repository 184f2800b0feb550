"""What is moved: runs of bytes of open files, into addresses, and what became of it.

The mover obeys; which extents come, in which order and over whom is the manager's business (`memory/residency`).
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from aweigh.proto.errors import AweighError

BLOCK_BYTES = 4096  # what unbuffered reads are aligned to: offsets, lengths and addresses


ReadFile = Callable[[int, memoryview], None]
"""Fills a buffer from a byte of a chunk on. Raises OSError, AweighError."""


Proving = Callable[[], AbstractContextManager[None]]
"""What hashes are checked in: meanwhile its thread does not read, and another one may."""


class Elsewhere(Protocol):
    """Who else may have pages, by their hashes. Called by several threads at once."""

    def bring(
        self, hashes: Sequence[bytes], pages_B: memoryview, read_file: ReadFile | None, proving: Proving = ...
    ) -> None:
        """Fills a buffer with pages, proved, from the file or from wherever. `read_file` None: there is no file. Raises AweighError."""

    def seconds(self, count: int, *, on_disk: bool) -> float:
        """How long so many bytes are expected to take."""


@dataclass(frozen=True, slots=True)
class Run:
    """`length` bytes at `offset` of an open file. `hashes`: BLAKE3 of each 2 MiB page of it, where the tier below knows them.

    `elsewhere`: where such pages come from if the file does not have them; then `descriptor` may be -1, no file.
    """

    descriptor: int
    offset: int
    length: int
    hashes: tuple[bytes, ...] = ()
    elsewhere: Elsewhere | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a run goes. `address` has the run's offset modulo 4096; up to 4095 bytes before and behind it may be written to.

    `here`: the file is mapped there, and only its hashes are to be checked.
    """

    run: Run
    address: int
    here: bool = False

    def __post_init__(self) -> None:
        assert (self.address - self.run.offset) % BLOCK_BYTES == 0, "a run keeps its place in a block"


@dataclass(frozen=True, slots=True)
class Making:
    """Bytes that no file holds as they are: `make` writes them where they belong. It raises what `AweighError` says, or OSError."""

    make: Callable[[], None]
    bytes: int


@dataclass(frozen=True, slots=True)
class Moved:
    """An extent is there, all of it, and its hashes were right."""

    extent: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class NotMoved:
    """An extent did not come; nobody writes to its place any more. `reason` None: it was cancelled."""

    extent: int
    reason: AweighError | None


Outcome = Moved | NotMoved
Targets = Sequence[Target] | Making
