"""Who opens a file, seen from outside: fanotify's word on every process that opens, reads or maps it.

To read a file's bytes by `read`, `mmap`, `io_uring` or a library a process must open it first, and the kernel
reports each opening with the process that did it; so "nobody but the engine opened the weights" is proof that no
other process read a byte of them (short of being handed an open descriptor, which the caller may check with
`holders`). Rejected: `/proc/PID/io`, which does not count mapped reads; polling `/proc/PID/fd`, which misses what
lasts less than its period; inotify, which does not say who. Listening needs CAP_SYS_ADMIN: see `can_watch`.

Linux only. man 7 fanotify gives the layout of the events.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

FAN_CLOEXEC, FAN_NONBLOCK, FAN_CLASS_NOTIF = 0x1, 0x2, 0x0
FAN_MARK_ADD = 0x1
FAN_ACCESS, FAN_OPEN = 0x1, 0x20
AT_FDCWD = -100
EVENT = struct.Struct("=IBBHQii")  # length, version, reserved, metadata length, mask, descriptor, process


@dataclass(frozen=True, order=True)
class Opening:
    """Process `pid` opened `path` (or read from it by `read`)."""

    pid: int
    path: str


class WeightWatch:
    """Notes every opening of `files` from its making until `close`; a context manager."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._library.fanotify_mark.argtypes = (
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint64,
            ctypes.c_int,
            ctypes.c_char_p,
        )
        flags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK
        self._descriptor = self._library.fanotify_init(flags, os.O_RDONLY | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise PermissionError(ctypes.get_errno(), "watching who opens a file needs CAP_SYS_ADMIN: run as root")
        self._openings: set[Opening] = set()
        for path in files:
            mask = FAN_OPEN | FAN_ACCESS
            if self._library.fanotify_mark(self._descriptor, FAN_MARK_ADD, mask, AT_FDCWD, os.fsencode(path)):
                code = ctypes.get_errno()
                self.close()
                raise OSError(code, os.strerror(code), str(path))

    def openings(self) -> frozenset[Opening]:
        """All that happened up to this call."""
        while True:
            try:
                events = os.read(self._descriptor, 65536)
            except BlockingIOError:
                return frozenset(self._openings)
            while events:
                length, _, _, _, _, descriptor, pid = EVENT.unpack_from(events)
                assert descriptor >= 0, "the kernel's queue of events overflowed"
                self._openings.add(Opening(pid, os.readlink(f"/proc/self/fd/{descriptor}")))
                os.close(descriptor)
                events = events[length:]

    def close(self) -> None:
        """Stop listening."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def can_watch() -> bool:
    """Whether this process may listen."""
    try:
        WeightWatch(()).close()
    except (OSError, AttributeError):
        return False
    return True


def weight_files(model: Path) -> list[Path]:
    """The weight files of a model's folder."""
    return sorted(path for path in model.iterdir() if path.suffix in {".safetensors", ".bin", ".pt", ".pth"})


def holders(pids: Iterable[int], files: Iterable[Path]) -> frozenset[Opening]:
    """Which of the processes hold one of `files` open or mapped at this moment."""
    wanted = {str(path.resolve()) for path in files}
    return frozenset(Opening(pid, path) for pid in pids for path in _held_by(pid) & wanted)


def _held_by(pid: int) -> set[str]:
    """The paths that a process has open or mapped; those of its descriptors that it closes meanwhile are passed over."""
    held = set()
    process = Path(f"/proc/{pid}")
    try:
        for line in (process / "maps").read_text().splitlines():
            held.update(line.split(maxsplit=5)[5:])
        for entry in (process / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                held.add(os.readlink(entry))
    except (FileNotFoundError, ProcessLookupError):
        return held
    return held
