"""The tensors of a checkpoint directory from the headers of its safetensors files; no weight is read.

Format: https://github.com/huggingface/safetensors: 8 bytes little-endian length of the header, the header as JSON, the data.
The engine checks offsets before it reads; here only names, dtypes and shapes matter, and sizes are capped before allocation.
torch is not imported.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aweigh.proto.dtypes import SAFETENSORS_NAMES, DType
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound

_HEADER_LIMIT = 100_000_000
_INDEX_LIMIT = 100_000_000


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """One tensor of a checkpoint, as its header describes it."""

    dtype: DType
    shape: tuple[int, ...]


def _files(directory: Path) -> list[Path]:
    index = directory / "model.safetensors.index.json"
    if index.is_file():
        if index.stat().st_size > _INDEX_LIMIT:
            raise CheckpointInvalid(f"The index {index} is larger than {_INDEX_LIMIT} bytes.")
        try:
            names = set(json.loads(index.read_bytes())["weight_map"].values())
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise CheckpointInvalid(f"The index {index} is not a safetensors index: {error}.") from error
        if any(not isinstance(name, str) or Path(name).name != name for name in names):
            raise CheckpointInvalid(f"The index {index} names a file outside its directory.")
        return sorted(directory / name for name in names)
    files = sorted(directory.glob("*.safetensors"))
    single = directory / "model.safetensors"
    if single in files:
        return [single]
    if not files:
        raise ModelNotFound(f"There is no safetensors file in {directory}: give a directory that holds a checkpoint.")
    return files


def _header(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > min(_HEADER_LIMIT, path.stat().st_size - 8):
                raise CheckpointInvalid(f"The header of {path} says {length} bytes, more than the file has.")
            header = json.loads(file.read(length))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, CheckpointInvalid):
            raise
        raise CheckpointInvalid(f"{path} cannot be read as safetensors: {error}.") from error
    if not isinstance(header, dict):
        raise CheckpointInvalid(f"The header of {path} is not a JSON object.")
    return header


def _entries(path: Path) -> Iterator[tuple[str, TensorEntry]]:
    for name, entry in _header(path).items():
        if name == "__metadata__":
            continue
        try:
            dtype, shape = SAFETENSORS_NAMES[entry["dtype"]], tuple(int(size) for size in entry["shape"])
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointInvalid(f"The header of {path} describes {name!r} in no known way: {error}.") from error
        if any(not 0 <= size < 2**48 for size in shape):
            raise CheckpointInvalid(f"The header of {path} gives {name!r} the impossible shape {list(shape)}.")
        yield name, TensorEntry(dtype, shape)


def read_headers(directory: Path) -> dict[str, TensorEntry]:
    """Returns every tensor of the checkpoint in `directory` by its key.

    Raises:
        ModelNotFound: there is no safetensors file.
        CheckpointInvalid: an index or a header does not parse, or a key stands in two files.
    """
    found: dict[str, TensorEntry] = {}
    try:
        files = _files(directory)
    except OSError as error:
        raise CheckpointInvalid(f"The checkpoint {directory} cannot be read: {error}.") from None
    for path in files:
        for name, entry in _entries(path):
            if name in found:
                raise CheckpointInvalid(f"The tensor {name!r} stands in two files of {directory}.")
            found[name] = entry
    return found
