"""Compiled models on disk, so that no structure is compiled twice.

One file per key under $AWEIGH_CACHE, else $XDG_CACHE_HOME/aweigh, else ~/.cache/aweigh: 32 bytes BLAKE3 of the rest, then the
message `aweigh.v1.Compiled`. It is written under a temporary name and renamed, and believed only if the hash fits: a torn or foreign
file is a miss. The key covers all that the answer depends on: the request, the names, sizes and times of the weight files, versions of what captures and
imports, and our own sources, so that nobody has to remember to empty the cache. Who misses takes a lock on the key and looks again, so that
of many scripts that start at once one compiles. Nothing here imports torch.

Who stores also evicts: what was not used for $AWEIGH_CACHE_DAYS, and then the least recently used until the rest takes at most
$AWEIGH_CACHE_BYTES. A file's modification time is its last use; a hit sets it. Readers and writers need no lock against this: a file
that goes while it is read stays whole for its reader, one that is gone is a miss, and two who evict at once remove the same files.
"""

import fcntl
import json
import math
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from blake3 import blake3
from google.protobuf.message import DecodeError

from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.v1 import compiler_pb2 as pb

_HASH = 32
_FILE_LIMIT = 1 << 28
_KEPT_BYTES = 1 << 30
_KEPT_DAYS = 90.0
_SCRAP_SECONDS = (
    86_400.0  # no writer lives that long, and a lock that goes under its holder costs a second compilation at worst
)
_PACKAGES = ("torch", "transformers", "torch-mlir")

# What a configuration says about its own history and not about the model.
_HISTORY = frozenset({"_name_or_path", "transformers_version", "_commit_hash", "torch_dtype", "dtype"})


def folder() -> Path:
    """Where compiled models lie; it need not exist."""
    if named := os.environ.get("AWEIGH_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aweigh"


def key(request: pb.CompileRequest) -> str:
    """The name of the file for a request.

    Raises:
        CheckpointInvalid: the configuration of the checkpoint cannot be read.
    """
    state = blake3()
    rest = pb.CompileRequest()
    rest.CopyFrom(request)
    for name in ("config", "directory"):
        rest.ClearField(name)
    texts = (text.encode() for text in (*_versions(), *((_version("peft"),) if request.HasField("adapters") else ())))
    config = b"" if request.graph or request.checkpoint_only else _config(request)
    for data in (config, rest.SerializeToString(deterministic=True), *texts, _sources()):
        state.update(len(data).to_bytes(8, "little") + data)
    if request.directory:
        for identity in _weight_files(Path(request.directory)):
            state.update(len(identity).to_bytes(8, "little") + identity)
    return state.hexdigest()


def load(name: str) -> pb.Compiled | None:
    """What was stored under a key; None where nothing was, or nothing whole."""
    path = folder() / f"{name}.compiled"
    try:
        if path.stat().st_size > _FILE_LIMIT:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    if blake3(data[_HASH:]).digest() != data[:_HASH]:
        return None
    try:
        found = pb.Compiled.FromString(data[_HASH:])
    except DecodeError:
        return None
    with suppress(OSError):  # a cache that cannot be written still can be read
        os.utime(path)
    return found


def store(name: str, compiled: pb.Compiled) -> None:
    """Stores under a key. A folder that cannot be written is no error: the next process compiles again."""
    body = compiled.SerializeToString(deterministic=True)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=folder(), prefix=".writing-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(blake3(body).digest() + body)
            os.replace(temporary, folder() / f"{name}.compiled")
        except OSError:
            os.unlink(temporary)
            return
        evict(time.time(), keep=f"{name}.compiled")
    except OSError:
        return


def evict(now: float, keep: str = "") -> None:
    """Removes what is old or too much; never the file `keep`. `now`: seconds since the epoch."""
    most, longest = _limit("AWEIGH_CACHE_BYTES", _KEPT_BYTES), _limit("AWEIGH_CACHE_DAYS", _KEPT_DAYS) * 86_400
    files: list[tuple[float, int, str]] = []
    with os.scandir(folder()) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                if entry.name.endswith(".compiled"):
                    files.append((status.st_mtime, status.st_size, entry.path))
                elif entry.name.startswith(".") and now - status.st_mtime > _SCRAP_SECONDS:
                    os.unlink(entry.path)
    total = sum(size for _, size, _ in files)
    for used, size, path in sorted(files):
        if os.path.basename(path) == keep:
            continue
        if now - used <= longest and total <= most:
            break
        total -= size
        with suppress(FileNotFoundError):
            if os.stat(path).st_mtime == used:  # else somebody has used it since
                os.unlink(path)


def _limit(variable: str, default: float) -> float:
    """A number from the environment; 0 is no limit, and what is no number is the default."""
    try:
        said = float(os.environ.get(variable, default))
    except ValueError:
        return default
    return said if said > 0 else math.inf if said == 0 else default


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Inside, no other process works on this key. A process that dies lets go; without a folder that can be written there is no lock."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder() / f".{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        os.utime(descriptor)
    except OSError:
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _config(request: pb.CompileRequest) -> bytes:
    text = request.config
    if not text:
        try:
            text = (Path(request.directory) / "config.json").read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise CheckpointInvalid(f"{request.directory} has no readable config.json ({error}).") from None
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CheckpointInvalid(f"The configuration is not JSON ({error}).") from None
    return json.dumps(_without_history(parsed), sort_keys=True).encode()


def _without_history(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_history(item) for name, item in value.items() if name not in _HISTORY}
    return [_without_history(item) for item in value] if isinstance(value, list) else value


def _weight_files(directory: Path) -> list[bytes]:
    """What tells weight files from others without opening them: this runs in the script's process, which never does."""
    found = [directory.joinpath(name) for name in sorted(os.listdir(directory)) if name.endswith(".safetensors")]
    stats = ((path.name, path.stat()) for path in found)
    identities = [f"{name} {stat.st_size} {stat.st_mtime_ns}".encode() for name, stat in stats]
    index = directory / "model.safetensors.index.json"
    return identities + ([index.read_bytes()] if index.is_file() else [])


@cache
def _versions() -> tuple[str, ...]:
    return tuple(map(_version, _PACKAGES))


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


@cache
def _sources() -> bytes:
    """A hash over the compiler's files and the wire's."""
    room = Path(__file__).resolve().parent
    state = blake3()
    for folder_ in (room, room.parent / "proto"):
        for path in sorted(folder_.rglob("*.py")):
            if "offload" not in path.parts and "coverage" not in path.parts:
                state.update(path.relative_to(folder_).as_posix().encode() + b"\0" + path.read_bytes())
    return state.digest()
