"""Integers in IR as expressions over the symbols of a function.

`torch.aten.size.int` reads a dimension of a tensor whose dimensions are known as expressions; arithmetic on the results is folded by
`aweigh.proto.expression.combine`. So no op of a Program computes an integer.
"""

from collections.abc import Callable
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import Repeated, attributes
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.expression import Expression, Operator, combine
from aweigh.proto.program import Attribute, Table

_BINARY = {
    "torch.aten.add.int": Operator.ADD,
    "torch.aten.sub.int": Operator.SUBTRACT,
    "torch.aten.mul.int": Operator.MULTIPLY,
    "torch.aten.floordiv.int": Operator.FLOOR_DIVIDE,
    "torch.aten.remainder.int": Operator.MODULO,
    "torch.aten.fmod.int": Operator.MODULO,  # the importer's word for Python's `%`
    "torch.prim.min.int": Operator.MINIMUM,
    "torch.prim.max.int": Operator.MAXIMUM,
}


class Scalars:
    """Evaluates values of IR that are no tensors."""

    def __init__(self, dims: Callable[[Any], tuple[Expression, ...]]) -> None:
        """`dims` answers the dimensions of a tensor value."""
        self._dims = dims
        self._known: dict[Any, Attribute | None] = {}

    def evaluate(self, value: Any) -> Attribute | None:
        """A constant, an expression, a table, a tuple of these, or None for `torch.constant.none`.

        Raises:
            UnsupportedModel: the value is computed from tensors, so that no shape can depend on it.
        """
        if value not in self._known:
            self._known[value] = self._evaluate(value)
        return self._known[value]

    def _evaluate(self, value: Any) -> Attribute | None:
        fixed = read.constant(value)
        if fixed is not read.UNKNOWN:
            return _frozen(fixed)
        op = read.producer(value)
        kind = "an argument" if op is None else read.kind(op)
        if op is not None and kind == "torch.prim.ListConstruct":
            return tuple(self._item(item) for item in op.operands)
        if op is not None and kind == "torch.aten.size.int":
            return self._dims(op.operands[0])[self._item(op.operands[1])]  # type: ignore[index]
        if op is not None and kind == "torch.aten.neg.int":
            return combine(Operator.SUBTRACT, 0, self._integer(op.operands[0]))
        if op is not None and kind in _BINARY:
            return combine(_BINARY[kind], self._integer(op.operands[0]), self._integer(op.operands[1]))
        if op is not None and kind == "aweigh.constant":
            return _frozen(attributes(op)["value"])
        raise UnsupportedModel(f"a size or number comes from {kind}, which a Program cannot compute.")

    def _item(self, value: Any) -> Attribute:
        answer = self.evaluate(value)
        assert answer is not None, "a list holds None"
        return answer

    def _integer(self, value: Any) -> Expression:
        answer = self._item(value)
        if isinstance(answer, bool | float | str | tuple | Table):
            raise UnsupportedModel("a size is computed from something that is no integer.")
        return answer


def _frozen(value: Any) -> Attribute | None:
    if isinstance(value, Repeated):
        return Table(tuple(_item(item) for item in value))
    if isinstance(value, list):
        return tuple(_item(item) for item in value)
    answer: Attribute | None = value
    return answer


def _item(value: Any) -> Attribute:
    answer = _frozen(value)
    assert answer is not None
    return answer
