"""Halves of the last dimension, and their quarter turn: the pieces of rotary embeddings."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.passes.pattern import anything, bind, equals, listed, op

_HALVES = op("torch.aten.cat", listed(op("torch.aten.neg", bind("second")), bind("first")), equals(-1, 3))
_STACKED = op("torch.aten.stack", listed(op("torch.aten.neg", bind("second")), bind("first")), equals(-1, 4))
_COMBED = op(("torch.aten.reshape", "torch.aten.flatten.using_ints"), _STACKED, anything)


@dataclass(frozen=True, slots=True)
class Source:
    """What is turned, and whether its pairs are neighbours."""

    x: Any
    interleaved: bool


def turned(value: Any) -> Source | None:
    """The x of cat(-x[R/2:], x[:R/2]), or of stack(-x[1::2], x[0::2]) flattened."""
    found = _HALVES(value, {})
    if found is not None:
        x = part_of(found["first"], 0)
        return Source(x, False) if x is not None and part_of(found["second"], 1) == x else None
    found = _COMBED(value, {})
    if found is not None:
        x = _comb_of(found["first"], 0)
        same = x is not None and _comb_of(found["second"], 1) == x and tensors.read(x) == tensors.read(value)
        return Source(x, True) if same else None
    return None


def part_of(value: Any, which: int) -> Any | None:
    """x, if `value` is the lower (0) or upper (1) half of its last dimension."""
    maker = read.producer(value)
    if maker is None:
        return None
    if maker.name == "torch.prim.ListUnpack" and len(maker.results) == 2 and value == maker.results[which]:
        cut = read.producer(maker.operands[0])
        return cut.operands[0] if cut is not None and _cut_in_two(cut, value) else None
    if maker.name != "torch.aten.slice.Tensor":
        return None
    size = _last(maker.operands[0])
    dimension, start, end, step = (read.constant(item) for item in list(maker.operands)[1:])
    if size is None or not _is_last(dimension, maker.operands[0]) or step != 1 or not isinstance(end, int):
        return None
    bounds = (start, min(end, size))
    return maker.operands[0] if bounds == ((0, size // 2), (size // 2, size))[which] else None


def _comb_of(value: Any, which: int) -> Any | None:
    """x, if `value` is every second feature of it, from `which` on."""
    maker = read.producer(value)
    if maker is None or maker.name != "torch.aten.slice.Tensor":
        return None
    size = _last(maker.operands[0])
    dimension, start, end, step = (read.constant(item) for item in list(maker.operands)[1:])
    whole = size is not None and isinstance(end, int) and end >= size and step == 2 and start == which
    return maker.operands[0] if whole and _is_last(dimension, maker.operands[0]) else None


def _cut_in_two(cut: Any, value: Any) -> bool:
    size, piece = _last(cut.operands[0]), _last(value)
    kinds = ("torch.aten.split.Tensor", "torch.aten.chunk", "torch.aten.split_with_sizes")
    last = _is_last(read.constant(cut.operands[2]), cut.operands[0]) if cut.name in kinds else False
    return last and size is not None and piece is not None and size == 2 * piece


def _last(value: Any) -> int | None:
    shape = tensors.read(value)
    return None if shape is None or not shape.dims else shape.dims[-1]


def _is_last(dimension: Any, value: Any) -> bool:
    shape = tensors.read(value)
    return shape is not None and dimension in (-1, len(shape.dims) - 1)
