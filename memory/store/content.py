"""What a stored model is, whatever it is called and wherever it lies: 32 bytes that a signature is over.

The digest in the catalog (rows.py) tells whether rows were damaged; it has the name in it and is of this version's making. This one crosses machines
and years, so its encoding is fixed: written out here, every part with its length or count before it (no two models have the same bytes), numbers as
8 bytes little-endian, texts in UTF-8, hashed with BLAKE3 under a context that names encoding and version. It covers every tensor (name, dtype,
shape, where it lies), every extent, the hash of every page, and the digest of every small file. It leaves out what differs between two stores
that hold the same: names, slots, times, and the Program's fingerprint, which changes with the compiler.
"""

from collections.abc import Iterable, Mapping, Sequence

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.rows import Rows, StoredTensor
from aweigh.proto.errors import StoreFailed

CONTEXT = "Aweigh 2026-11-22 content of a stored model v1"
_NOWHERE = (1 << 64) - 1
_DIGEST_BYTES = 32


def content_of(rows: Rows) -> bytes:
    """Of a model as it was read. Raises StoreFailed: somebody wrote other things into the catalog than a publish does."""
    hashes = [page.hash for page in rows.pages]
    try:
        return content_digest(rows.tensors, [length for _, length in rows.extents], hashes, rows.assets)
    except (TypeError, ValueError, OverflowError, AttributeError):
        raise StoreFailed(f"the catalog says of {rows.name} what no publish writes: publish it again") from None


def content_digest(
    tensors: Iterable[StoredTensor], lengths: Sequence[int], hashes: Sequence[bytes], assets: Mapping[str, bytes]
) -> bytes:
    """`lengths`: of the extents, in order; `hashes`: of all their pages, in order; `assets`: digests of the small files by path."""
    hasher = blake3(derive_key_context=CONTEXT)
    rows = sorted(tensors, key=lambda tensor: tensor.name)
    hasher.update(_number(len(rows)))
    for tensor in rows:
        extent = _NOWHERE if tensor.extent is None else tensor.extent
        numbers = (len(tensor.shape), *tensor.shape, extent, tensor.offset, tensor.length)
        hasher.update(_text(tensor.name) + _text(tensor.dtype) + b"".join(map(_number, numbers)))
    hasher.update(_number(len(lengths)))
    at = 0
    for length in lengths:
        pages = hashes[at : at + -(-length // PAGE_BYTES)]
        at += len(pages)
        hasher.update(_number(length) + _number(len(pages)) + b"".join(map(_digest, pages)))
    if at != len(hashes):
        raise ValueError("a page is of no extent")
    hasher.update(_number(len(assets)))
    for path, digest in sorted(assets.items()):
        hasher.update(_text(path) + _digest(digest))
    return hasher.digest()


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little")


def _digest(value: bytes) -> bytes:
    if len(value) != _DIGEST_BYTES:
        raise ValueError("a digest has another length")
    return value


def _text(value: str) -> bytes:
    data = value.encode()
    return _number(len(data)) + data
