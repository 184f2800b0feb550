"""What is moved: runs of bytes of open files, into addresses, and what became of it.

The mover obeys; which extents come, in which order and over whom is the manager's business (`memory/residency`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aweigh.proto.errors import AweighError

BLOCK_BYTES = 4096  # what unbuffered reads are aligned to: offsets, lengths and addresses


@dataclass(frozen=True, slots=True)
class Run:
    """`length` bytes at `offset` of an open file. `hashes`: BLAKE3 of each 2 MiB page of it, where the tier below knows them."""

    descriptor: int
    offset: int
    length: int
    hashes: tuple[bytes, ...] = ()


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
