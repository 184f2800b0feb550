"""Operations of the torch dialect that passes make, all over the first dimension."""

from collections.abc import Sequence
from typing import Any

from aweigh.compiler.dialect import tensors
from aweigh.compiler.dialect.build import pack
from aweigh.kernels import mlir


def integer(value: int) -> Any:
    ir = mlir.ir
    number = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)
    return ir.Operation.create(
        "torch.constant.int", results=[ir.Type.parse("!torch.int")], attributes={"value": number}
    ).result


def integers(values: Sequence[int]) -> Any:
    ir = mlir.ir
    return ir.Operation.create(
        "torch.prim.ListConstruct",
        results=[ir.Type.parse("!torch.list<int>")],
        operands=[integer(value) for value in values],
    ).result


def unsqueezed(value: Any) -> Any:
    """[1, ...] of [...]."""
    shape = _shape(value)
    return _create("torch.aten.unsqueeze", (1, *shape.dims), shape, [value, integer(0)])


def narrowed(value: Any, count: int) -> Any:
    """The first `count` entries."""
    shape = _shape(value)
    operands = [value, integer(0), integer(0), integer(count), integer(1)]
    return _create("torch.aten.slice.Tensor", (count, *shape.dims[1:]), shape, operands)


def cat(values: Sequence[Any]) -> Any:
    """One behind the other."""
    shape = _shape(values[0])
    total = sum(_shape(value).dims[0] or 0 for value in values)
    return _create("torch.aten.cat", (total, *shape.dims[1:]), shape, [pack(values), integer(0)])


def alternated(values: Sequence[Any]) -> Any:
    """[N * G, ...] of G values [N, ...]: the first of each, then the second of each, and so on."""
    shape = _shape(values[0])
    count, *rest = shape.dims
    assert count is not None
    stacked = _create("torch.aten.stack", (count, len(values), *rest), shape, [pack(values), integer(1)])
    free = [-1 if dim is None else dim for dim in rest]
    merged = [stacked, integers([count * len(values), *free])]
    return _create("torch.aten.reshape", (count * len(values), *rest), shape, merged)


def _create(name: str, dims: Sequence[int | None], like: tensors.TensorShape, operands: Sequence[Any]) -> Any:
    kind = tensors.write(tensors.TensorShape(tuple(dims), like.dtype))
    return mlir.ir.Operation.create(name, results=[kind], operands=list(operands)).result


def _shape(value: Any) -> tensors.TensorShape:
    shape = tensors.read(value)
    assert shape is not None
    return shape
