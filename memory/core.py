"""The nouns of this room: page, file identity, extent.

A page is 2 MiB of immutable weight bytes; an extent is a run of bytes that kernels use together and that must be contiguous to
them. Policy, records and moves are per extent. An extent is named by its content's identity: for a checkpoint file that is who the
file is (device, inode, size, modification time) with an offset and a length, for bytes that were made here the digest of how.
"""

import os
from dataclasses import dataclass

PAGE_BYTES = 1 << 21


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Who a file is: two equal identities mean the same bytes, as far as a file system tells."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @staticmethod
    def of(status: os.stat_result) -> "FileIdentity":
        return FileIdentity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    @property
    def name(self) -> str:
        return f"file:{self.device:x}.{self.inode:x}.{self.size:x}.{self.modified_ns:x}"


@dataclass(frozen=True, slots=True)
class Extent:
    """`length` bytes at `offset` of a source: a file's identity name, or the digest of what was made."""

    source: str
    offset: int
    length: int

    def __post_init__(self) -> None:
        assert self.offset >= 0 and self.length >= 0, "an extent lies inside its source"

    @property
    def name(self) -> str:
        return f"{self.source}@{self.offset:x}+{self.length:x}"

    @property
    def first_page(self) -> int:
        return self.offset // PAGE_BYTES

    @property
    def pages(self) -> int:
        """Pages that hold a byte of it."""
        return -(-(self.offset + self.length) // PAGE_BYTES) - self.first_page if self.length else 0

    def part(self, offset: int, length: int) -> "Extent":
        """A run inside this extent, such as one expert of a stacked tensor."""
        assert offset >= 0 and offset + length <= self.length, "a part lies inside its extent"
        return Extent(self.source, self.offset + offset, length)
