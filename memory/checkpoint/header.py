"""The header of a safetensors file, believed only after everything in it was checked.

Format (https://github.com/huggingface/safetensors): 8 bytes little-endian length N, N bytes of JSON
`{name: {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__"?: {str: str}}`, then the data, to which offsets refer.
As in the reference implementation the tensors must fill the data exactly: no overlap, no hole, nothing behind the last one.
A hole could carry anything past whoever checks tensors, and a truncated file is then found here and not by a fault at use.

Python's integers do not wrap, so shape * dtype needs no checked arithmetic, only a bound on the number of dimensions.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any, TypeGuard

from aweigh.proto.dtypes import SAFETENSORS_NAMES, DType
from aweigh.proto.errors import CheckpointInvalid

# The reference implementation's cap. 100 bytes a tensor make it a million tensors.
MAX_HEADER_BYTES = 100_000_000
MAX_RANK = 12
_PREFIX = struct.Struct("<Q")
# Types of the format that no Program computes with, and their bits: files that hold them are legal, slots made of them are not.
# An element of less than a byte has no address: the tensor as a whole must fill its last byte.
_FOREIGN_BITS = {
    "U16": 16,
    "U32": 32,
    "U64": 64,
    "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F4": 4,
}


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Where a tensor stands: `offset` is absolute in the file, in bytes. `dtype` is None for types that we cannot compute with,
    `dtype_name` is what the header says."""

    name: str
    dtype: DType | None
    dtype_name: str
    shape: tuple[int, ...]
    offset: int
    length: int


def header_length(prefix: bytes, file_bytes: int, where: str) -> int:
    """Returns N from the file's first 8 bytes. Raises CheckpointInvalid if the file cannot hold so long a header."""
    if len(prefix) < _PREFIX.size:
        raise CheckpointInvalid(f"{where} has {file_bytes} bytes, too few for a safetensors file: download it again")
    (length,) = _PREFIX.unpack(prefix[: _PREFIX.size])
    if length > MAX_HEADER_BYTES:
        raise CheckpointInvalid(f"{where} declares a header of {length} bytes, more than {MAX_HEADER_BYTES}")
    if length > file_bytes - _PREFIX.size:
        raise CheckpointInvalid(
            f"{where} declares a header of {length} bytes in a file of {file_bytes}: it is truncated"
        )
    return int(length)


def parse_header(text: bytes, file_bytes: int | None, where: str) -> dict[str, TensorEntry]:
    """Returns the tensors of a header by name.

    Args:
        text: the N bytes of JSON.
        file_bytes: size of the whole file; None: it has no data, only a header.
        where: what to call the file in errors.

    Raises:
        CheckpointInvalid: one sentence that names the file and the tensor.
    """
    begin = _PREFIX.size + len(text)
    entries = {
        name: _entry(name, value, begin, file_bytes, where)
        for name, value in _decode(text, where).items()
        if name != "__metadata__"
    }
    position = begin
    for entry in sorted(entries.values(), key=lambda entry: (entry.offset, entry.length)):
        if entry.offset != position:
            what = "overlaps the tensor before it" if entry.offset < position else "leaves a hole before it"
            raise CheckpointInvalid(f"tensor {_short(entry.name)} of {where} {what}: its data_offsets are wrong")
        position += entry.length
    if file_bytes is not None and position != file_bytes:
        raise CheckpointInvalid(
            f"{where} has {file_bytes} bytes, its tensors end at {position}: it is damaged or no safetensors file"
        )
    return entries


def _decode(text: bytes, where: str) -> dict[str, Any]:
    if not text.startswith(b"{"):
        raise CheckpointInvalid(f"{where} is no safetensors file: its header is no JSON object")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(pairs)
        if len(keys) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise CheckpointInvalid(f"{where} names {_short(twice)} twice in its header")
        return keys

    def constant(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    try:
        decoded = json.loads(text, object_pairs_hook=unique, parse_constant=constant)
    except CheckpointInvalid:
        raise
    except (ValueError, RecursionError) as error:
        raise CheckpointInvalid(f"the header of {where} is no JSON: {_short(str(error))}") from None
    if not isinstance(decoded, dict):
        raise CheckpointInvalid(f"the header of {where} is no JSON object")
    return decoded


def _entry(name: str, value: Any, begin: int, file_bytes: int | None, where: str) -> TensorEntry:
    place = f"tensor {_short(name)} of {where}"
    if not isinstance(value, dict):
        raise CheckpointInvalid(f"{place} is described by no JSON object")
    dtype_name, shape, offsets = value.get("dtype"), value.get("shape"), value.get("data_offsets")
    if not isinstance(dtype_name, str) or not (dtype_name in SAFETENSORS_NAMES or dtype_name in _FOREIGN_BITS):
        raise CheckpointInvalid(f"{place} has the unknown dtype {_short(str(dtype_name))}")
    dtype = SAFETENSORS_NAMES.get(dtype_name)
    if not _integers(shape) or len(shape) > MAX_RANK:
        raise CheckpointInvalid(f"{place} has no valid shape")
    if not _integers(offsets) or len(offsets) != 2:
        raise CheckpointInvalid(f"{place} has no valid data_offsets")
    first, last = offsets
    if not first <= last or (file_bytes is not None and last > file_bytes - begin):
        room = "no" if file_bytes is None else file_bytes - begin
        raise CheckpointInvalid(f"{place} lies outside the file: bytes {first} to {last} of {room}")
    bits = element_bits(dtype_name)
    for dim in shape:
        bits *= dim
    if bits != 8 * (last - first):
        need = str(bits // 8) if bits % 8 == 0 else f"{bits} bits"
        raise CheckpointInvalid(f"{place} has {last - first} bytes, its dtype and shape need {_short(need)}")
    return TensorEntry(name, dtype, dtype_name, tuple(shape), begin + first, last - first)


def element_bits(dtype_name: str) -> int:
    """Bits of an element of a type, by its name in a header. Raises KeyError."""
    return 8 * SAFETENSORS_NAMES[dtype_name].size if dtype_name in SAFETENSORS_NAMES else _FOREIGN_BITS[dtype_name]


def _integers(value: Any) -> TypeGuard[list[int]]:
    """Says whether it is a list of unsigned 63-bit integers; True and 1.0 are none."""
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 1 << 63 for item in value)


def _short(text: str) -> str:
    """A text of the file as it may stand in an error: one line, not long."""
    return repr(text if len(text) <= 120 else text[:117] + "...")
