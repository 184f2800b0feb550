"""Choices of rows, said with one operator."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.kernels import mlir


@dataclass(frozen=True, slots=True)
class Rows:
    """`aten.index.Tensor(x, [None, ..., index])` with one index of rank 1 becomes `aten.index_select(x, dimension, index)`.

    Equal for indices that are not negative, and the only form that a Program can say: its operands have no holes.
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
    with mlir.ir.InsertionPoint(op), op.location:
        dimension = mlir.ir.Operation.create(
            "torch.constant.int",
            results=[mlir.ir.Type.parse("!torch.int")],
            attributes={"value": mlir.ir.IntegerAttr.get(mlir.ir.IntegerType.get_signless(64), place)},
        ).result
        new = mlir.ir.Operation.create(
            "torch.aten.index_select", results=[op.results[0].type], operands=[op.operands[0], dimension, index]
        )
    op.results[0].replace_all_uses_with(new.result)
    op.erase()


def _is_vector(value: Any) -> bool:
    shape = tensors.read(value)
    return shape is not None and len(shape.dims) == 1
