"""Compiled code on disk, so that no process of a user compiles what another one has.

One file per key in `native` under $AWEIGH_CACHE, else $XDG_CACHE_HOME/aweigh, else ~/.cache/aweigh: 32 bytes BLAKE3 of the rest, then an
object file. It is written under a temporary name and renamed. The key covers what was asked for, our own sources, the versions of the bindings and
of torch, and the processor as the kernel describes it: code for another one may end in an illegal instruction.

Whoever can write here can have code run, so nothing is read from a folder that is not the caller's own, or that others may enter, nor
from a file that is not, or that others may write to. The folder is opened once per call and asked itself, not by its name.
"""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path

from blake3 import blake3

_HASH = 32
_MOST_BYTES = 1 << 22
_MOST_FILES = 256


def folder() -> Path:
    """Where code lies; it need not exist."""
    if named := os.environ.get("AWEIGH_CACHE"):
        return Path(named) / "native"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aweigh" / "native"


def key(name: str) -> str | None:
    """Of what is called `name` in our sources; None where the processor is not known."""
    processor = _processor()
    if processor is None:
        return None
    state = blake3()
    for data in (name.encode(), processor, _sources(), *_versions()):
        state.update(len(data).to_bytes(8, "little") + data)
    return state.hexdigest()


def load(name: str) -> bytes | None:
    """The object file under a key; None where nothing is, nothing whole, or nothing that is surely the user's own."""
    try:
        opened = _open(folder())
    except OSError:
        return None
    try:
        file = os.open(f"{name}.o", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=opened)
        with os.fdopen(file, "rb") as stream:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode) or not _own(status, stat.S_IWGRP | stat.S_IWOTH):
                return None
            data = stream.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES or blake3(data[_HASH:]).digest() != data[:_HASH]:
            return None
        with suppress(OSError):
            os.utime(f"{name}.o", dir_fd=opened)
        return data[_HASH:]
    except OSError:
        return None
    finally:
        os.close(opened)


def store(name: str, write: Callable[[str], None]) -> None:
    """Keeps what `write` writes to a file of a name that it is given. Where that cannot be, nothing is kept."""
    with suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = _open(folder())
        try:
            _store(opened, name, write)
        finally:
            os.close(opened)


def _store(opened: int, name: str, write: Callable[[str], None]) -> None:
    scrap = f"{name}.{os.getpid()}.scrap"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(scrap, flags, 0o600, dir_fd=opened), "rb+") as stream:
            write(f"/proc/self/fd/{stream.fileno()}")
            data = stream.read(_MOST_BYTES)
            if not data:
                return
            stream.seek(0)
            stream.write(blake3(data).digest() + data)
        os.rename(scrap, f"{name}.o", src_dir_fd=opened, dst_dir_fd=opened)
        _evict(opened)
    finally:
        with suppress(OSError):
            os.unlink(scrap, dir_fd=opened)


def _evict(opened: int) -> None:
    """What was used longest ago goes while there are too many."""
    used = sorted((os.stat(one, dir_fd=opened).st_mtime_ns, one) for one in os.listdir(opened) if one.endswith(".o"))
    for _, one in used[: max(len(used) - _MOST_FILES, 0)]:
        with suppress(OSError):
            os.unlink(one, dir_fd=opened)


def _open(path: Path) -> int:
    """The folder as a descriptor. Raises OSError where it is not there, or not the user's alone."""
    opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    if _own(os.fstat(opened), stat.S_IRWXG | stat.S_IRWXO):
        return opened
    os.close(opened)
    raise PermissionError(f"{path} is not this user's alone: code is neither kept there nor taken from it")


def _own(status: os.stat_result, forbidden: int) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & forbidden


@cache
def _processor() -> bytes | None:
    """What the kernel says of one core, but for what changes by the moment."""
    try:
        text = Path("/proc/cpuinfo").read_bytes().split(b"\n\n", 1)[0]
    except OSError:
        return None
    wanted = (b"vendor_id", b"cpu family", b"model", b"stepping", b"flags")
    lines = [line for line in text.splitlines() if line.partition(b":")[0].strip() in wanted]
    return b"\n".join(lines) if lines else None


@cache
def _sources() -> bytes:
    """The digest of the sources of native code."""
    state = blake3()
    room = Path(__file__).parent
    for path in (*sorted(room.glob("*.py")), room.parent / "mlir.py"):
        data = path.read_bytes()
        state.update(len(data).to_bytes(8, "little") + data)
    return state.digest()


@cache
def _versions() -> tuple[bytes, ...]:
    found = []
    for package in ("torch", "torch-mlir", "mlir"):
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{package} {metadata.version(package)}".encode())
    return tuple(found)
