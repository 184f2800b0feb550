"""Which files tensors came from: safetensors and archives of torch, tensor by tensor. Hints, until the bytes were compared.

Filled by `provenance.py` when the script loads a file; asked by the ledger when a weight travels. Whatever happened to a tensor in between
(writes that no counter sees, an alias that is gone) shows when its bytes are compared with the file's, at the speed of memory; what agrees
is named by its place in the file, and neither hashed nor sent.
"""

import mmap
import os
import weakref
from dataclasses import dataclass

import torch

from aweigh.compiler.locks import lock
from aweigh.proto.dtypes import DType
from aweigh.proto.v1 import program_pb2

_DTYPES = {getattr(torch, kind.torch_name): kind for kind in DType}
_CHUNK = 64 << 20  # bytes compared at once


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was when it was read: absolute path, bytes, time of change."""

    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Origin:
    """`offset`: of the tensor's first element, in bytes, its elements in C order from there on."""

    tensor: "weakref.ref[torch.Tensor]"
    file: File
    offset: int


_origins: dict[int, Origin] = {}
_lock = lock()


def identity(path: str) -> File | None:
    """The file as it is now, or None."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return File(os.path.abspath(path), status.st_size, status.st_mtime_ns)


def record(tensor: torch.Tensor, file: File, offset: int) -> None:
    """The tensor's bytes may be those of the file from `offset` on."""
    number = id(tensor)
    origin = Origin(weakref.ref(tensor, lambda _: _origins.pop(number, None)), file, offset)
    with _lock:
        _origins[number] = origin


def origin_of(tensor: torch.Tensor) -> Origin | None:
    """What was recorded of this tensor object."""
    found = _origins.get(id(tensor))
    return found if found is not None and found.tensor() is tensor else None


def in_file(tensor: torch.Tensor, data: memoryview) -> program_pb2.WeightExpression | None:
    """Where the file that the tensor came from has its bytes, which are `data`; None if they are not there any more."""
    found = origin_of(tensor)
    if found is None or not data or identity(found.file.path) != found.file or not _same(found, data):
        return None
    said = program_pb2.FileBytes(
        path=found.file.path, size=found.file.size, modified_ns=found.file.modified_ns, offset=found.offset,
        dtype=int(_DTYPES[tensor.dtype]), shape=tensor.shape,  # type: ignore[arg-type]
    )  # fmt: skip
    return program_pb2.WeightExpression(file=said)


def _same(origin: Origin, data: memoryview) -> bool:
    if origin.offset + len(data) > origin.file.size:
        return False
    with open(origin.file.path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        for begin in range(0, len(data), _CHUNK):
            count = min(_CHUNK, len(data) - begin)
            there = torch.frombuffer(mapped, dtype=torch.uint8, count=count, offset=origin.offset + begin)
            equal = torch.equal(torch.frombuffer(data, dtype=torch.uint8, count=count, offset=begin), there)
            del there  # a mapping that somebody looks at cannot be closed
            if not equal:
                return False
    return True
