"""The journal of one publish: which pages of its plan are safe, and where, so that a publish that was killed goes on.

Records of fixed size, each with its own check, appended and synced after the pages that they name. A torn record ends the journal. The
directory that holds it is named by a digest of the plan and of the identities of the source's files, so a journal never
speaks of other bytes than those that are asked for.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from aweigh.memory.failpoints import reach
from aweigh.memory.store.disk import write_fully
from aweigh.memory.store.failpoints import Failpoint

_RECORD = struct.Struct("<Q32s16sI")  # page of the plan, its hash, segment, slot
_CHECK_BYTES = 8
_BYTES = _RECORD.size + _CHECK_BYTES
_ELSEWHERE = bytes(16)  # the segment of a page that was stored before


@dataclass(frozen=True, slots=True)
class Safe:
    """A page of the plan by its number. `segment` is empty if another publish had stored it."""

    number: int
    hash: bytes
    segment: str
    slot: int


class Journal:
    """Open for appending. One process at a time: the lock on the directory sees to that."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self.safe = list(self._read())
        self._end = len(self.safe) * _BYTES
        os.ftruncate(self._descriptor, self._end)

    def append(self, records: list[Safe]) -> None:
        """Durable when it returns. Raises OSError."""
        data = memoryview(b"".join(map(_encode, records)))
        torn = len(data) - _BYTES // 2
        write_fully(self._descriptor, data[:torn], self._end)
        reach(Failpoint.JOURNAL_TORN)
        write_fully(self._descriptor, data[torn:], self._end + torn)
        os.fsync(self._descriptor)
        self._end += len(data)

    def close(self) -> None:
        os.close(self._descriptor)

    def _read(self) -> list[Safe]:
        found = []
        with open(self._descriptor, "rb", closefd=False) as file:
            while (record := _decode(file.read(_BYTES))) is not None:
                found.append(record)
        return found


def _encode(record: Safe) -> bytes:
    segment = bytes.fromhex(record.segment) if record.segment else _ELSEWHERE
    body = _RECORD.pack(record.number, record.hash, segment, record.slot)
    return body + blake3(body).digest(_CHECK_BYTES)


def _decode(data: bytes) -> Safe | None:
    body, check = data[: _RECORD.size], data[_RECORD.size :]
    if len(data) < _BYTES or blake3(body).digest(_CHECK_BYTES) != check:
        return None
    number, name, segment, slot = _RECORD.unpack(body)
    return Safe(number, name, "" if segment == _ELSEWHERE else segment.hex(), slot)
