"""The record of a model in an object store, believed only after everything in it was checked.

Whoever may write to the bucket may write anything: sizes are capped before anything is allocated, no path leads out of a directory, and the
digest over all that a reader believes is computed again (store/rows.py). It proves that nothing was torn or mixed; whose model it is, only
a digest from elsewhere says (`aweigh store pull --digest`). Names of extents and packs are not read but computed, so none can stand for other bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from aweigh.memory.checkpoint.header import MAX_RANK, element_bits
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.assets import MAX_BYTES, MAX_FILE_BYTES, MAX_FILES, is_asset
from aweigh.memory.store.name import check as check_name
from aweigh.memory.store.rows import StoredTensor, extent_digest, model_digest
from aweigh.memory.store.signatures import MOST as MOST_SIGNATURES
from aweigh.memory.tiers.packs import HASH_BYTES, MOST_PACK_PAGES, Pack, places, split
from aweigh.memory.trust.signature import Signature
from aweigh.proto.errors import InvalidRequest, StoreFailed
from aweigh.proto.v1 import published_pb2

VERSION = 1
MAX_RECORD_BYTES = 256 << 20
MAX_TENSORS = 1 << 20
MAX_NAME_BYTES = 4_096
MAX_EXTENT_BYTES = 1 << 44
MAX_PAGES = 1 << 22
_MAX_DIMENSION = 1 << 62


@dataclass(frozen=True, slots=True)
class File:
    """A small file: its digest and how many bytes it has."""

    digest: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Published:
    """A model as its reader will have it, and where its pages lie. `extents`: lengths."""

    name: str
    structure: bytes
    used_as: str
    fingerprint: bytes | None
    tensors: Sequence[StoredTensor]
    extents: Sequence[int]
    hashes: Sequence[bytes]
    files: Mapping[str, File]
    packs: Sequence[Pack]
    signatures: Sequence[Signature] = ()

    def named(self) -> list[tuple[bytes, int]]:
        """Digest and length of every extent."""
        found, first = [], 0
        for length in self.extents:
            count = -(-length // PAGE_BYTES)
            found.append((extent_digest(self.hashes[first : first + count], length), length))
            first += count
        return found

    @property
    def digest(self) -> bytes:
        """Over all that a reader believes."""
        files = {path: file.digest for path, file in self.files.items()}
        return model_digest(self.name, self.fingerprint, self.tensors, self.named(), self.hashes, files)

    @property
    def bytes(self) -> int:
        """Of all tensors."""
        return sum(tensor.length for tensor in self.tensors)


def encode(model: Published) -> bytes:
    """The record."""
    message = published_pb2.PublishedModel(
        version=VERSION,
        name=model.name,
        digest=model.digest,
        structure=model.structure,
        used_as=model.used_as,
        fingerprint=model.fingerprint,
        extents=model.extents,
        hashes=b"".join(model.hashes),
    )
    for tensor in model.tensors:
        message.tensors.add(
            name=tensor.name,
            dtype=tensor.dtype,
            shape=tensor.shape,
            extent=tensor.extent,
            offset=tensor.offset,
            length=tensor.length,
        )
    for path, file in model.files.items():
        message.files.add(path=path, digest=file.digest, size=file.size)
    for pack in model.packs:
        message.packs.add(hashes=b"".join(pack.hashes))
    message.signatures.extend(signature.to_bytes() for signature in model.signatures)
    return message.SerializeToString()


def decode(data: bytes) -> Published:
    """Raises StoreFailed in one sentence."""
    if len(data) > MAX_RECORD_BYTES:
        raise StoreFailed(f"a model's record has {len(data)} bytes, more than {MAX_RECORD_BYTES}")
    try:
        message = published_pb2.PublishedModel.FromString(data)
    except DecodeError:
        raise StoreFailed("this is no record of a model: push it again") from None
    try:
        found = _checked(message)
        right = found.digest == message.digest
    except (InvalidRequest, KeyError) as error:
        raise StoreFailed(f"the record of a model is none: {error}") from None
    if not right:
        raise StoreFailed(f"the record of {found.name} does not have the digest that it says: push the model again")
    return found


def _checked(message: published_pb2.PublishedModel) -> Published:
    if message.version != VERSION:
        raise StoreFailed(f"the record is of version {message.version}, this Aweigh knows {VERSION}")
    check_name(message.name)
    _demand(len(message.structure) == HASH_BYTES, "its structure is no hash")
    _demand(message.used_as in ("program", "names"), "nobody knows how its tensors are ordered")
    _demand(not message.HasField("fingerprint") or len(message.fingerprint) <= 64, "its fingerprint is none")
    _demand(len(message.tensors) <= MAX_TENSORS, "it has too many tensors")
    _demand(len(message.hashes) <= MAX_PAGES * HASH_BYTES, "it has too many pages")
    _demand(all(0 < length <= MAX_EXTENT_BYTES for length in message.extents), "an extent has no valid length")
    hashes = split(message.hashes)
    counted = sum(-(-length // PAGE_BYTES) for length in message.extents)
    _demand(counted == len(hashes), f"its extents have {counted} pages, and it names {len(hashes)}")
    tensors = tuple(_tensor(tensor, message.extents) for tensor in message.tensors)
    _demand(len({tensor.name for tensor in tensors}) == len(tensors), "it names a tensor twice")
    return Published(
        message.name,
        message.structure,
        message.used_as,
        message.fingerprint if message.HasField("fingerprint") else None,
        tensors,
        tuple(message.extents),
        hashes,
        _files(message),
        _packs(message, hashes),
        _signatures(message),
    )


def _tensor(tensor: published_pb2.PublishedModel.Tensor, extents: Sequence[int]) -> StoredTensor:
    name = repr(tensor.name[:100])
    _demand(0 < len(tensor.name) <= MAX_NAME_BYTES and len(tensor.shape) <= MAX_RANK, f"{name} is no tensor")
    _demand(all(size < _MAX_DIMENSION for size in tensor.shape), f"{name} has no valid shape")
    bits = element_bits(tensor.dtype)
    for size in tensor.shape:
        bits *= size
    _demand(bits == 8 * tensor.length, f"{name} has {tensor.length} bytes, and its shape needs others")
    extent = tensor.extent if tensor.HasField("extent") else None
    _demand((extent is None) == (tensor.length == 0), f"{name} has bytes and no extent, or the other way round")
    if extent is not None:
        _demand(extent < len(extents), f"{name} lies in an extent that is not there")
        _demand(tensor.offset + tensor.length <= extents[extent], f"{name} lies outside its extent")
    else:
        _demand(tensor.offset == 0, f"{name} has a place and no bytes")
    return StoredTensor(tensor.name, tensor.dtype, tuple(tensor.shape), extent, tensor.offset, tensor.length)


def _files(message: published_pb2.PublishedModel) -> dict[str, File]:
    _demand(len(message.files) <= MAX_FILES, "it has too many small files")
    found = {}
    for file in message.files:
        _demand(
            len(file.path) <= MAX_NAME_BYTES and is_asset(file.path), f"{file.path[:100]!r} is no small file of a model"
        )
        _demand(len(file.digest) == HASH_BYTES and file.size <= MAX_FILE_BYTES, f"{file.path!r} is too large")
        found[file.path] = File(file.digest, file.size)
    _demand(len(found) == len(message.files), "it names a file twice")
    _demand(sum(file.size for file in found.values()) <= MAX_BYTES, "its small files are too large")
    return found


def _packs(message: published_pb2.PublishedModel, hashes: Sequence[bytes]) -> tuple[Pack, ...]:
    _demand(len(message.packs) <= MAX_PAGES, "it has too many packs")
    most = MOST_PACK_PAGES * HASH_BYTES
    _demand(all(0 < len(pack.hashes) <= most for pack in message.packs), "a pack has no valid size")
    packs = tuple(Pack(split(pack.hashes)) for pack in message.packs)
    _demand(places(packs).keys() >= set(hashes), "some of its pages are in no pack")
    return packs


def _signatures(message: published_pb2.PublishedModel) -> tuple[Signature, ...]:
    _demand(len(message.signatures) <= MOST_SIGNATURES, "it has too many signatures")
    return tuple(Signature.from_bytes(data) for data in message.signatures)


def _demand(holds: bool, said: str) -> None:
    if not holds:
        raise StoreFailed(f"the record of a model is none: {said}")
