"""Choices of rows, said with one operator."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.passes.aten import integer
from aweigh.compiler.passes.replace import before
from aweigh.kernels import mlir


@dataclass(frozen=True, slots=True)
class Rows:
    """`aten.index.Tensor(x, [None, ..., index])` with one index of rank 1 becomes `aten.index_select(x, dimension, index)`.

    The only form that a Program can say, since its operands have no holes. It takes no negative indices: those of the model are brought into
    range; those of an argument are the engine's, which has none.
    """

    name: str = "rows"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for op in read.operations(read.body(function)):
                if op.name == "torch.aten.index.Tensor":
                    _rewrite(op)


def _rewrite(op: Any) -> None:
    entries = read.items(op.operands[1]) or []
    given = [(place, entry) for place, entry in enumerate(entries) if read.constant(entry) is not None]
    if len(given) != 1 or (len(entries) == 1 and given[0][0] == 0 and not _is_vector(given[0][1])):
        return
    place, index = given[0]
    shape = tensors.read(index)
    if not _is_vector(index) or shape is None or shape.dtype.name not in ("INT32", "INT64"):
        return
    with before(op):
        if index not in list(op.block.arguments):
            index = _from_zero(index, op.operands[0], place)
        new = mlir.ir.Operation.create(
            "torch.aten.index_select", results=[op.results[0].type], operands=[op.operands[0], integer(place), index]
        )
    op.results[0].replace_all_uses_with(new.result)
    op.erase()


def _from_zero(index: Any, x: Any, place: int) -> Any:
    """The index with -1 as the last entry, said as a number that is not negative, where the dimension's size is known."""
    shape = tensors.read(x)
    size = None if shape is None else shape.dims[place]
    if size is None:
        return index
    return mlir.ir.Operation.create(
        "torch.aten.remainder.Scalar", results=[index.type], operands=[index, integer(size)]
    ).result


def _is_vector(value: Any) -> bool:
    shape = tensors.read(value)
    return shape is not None and len(shape.dims) == 1
