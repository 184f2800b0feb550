"""A stored model as a directory again: safetensors files, an index where there are several, and the small files.

Every page is read once, proved, and written to where its tensors stand. All of it goes into a directory beside the wanted one, which gets
its name when everything is on the disk.
"""

import fcntl
import json
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from aweigh.memory.checkpoint.directory import INDEX, SINGLE
from aweigh.memory.checkpoint.header import element_bits
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import reach
from aweigh.memory.store.assets import is_asset
from aweigh.memory.store.carried import FILE, Carried
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.disk import set_direct, sync_directory, write_fully
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.layout import Packed, Placed
from aweigh.memory.store.pages import Slot, read
from aweigh.memory.store.plan import pieces
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.tell import Tell, silent
from aweigh.memory.store.trouble import trouble
from aweigh.proto.errors import InvalidRequest, StoreFailed

SHARD_BYTES = 5_000_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A safetensors file to be: `header` with its length before it, and where each tensor begins."""

    name: str
    header: bytes
    offsets: dict[str, int]
    size: int


def export(
    store: Store,
    name: str,
    directory: Path,
    shard_bytes: int = SHARD_BYTES,
    tell: Tell = silent,
) -> None:
    """Writes a model into `directory`, which must not exist, or be empty.

    Args:
        shard_bytes: of tensors that a file may have; a larger tensor gets a file of its own.

    Raises:
        InvalidRequest: the directory has something in it.
        ModelNotFound, StoreFailed: of the store, or of the disk that is written to.
    """
    directory = directory.absolute()
    with Stored(store, name) as stored, trouble(f"exporting {name}", directory), ExitStack() as stack:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise InvalidRequest(f"{directory} is there and not empty: name a directory that is not there")
        partial = _partial(directory, stack)
        files = files_of(list(stored.tensors.values()), shard_bytes)
        _write(stored, files, partial, tell)
        if len(files) > 1:
            weight_map = {tensor: file.name for file in files for tensor in sorted(file.offsets)}
            index = {"metadata": {"total_size": stored.total_bytes}, "weight_map": weight_map}
            _write_small(partial / INDEX, json.dumps(index, indent=2).encode())
        for path, data in assets_of(store, stored).items():
            (partial / path).parent.mkdir(exist_ok=True)
            _write_small(partial / path, data)
        carried = _carried(store, stored)
        lengths = {tensor.name: tensor.length for tensor in stored.tensors.values() if tensor.length}
        if stored.signatures and carried.fits(lengths):
            _write_small(partial / FILE, carried.to_bytes())
        for folder in {partial, *(path.parent for path in partial.rglob("*"))}:
            sync_directory(folder)
        reach(Failpoint.EXPORT_WRITTEN)
        partial.rename(directory)
        sync_directory(directory.parent)


def assets_of(store: Store, stored: Stored) -> dict[str, bytes]:
    """The small files by path. Raises StoreFailed."""
    found = {}
    with store.catalog(f"reading the files of {stored.name}") as connection:
        for path, digest in stored.assets.items():
            row = connection.execute("SELECT data FROM files WHERE digest = ?", (digest,)).fetchone()
            if row is None or blake3(row[0]).digest() != digest or not is_asset(path):
                raise StoreFailed(f"{path} of {stored.name} is not what was stored: publish the model again")
            found[path] = row[0]
    return found


def _carried(store: Store, stored: Stored) -> Carried:
    with store.catalog(f"reading the order of {stored.name}") as connection:
        row = connection.execute("SELECT used_as FROM models WHERE name = ?", (stored.name,)).fetchone()
    extents = tuple(
        Packed(tuple(sorted(found, key=lambda tensor: tensor.offset))) for found in _placed(stored) if found
    )
    return Carried("names" if row is None else row[0], extents, stored.signatures)


def _partial(directory: Path, stack: ExitStack) -> Path:
    """An empty directory that is ours; what an export left there that was killed goes, and what this one leaves if it fails."""
    partial = directory.parent / f".{directory.name}.partial"
    partial.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(partial, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    stack.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InvalidRequest(f"another process exports to {directory}: wait for it") from None
    stack.callback(shutil.rmtree, partial, ignore_errors=True)
    for path in partial.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return partial


def files_of(tensors: list[StoredTensor], shard_bytes: int = SHARD_BYTES) -> list[File]:
    """The safetensors files of some tensors."""
    shards: list[list[StoredTensor]] = [[]]
    room = shard_bytes
    for tensor in tensors:
        if tensor.length > room and shards[-1]:
            shards.append([])
            room = shard_bytes
        shards[-1].append(tensor)
        room -= tensor.length
    count = len(shards)
    if count == 1:
        return [_file(SINGLE, shards[0])]
    return [_file(f"model-{at:05}-of-{count:05}.safetensors", shard) for at, shard in enumerate(shards, 1)]


def _file(name: str, tensors: list[StoredTensor]) -> File:
    """As safetensors' own writer has it, wide elements come first and the header ends at a multiple of 8: then every element is aligned."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offsets: dict[str, int] = {}
    end = 0
    for tensor in sorted(tensors, key=lambda tensor: (-element_bits(tensor.dtype), tensor.name)):
        offsets[tensor.name] = end
        end += tensor.length
        header[tensor.name] = {
            "dtype": tensor.dtype,
            "shape": tensor.shape,
            "data_offsets": [offsets[tensor.name], end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    begin = 8 + len(text)
    return File(
        name,
        struct.pack("<Q", len(text)) + text,
        {tensor: begin + offset for tensor, offset in offsets.items()},
        begin + end,
    )


def _write(stored: Stored, files: list[File], directory: Path, tell: Tell) -> None:
    with ExitStack() as stack:
        places: dict[str, tuple[int, int]] = {}
        targets: list[int] = []
        for file in files:
            target = stack.enter_context((directory / file.name).open("xb")).fileno()
            targets.append(target)
            os.ftruncate(target, file.size)
            write_fully(target, memoryview(file.header), 0)
            places |= {tensor: (target, offset) for tensor, offset in file.offsets.items()}
        placed = _placed(stored)
        slots = list(_slots(stored))
        numbers = [(extent, place) for extent, found in enumerate(stored.extents) for place in range(found.pages)]
        for done, (slot, page, fault) in enumerate(read(slots), 1):
            extent, place = numbers[slot.key]
            if page is None:
                raise StoreFailed(
                    f"a page of {stored.name} {fault}: `aweigh store verify {stored.name}` says of which tensors, publish it again"
                )
            for piece in pieces(placed[extent], place * PAGE_BYTES):
                target, offset = places[piece.tensor]
                write_fully(target, page[piece.at : piece.at + piece.length], offset + piece.offset)
            tell("writing tensors", done * PAGE_BYTES, len(slots) * PAGE_BYTES)
        for target in targets:
            os.fsync(target)


def _placed(stored: Stored) -> list[list[Placed]]:
    placed: list[list[Placed]] = [[] for _ in stored.extents]
    for tensor in stored.tensors.values():
        if tensor.extent is not None:
            placed[tensor.extent].append(Placed(tensor.name, tensor.offset, tensor.length))
    return placed


def _slots(stored: Stored) -> Iterator[Slot]:
    key = 0
    for extent in stored.extents:
        for run in extent.runs:
            set_direct(run.descriptor)
            for at, page in enumerate(run.hashes):
                yield Slot(key, page, run.descriptor, run.offset + at * PAGE_BYTES)
                key += 1


def _write_small(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
