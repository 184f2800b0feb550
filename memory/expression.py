"""From a manifest's expression to a tensor: a view of the file where that is possible, bytes made once where it is not.

Two steps. `plan` proves the expression against what the leaves' sources say (every shape, dimension and dtype) without touching a byte,
and says whether the result is a view. `evaluate` computes it. So a manifest that lies is refused before anything is mapped.

What is made is named by the digest of the expression over the identities of its sources, so two models that need the same
concatenation of the same tensors share it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from blake3 import blake3
from torch import Tensor

from aweigh.memory.core import Extent
from aweigh.memory.sources import Leaf, Place, Sources
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.program import (
    Cast,
    Chunk,
    Concatenate,
    Content,
    FileBytes,
    Permute,
    Stack,
    View,
    WeightExpression,
)
from aweigh.proto.program import Tensor as Literal

MAX_DEPTH = 32
MAX_SOURCES = 4_096
# A join may have so many times the bytes of all files and contents (a cast makes four of one), and what literals may bring.
JOIN_FACTOR = 4
JOIN_SPARE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What an expression will be. `source` is the one leaf that a view shows, None where bytes are made."""

    dtype: DType
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int  # in elements of the source
    source: Place | None
    digest: bytes

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.size

    @property
    def kernel_ready(self) -> bool:
        """Whether kernels may read it as it lies: the last dimension is contiguous."""
        return not self.shape or self.shape[-1] <= 1 or self.strides[-1] == 1

    @property
    def extent(self) -> Extent:
        """The extent of the bytes that are made for it."""
        return Extent(f"made:{self.digest.hex()}", 0, self.bytes)


def plan(expression: WeightExpression, where: Sources, depth: int = 0) -> Plan:
    """Raises CheckpointInvalid in one sentence where the expression does not fit what it reads."""
    if depth > MAX_DEPTH:
        raise CheckpointInvalid(f"a weight expression of the manifest is nested more than {MAX_DEPTH} deep")
    match expression:
        case str() | Content() | FileBytes():
            return _plan_leaf(expression, where)
        case Literal():
            return _made(expression.dtype, expression.shape, b"literal", expression.data)
        case Permute(source, order):
            return _plan_permute(plan(source, where, depth + 1), order)
        case View(source, shape):
            return _plan_view(plan(source, where, depth + 1), shape)
        case Chunk(source, dimension, start, length):
            return _plan_chunk(plan(source, where, depth + 1), dimension, start, length)
        case Cast(source, dtype):
            inner = plan(source, where, depth + 1)
            return inner if inner.dtype is dtype else _made(dtype, inner.shape, b"cast", bytes([dtype]), inner.digest)
        case Stack(sources, dimension) | Concatenate(sources, dimension):
            _require(0 < len(sources) <= MAX_SOURCES, f"a join of {len(sources)} tensors")
            inners = [plan(source, where, depth + 1) for source in sources]
            joined = _plan_join(inners, dimension, stack=isinstance(expression, Stack))
            # It is made in full, also where a chunk of it is all that a slot shows: one tensor a thousand times is a trap.
            most = JOIN_FACTOR * where.size + JOIN_SPARE_BYTES
            _require(joined.bytes <= most, f"a join of {joined.bytes} bytes")
            return joined


def evaluate(expression: WeightExpression, read: Callable[[Leaf], Tensor]) -> Tensor:
    """The value of an expression that `plan` accepted; `read` gives what leaves hold."""
    match expression:
        case str() | Content() | FileBytes():
            return read(expression)
        case Literal():
            data = bytearray(expression.data) or bytearray(1)
            flat = torch.frombuffer(data, dtype=torch.uint8)[: len(expression.data)]
            return flat.view(getattr(torch, expression.dtype.torch_name)).view(expression.shape)
        case Permute(source, order):
            return evaluate(source, read).permute(order)
        case View(source, shape):
            return evaluate(source, read).reshape(shape)
        case Chunk(source, dimension, start, length):
            return evaluate(source, read).narrow(dimension, start, length)
        case Cast(source, dtype):
            return evaluate(source, read).to(getattr(torch, dtype.torch_name))
        case Stack(sources, dimension):
            return torch.stack([evaluate(source, read) for source in sources], dimension)
        case Concatenate(sources, dimension):
            return torch.cat([evaluate(source, read) for source in sources], dimension)


def contents_of(expression: WeightExpression) -> list[bytes]:
    """The digests of the contents that an expression reads."""
    match expression:
        case Content(digest):
            return [digest]
        case str() | Literal() | FileBytes():
            return []
        case Stack(sources) | Concatenate(sources):
            return [digest for source in sources for digest in contents_of(source)]
        case _:
            return contents_of(expression.source)


def _plan_leaf(leaf: Leaf, where: Sources) -> Plan:
    place = where.place(leaf)
    digest = _digest(b"tensor", place.extent.name.encode(), bytes([place.dtype]), str(place.shape).encode())
    # A tensor that does not start at a multiple of its element's size can only be copied.
    source = place if place.extent.offset % place.dtype.size == 0 else None
    return Plan(place.dtype, place.shape, _contiguous(place.shape), 0, source, digest)


def _plan_permute(inner: Plan, order: tuple[int, ...]) -> Plan:
    _require(sorted(order) == list(range(len(inner.shape))), f"a permutation {list(order)} of {len(inner.shape)} dims")
    return Plan(
        inner.dtype,
        tuple(inner.shape[dim] for dim in order),
        tuple(inner.strides[dim] for dim in order),
        inner.offset,
        inner.source,
        _digest(b"permute", inner.digest, str(order).encode()),
    )


def _plan_view(inner: Plan, shape: tuple[int, ...]) -> Plan:
    good = all(0 <= dim < 1 << 62 for dim in shape) and len(shape) <= 12 and math.prod(shape) == math.prod(inner.shape)
    _require(good, f"a view of {list(inner.shape)} as {list(shape)}")
    source = inner.source if inner.strides == _contiguous(inner.shape) else None
    digest = _digest(b"view", inner.digest, str(shape).encode())
    return Plan(inner.dtype, shape, _contiguous(shape), inner.offset, source, digest)


def _plan_chunk(inner: Plan, dimension: int, start: int, length: int) -> Plan:
    good = dimension < len(inner.shape) and start + length <= inner.shape[dimension]
    _require(good, f"elements {start} to {start + length} of dimension {dimension} of {list(inner.shape)}")
    shape = (*inner.shape[:dimension], length, *inner.shape[dimension + 1 :])
    return Plan(
        inner.dtype,
        shape,
        inner.strides,
        inner.offset + start * inner.strides[dimension],
        inner.source,
        _digest(b"chunk", inner.digest, f"{dimension} {start} {length}".encode()),
    )


def _plan_join(inners: list[Plan], dimension: int, *, stack: bool) -> Plan:
    first = inners[0]
    _require(all(inner.dtype is first.dtype for inner in inners), "a join of tensors of different dtypes")
    if stack:
        _require(all(inner.shape == first.shape for inner in inners), "a stack of tensors of different shapes")
        _require(dimension <= len(first.shape), f"a stack along dimension {dimension}")
        shape = (*first.shape[:dimension], len(inners), *first.shape[dimension:])
    else:
        _require(dimension < len(first.shape), f"a concatenation along dimension {dimension}")
        rest = [(*inner.shape[:dimension], *inner.shape[dimension + 1 :]) for inner in inners]
        _require(all(other == rest[0] for other in rest), "a concatenation of tensors of different shapes")
        joined = sum(inner.shape[dimension] for inner in inners)
        shape = (*first.shape[:dimension], joined, *first.shape[dimension + 1 :])
    name = b"stack" if stack else b"concatenate"
    return _made(first.dtype, shape, name, str(dimension).encode(), *(inner.digest for inner in inners))


def _made(dtype: DType, shape: tuple[int, ...], *parts: bytes) -> Plan:
    return Plan(dtype, shape, _contiguous(shape), 0, None, _digest(*parts, bytes([dtype]), str(shape).encode()))


def _contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides: list[int] = []
    step = 1
    for dim in reversed(shape):
        strides.append(step)
        step *= max(dim, 1)
    return tuple(reversed(strides))


def _digest(*parts: bytes) -> bytes:
    hasher = blake3()
    for part in parts:
        hasher.update(len(part).to_bytes(8, "little"))
        hasher.update(part)
    return hasher.digest(16)


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise CheckpointInvalid(f"the manifest asks for {what}, which the checkpoint does not have")
