"""Indices are proved before a kernel follows them: a GPU's kernel that reads beyond a table ends the worker, others read what is there.

Most proofs are made once, from the Program: what `topk` or `arange` gives is below a size. Ids of tokens that are looked up as they
came are compared with the vocabulary when a request is admitted. For every other index the step itself looks at the smallest and the
largest value (`within`): a request beyond the end fails alone, with a sentence, on every device. That costs 5 us on a CPU, and on a GPU
that the host waits for it; a family that looks positions up does it once per step.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.expression import Expression
from aweigh.proto.flat import Flat, Instruction
from aweigh.proto.program import Attribute

# By kind: the places of the table and of the indices among the operands. The dimension is the attribute `dim`, else 0.
_LOOKUPS = {
    "embedding": (1, 0),
    "aten.embedding.default": (0, 1),
    "experts": (3, 1),
    "aten.index_select.default": (0, 1),
    "aten.gather.default": (0, 1),
    "aten.scatter.src": (0, 1),
    "aten.scatter.value": (0, 1),
    "aten.scatter_add.default": (0, 1),
    "aten.index_add.default": (0, 1),
    "aten.index_copy.default": (0, 1),
    "aten.index_fill.int_Scalar": (0, 1),
    "aten.scatter_reduce.two": (0, 1),
}
_LISTED = frozenset(["aten.index.Tensor", "aten.index_put.default"])  # one list operand, an index per leading dimension
_SAME = frozenset(
    [
        "aten.alias.default", "aten.detach.default", "aten.view.default", "aten.reshape.default", "aten.expand.default",
        "aten.permute.default", "aten.transpose.int", "aten.t.default", "aten.unsqueeze.default", "aten.squeeze.dim",
        "aten.squeeze.dims", "aten.slice.Tensor", "aten.select.int", "aten.narrow.default", "aten.flatten.using_ints",
        "aten.unflatten.int", "aten.clone.default", "aten.contiguous.default", "aten.repeat.default", "aten.movedim.int",
        "aten.flip.default", "aten.repeat_interleave.self_int", "aten.gather.default", "aten.split.Tensor", "aten.chunk.default",
        "aten.unbind.int", "aten.split_with_sizes.default", "aten.index_select.default",
    ]
)  # fmt: skip
_RANKED = {
    "aten.topk.default": 1,
    "aten.sort.default": 1,
    "aten.max.dim": 1,
    "aten.min.dim": 1,
    "aten.argsort.default": 0,
}
_WIDE = frozenset([DType.INT32, DType.INT64])
_MASKS = frozenset([DType.BOOL, DType.UINT8])


@dataclass(frozen=True, slots=True)
class Guard:
    """Values of `indices` have to be below `size`, and not below 0, or with `wraps` not below -size."""

    indices: int
    size: Attribute
    wraps: bool = False


class Bounds:
    """What is known of the integers of a flat function."""

    def __init__(self, flat: Flat) -> None:
        self._flat = flat
        self._maker = {value: instruction for instruction in flat.instructions for value in instruction.results}
        self._below: dict[int, int | None] = {}

    def guards(self, instruction: Instruction) -> list[Guard]:
        """What has to be looked at before an instruction runs."""
        return [guard for guard in self._all(instruction) if not self._proved(guard, instruction)]

    def _all(self, instruction: Instruction) -> list[Guard]:
        operands, attributes = instruction.operands, dict(instruction.attributes)
        if instruction.kind in _LOOKUPS:
            table, indices = (operands[place] for place in _LOOKUPS[instruction.kind])
            assert isinstance(table, int) and isinstance(indices, int), "the shape check has seen to it"
            return [Guard(indices, self._size(table, attributes.get("dim", 0)))]
        if instruction.kind == "aten.one_hot.default" and isinstance(operands[0], int):
            return [Guard(operands[0], attributes.get("num_classes", -1))]
        if instruction.kind in _LISTED and isinstance(operands[0], int) and isinstance(operands[1], tuple):
            return [
                Guard(value, self._size(operands[0], place), wraps=True)
                for place, value in enumerate(operands[1])
                if self._flat.types[value].dtype not in _MASKS
            ]
        return []

    def _size(self, value: int, dimension: Attribute) -> Expression:
        dims = self._flat.types[value].dims
        return dims[dimension] if dims and isinstance(dimension, int) else 1

    def _proved(self, guard: Guard, instruction: Instruction) -> bool:
        if instruction.kind in ("embedding", "aten.embedding.default") and self._is_vocabulary(guard, instruction):
            return True
        below = self.below(guard.indices)
        return below is not None and isinstance(guard.size, int) and below <= guard.size

    def _is_vocabulary(self, guard: Guard, instruction: Instruction) -> bool:
        """The same as `Structure.vocabulary` goes by."""
        inputs = self._flat.function.inputs
        table = self._maker.get(instruction.operands[_LOOKUPS[instruction.kind][0]])  # type: ignore[arg-type]
        known = table is not None and table.kind == "weight"
        return known and guard.indices < len(inputs) and inputs[guard.indices].name == "token_ids"

    def below(self, value: int) -> int | None:
        """A number that every element is below, none being negative; None where nobody knows."""
        if value not in self._below:
            self._below[value] = None  # values are made in order, so this is never read meanwhile
            made = self._maker.get(value)
            if made is not None and self._flat.types[value].dtype in _WIDE:
                self._below[value] = self._of(made, made.results.index(value))
        return self._below[value]

    def _of(self, made: Instruction, place: int) -> int | None:
        attributes = dict(made.attributes)
        first = made.operands[0] if made.operands and isinstance(made.operands[0], int) else None
        if made.kind in _SAME or made.kind == "aten._to_copy.default":
            return None if first is None else self.below(first)
        if made.kind in _RANKED and place == _RANKED[made.kind] and first is not None:
            size = self._size(first, attributes.get("dim", -1))
            return size if isinstance(size, int) else None
        if made.kind == "aten.arange.default":
            end = attributes.get("end")
            return max(end, 1) if isinstance(end, int) and not isinstance(end, bool) else None
        if made.kind in ("aten.cat.default", "aten.stack.default") and isinstance(made.operands[0], tuple):
            known = [below for operand in made.operands[0] if (below := self.below(operand)) is not None]
            return max(known) if known and len(known) == len(made.operands[0]) else None
        if made.kind == "aten.clamp.default":
            low, high = attributes.get("min"), attributes.get("max")
            return high + 1 if isinstance(low, int) and isinstance(high, int) and 0 <= low <= high else None
        return None


def within(indices: Tensor, size: int, wraps: bool) -> Tensor:
    """The indices, once they were looked at. Raises InvalidRequest."""
    if indices.numel():
        low, high = torch.stack(torch.aminmax(indices)).tolist()
        if high >= size or low < (-size if wraps else 0):
            raise InvalidRequest(
                f"index {high if high >= size else low} is outside a table of the model, which has {size} rows: "
                "a token or a position is too large"
            )
    return indices
