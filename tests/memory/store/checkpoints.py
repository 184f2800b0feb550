"""Checkpoints made byte by byte, of any dtype and without torch, and stores that hold them."""

import json
import os
import random
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import deserialize

from aweigh.memory.checkpoint.header import element_bits
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.page import is_page
from aweigh.memory.store.publish import Published, publish
from aweigh.memory.store.stored import Stored


@dataclass(frozen=True)
class Raw:
    """A tensor as a file has it."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


Tensors = Mapping[str, Raw]


def raw(dtype: str, *shape: int, seed: int = 0) -> Raw:
    """Random bytes of a tensor; the same for the same seed."""
    bits = element_bits(dtype)
    for size in shape:
        bits *= size
    data = random.Random(repr((dtype, shape, seed))).randbytes(bits // 8)
    return Raw(dtype, shape, bytes(byte & 1 for byte in data) if dtype == "BOOL" else data)


def pages(*numbers: int) -> Raw:
    """A tensor of one page per number; equal numbers are equal pages."""
    data = b"".join(random.Random(number).randbytes(1 << 14) * (PAGE_BYTES >> 14) for number in numbers)
    return Raw("U8", (len(data),), data)


def write(directory: Path, tensors: Tensors, config: str = "{}", name: str = "model.safetensors") -> Path:
    """A directory with one safetensors file and a config.json."""
    directory.mkdir(parents=True, exist_ok=True)
    header: dict[str, object] = {}
    end = 0
    for key, tensor in tensors.items():
        end += len(tensor.data)
        offsets = [end - len(tensor.data), end]
        header[key] = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": offsets}
    text = json.dumps(header).encode()
    data = b"".join(tensor.data for tensor in tensors.values())
    (directory / name).write_bytes(struct.pack("<Q", len(text)) + text + data)
    (directory / "config.json").write_text(config)
    return directory


def small(seed: int = 0) -> dict[str, Raw]:
    """A model of five pages and a bit: two layers, a norm each, and a head."""
    tensors = {"embed.weight": raw("BF16", 1024, 1024, seed=seed)}
    for at in range(2):
        tensors[f"layers.{at}.norm.weight"] = raw("F32", 1000, seed=seed + at)
        tensors[f"layers.{at}.up.weight"] = raw("BF16", 700, 1024, seed=seed + at)
        tensors[f"layers.{at}.down.weight"] = raw("BF16", 1024, 700, seed=seed + at)
    return tensors


def put(store: Store, directory: Path, name: str) -> Published:
    """Publishes without asking a compiler, two pages at a time."""
    return publish(directory, name, store, program=False, batch_pages=2)


def read_back(store: Store, name: str) -> dict[str, Raw]:
    """All tensors, through runs, every page proved."""
    with Stored(store, name) as stored:
        extents = []
        for extent in stored.extents:
            data = bytearray()
            for run in extent.runs:
                view = memoryview(_pread(run.descriptor, run.length, run.offset))
                for at, page in enumerate(run.hashes):
                    assert is_page(view[at * PAGE_BYTES : (at + 1) * PAGE_BYTES], page)
                data += view
            assert not any(data[extent.length :])
            extents.append(bytes(data))
        return {
            tensor.name: Raw(
                tensor.dtype,
                tensor.shape,
                b"" if tensor.extent is None else extents[tensor.extent][tensor.offset : tensor.offset + tensor.length],
            )
            for tensor in stored.tensors.values()
        }


def read_files(directory: Path) -> dict[str, Raw]:
    """All tensors of a directory's safetensors files, read by the reference implementation."""
    found = {}
    for path in sorted(directory.glob("*.safetensors")):
        for name, tensor in deserialize(path.read_bytes()):  # type: ignore[no-untyped-call]
            found[name] = Raw(tensor["dtype"], tuple(tensor["shape"]), bytes(tensor["data"]))
    return found


def _pread(descriptor: int, length: int, offset: int) -> bytes:
    data = os.pread(descriptor, length, offset)
    assert len(data) == length
    return data
